/** « Les règles du contrat », open to everybody: what the calculation does, from the very files that check it, and how each thing is known. */
import {
  amountRule,
  amountsOf,
  anchorOf,
  articleState,
  type FormulaLine,
  formulasOf,
  headingNames,
  national,
  type Origin,
  partNames,
  type ReadableRule,
  type Row,
  readableRules,
  sayArticle,
  sources,
  type TextId,
  textNames,
} from '#domain/contract/index.ts'
import { aciSizes } from '#domain/size.ts'
import { open } from '#platform/access.ts'
import { ownText } from '#platform/own-files.ts'
import { sitePage } from '#platform/page.ts'
import { DataTable, Disclosure, frEuros, Notice, OnThisPage, P, PageTitle, plural, Section, typo } from '#platform/ui/index.ts'
import { missionLabel } from '../rules.ts'
import { From } from './words.tsx'

const file = (name: string) => ownText(`domain/contract/rules.publicodes/${name}.publicodes`)
const formulaFiles = [
  ['versements', 'ce qui est dû, et quand'],
  ['variable', 'la part variable'],
  ['indicateur', 'un indicateur'],
] as const
const formulasIn = (name: string) => readableRules(file(name), ...formulaFiles.map(([other]) => file(other)))
export const RULES_PATH = '/regles-du-contrat'

/** Each amount of the national table once, with its rows of every size and text. */
const amounts = (): { rule: string; rows: Row[] }[] => {
  const names = [...new Set(national.rows.map(r => amountRule(r.heading, r.part, r.period)))]
  return names.map(rule => ({ rule, rows: national.rows.filter(r => amountRule(r.heading, r.part, r.period) === rule) }))
}
const texts: readonly TextId[] = ['aci-2019', 'avenant-2']

export const rulesPage = sitePage({
  path: RULES_PATH,
  title: 'Les règles du contrat',
  access: open,
  show(ctx) {
    const slug = ctx.query.get('cpts') ?? ''
    const home = /^[a-z0-9]([a-z0-9-]{0,60}[a-z0-9])?$/.test(slug) ? `/c/${slug}` : null
    const rules = national.rules
    const read = [...national.rows, ...rules].filter(r => articleState(r.origin) === 'read').length
    const all = national.rows.length + rules.length
    return (
      <>
        <PageTitle
          title="Les règles du contrat"
          back={home ? { label: 'Argent du contrat', href: `${home}/contrat/argent` } : undefined}
          lead="Ce que calcule Trame pour une CPTS sous accord conventionnel (ACI), et comment chaque chose est connue. Cette page ne montre aucune communauté."
        />
        <Notice tone="wait" title={`${read} articles lus, sur ${all} montants et règles`}>
          {
            '« Publié » : lu dans une source. « Déduit » : calculé à partir de sources. « Supposé » : aucune source lue ne l’établit ; l’annexe du contrat signé, une fois saisie, l’emporte. « Article non lu » : le texte lui-même n’a pas pu être lu.'
          }
        </Notice>
        <OnThisPage
          sections={[
            { title: 'Les règles de versement' },
            { title: 'Les montants' },
            { title: 'Les totaux annoncés', id: 'totaux' },
            { title: 'Les délais des missions', id: 'delais' },
            ...formulaFiles.map(([, title]) => ({ title: `Les formules : ${title}` })),
          ]}
        />
        <Section title="Les règles de versement" count={rules.length}>
          {rules.map(r => (
            <article id={`regle-${r.id}`} class="rule">
              <P>
                {r.says} <From provenance={r.origin.provenance} />
              </P>
              <Known origin={r.origin} />
              {formulasOf[r.id].length > 0 && (
                <p class="note">
                  {typo('Formules : ')}
                  {formulasOf[r.id].map((name, i) => (
                    <>
                      {i > 0 && ', '}
                      <a href={`#formule-${anchorOf(name)}`}>{titleOf(name)}</a>
                    </>
                  ))}
                </p>
              )}
              <Back home={home} />
            </article>
          ))}
        </Section>
        <Section title="Les montants" count={amounts().length} lead="Par an et au plus, selon la taille de la communauté.">
          {amounts().map(a => (
            <Amount home={home} rule={a.rule} rows={a.rows} />
          ))}
        </Section>
        <Totals />
        <Delays />
        {formulaFiles.map(([name, title]) => (
          <Formulas title={title} rules={formulasIn(name)} />
        ))}
      </>
    )
  },
})

const sizeText = ({ text, size }: { text: TextId; size: number }) => `Taille\u00a0${size}, ${textNames[text]}`
const titleOf = (name: string): string => formulaFiles.flatMap(([name]) => formulasIn(name)).find(r => r.name === name)?.title ?? name

/** Shown where somebody arrived from an amount (`:target`): elsewhere the head of the page has it. */
function Back({ home }: { home: string | null }) {
  return (
    home && (
      <p class="note way-back">
        <a href={`${home}/contrat/argent#explique`}>Revenir à « Chaque euro expliqué »</a>
      </p>
    )
  )
}
/** The article, the sources, the note: the same words as under an amount. */
function Known({ origin: o }: { origin: Origin }) {
  return (
    <ul class="note">
      <li>{typo(sayArticle(o))}</li>
      {o.sources.map(id => (
        <li>{typo(sources[id] ? `${sources[id].title}${sources[id].where ? ` (${sources[id].where})` : ''}` : id)}</li>
      ))}
      {o.note && <li>{typo(o.note)}</li>}
    </ul>
  )
}

function Amount({ home, rule, rows }: { home: string | null; rule: string; rows: Row[] }) {
  const { heading, part } = rows[0]!
  const title = heading === 'running' ? headingNames.running : `${headingNames[heading]}, ${partNames[part]}`
  const period = { 'first-year': ' (première année)', 'later-year': ' (années suivantes)', event: '', year: '' }[rows[0]!.period]
  const lines = texts.flatMap(text => {
    const said = amountsOf(file('montants'), rule, text)
    return aciSizes.map(size => ({ text, size, cents: said[size], row: rows.find(r => r.text === text && r.size === size) }))
  })
  // The crisis mission exists since amendment 2 only.
  const shown = lines.filter(l => lines.some(o => o.text === l.text && o.row))
  return (
    <article id={anchorOf(rule)} class="rule">
      <h3>{title + period}</h3>
      <DataTable
        caption={`${title}, par taille`}
        captionHidden
        rows={shown}
        columns={[
          { key: 'text', label: 'Texte', cell: l => sizeText(l) },
          { key: 'cents', label: 'Montant', numeric: true, cell: l => (l.row && l.cents !== null ? frEuros(l.cents) : 'inconnu') },
          { key: 'known', label: 'Connu', cell: l => (l.row ? <From provenance={l.row.origin.provenance} /> : '') },
          { key: 'article', label: 'Article', cell: l => (l.row ? typo(sayArticle(l.row.origin)) : '') },
          {
            key: 'sources',
            label: 'Sources',
            cell: l =>
              l.row && typo([...l.row.origin.sources.map(id => sources[id]?.title ?? id), l.row.origin.note].filter(Boolean).join(' ; ')),
          },
        ]}
      />
      <Back home={home} />
    </article>
  )
}
function Totals() {
  return (
    <Section
      title="Les totaux annoncés"
      count={national.totals.length}
      id="totaux"
      lead="Comparés à la somme des montants ; ils ne la remplacent jamais."
    >
      <DataTable
        caption="Totaux annoncés par une source"
        captionHidden
        rows={[...national.totals]}
        columns={[
          { key: 'text', label: 'Texte', cell: t => sizeText(t) },
          { key: 'with', label: 'Compensation des soins non programmés', cell: t => (t.compensation ? 'comprise' : 'non comprise') },
          { key: 'cents', label: 'Total', numeric: true, cell: t => `${frEuros(t.cents)}${t.rounded ? ' (arrondi)' : ''}` },
          { key: 'article', label: 'Article', cell: t => typo(sayArticle(t.origin)) },
          { key: 'sources', label: 'Sources', cell: t => typo(t.origin.sources.map(id => sources[id]?.title ?? id).join(' ; ')) },
        ]}
      />
    </Section>
  )
}
function Delays() {
  return (
    <Section title="Les délais des missions" count={national.delays.length} id="delais" lead="Comptés depuis la signature.">
      <DataTable
        caption="Délais de démarrage et de déploiement"
        captionHidden
        rows={[...national.delays]}
        columns={[
          { key: 'mission', label: 'Mission', cell: d => missionLabel(d.mission) },
          { key: 'start', label: 'Démarrer', cell: d => plural(d.start, 'mois', 'mois') },
          { key: 'deployed', label: 'Déployer', cell: d => plural(d.deployed, 'mois', 'mois') },
          { key: 'article', label: 'Article', cell: d => typo(sayArticle(d.origin)) },
        ]}
      />
    </Section>
  )
}

/** Lines under lines as lists inside lists. */
function Lines({ lines }: { lines: readonly FormulaLine[] }) {
  return (
    <ul class="formula">
      {lines.map(l => (
        <li class={`depth-${Math.min(l.depth, 3)}`}>{typo(l.text)}</li>
      ))}
    </ul>
  )
}
/** What is given, then what is computed; a formula of one line is read without opening anything. */
function Formulas({ title, rules }: { title: string; rules: readonly ReadableRule[] }) {
  const given = rules.filter(r => r.formula.length === 0)
  const computed = rules.filter(r => r.formula.length > 0)
  return (
    <Section
      title={`Les formules : ${title}`}
      count={computed.length}
      lead="Écrites en publicodes, d’après les sources, sans lire le moteur : les tests exigent les mêmes centimes des deux."
    >
      {given.length > 0 && (
        <Disclosure summary={`Ce qui est donné : ${plural(given.length, 'valeur', 'valeurs')}`}>
          <ul class="formula">
            {given.map(r => (
              <li id={`formule-${r.anchor}`}>{typo(`${r.title}${r.unless === null ? '' : ` ; sans elle : ${r.unless}`}`)}</li>
            ))}
          </ul>
        </Disclosure>
      )}
      {computed.map(r => (
        <Formula rule={r} />
      ))}
    </Section>
  )
}
function Formula({ rule: r }: { rule: ReadableRule }) {
  const [only, more] = r.formula
  return (
    <div id={`formule-${r.anchor}`} class="rule">
      {only && !more ? (
        <P>
          <strong>{r.title}</strong> = {only.text}
        </P>
      ) : (
        <Disclosure summary={r.title}>
          <Lines lines={r.formula} />
        </Disclosure>
      )}
      {r.says && <P muted>{r.says}</P>}
    </div>
  )
}
