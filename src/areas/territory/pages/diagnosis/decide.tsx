/** A file of figures that was given: shown with what it would change, then written, given up, or taken back as a whole. */
import { notFound } from '#platform/errors.ts'
import { isUuid } from '#platform/ids.ts'
import { action, type Ctx, type Html, type Outcome, page, type Refused } from '#platform/page.ts'
import {
  Button,
  Count,
  DataTable,
  Empty,
  Facts,
  Filters,
  FormView,
  frDate,
  Notice,
  Pager,
  PageTitle,
  plural,
  Section,
  Tag,
  type Tone,
  typo,
} from '#platform/ui/index.ts'
import { agreeForm, decideForm, withdrawForm } from '../../fields.ts'
import { type Effect, type FigureInput, indicatorOf, placeName } from '../../rules.ts'
import {
  commitImport,
  type FigureImport,
  figureImportOf,
  giveUpImport,
  importBytes,
  type PlannedLine,
  type Reading,
  readImport,
  territory,
  withdrawFigures,
} from '../../store.ts'
import { at, figureText, writers } from './words.tsx'

const effects: Record<Effect, { word: string; plural: string; tone: Tone; says: string }> = {
  new: { word: 'Nouveau', plural: 'Nouveaux', tone: 'ok', says: 'aucun chiffre de cette source' },
  changed: {
    word: 'Change',
    plural: 'Changent',
    tone: 'wait',
    says: 'remplace à l’écran le chiffre de la même source, qui reste dans l’historique',
  },
  confirmed: { word: 'Confirme', plural: 'Confirment', tone: 'ok', says: 'le même chiffre, lu plus tard' },
  older: { word: 'Plus ancien', plural: 'Plus anciens', tone: 'neutral', says: 'rejoint l’historique sans rien changer' },
  same: { word: 'Déjà là', plural: 'Déjà là', tone: 'neutral', says: 'n’est pas écrit' },
}
const views = ['refuse', 'nouveau', 'change', 'confirme', 'ancien', 'meme', 'contredit'] as const
type View = (typeof views)[number]
const effectOf: Partial<Record<View, Effect>> = { nouveau: 'new', change: 'changed', confirme: 'confirmed', ancien: 'older', meme: 'same' }
const PAGE = 50

async function theirs(ctx: Pick<Ctx<'/c/:cpts/diagnostic/imports/:id'>, 'tx' | 'params'>): Promise<FigureImport> {
  const found = isUuid(ctx.params.id) ? await figureImportOf(ctx.tx, ctx.params.id) : null
  if (!found) throw notFound()
  return found
}
export const decidePage = page({
  path: '/c/:cpts/diagnostic/imports/:id',
  title: 'Fichier de chiffres',
  access: writers,
  form: decideForm,
  async show(ctx, refused) {
    const i = await theirs(ctx)
    const path = at(ctx, `/imports/${i.id}`)
    const title = (
      <PageTitle
        title={i.file.name}
        back={{ label: 'Importer des chiffres', href: at(ctx, '/importer') }}
        lead={`Donné par ${i.by}, le ${frDate(i.at)}.`}
      />
    )
    if (i.closed) return <Closed ctx={ctx} i={i} path={path} title={title} refused={refused} />
    return (
      <Preview
        ctx={ctx}
        title={title}
        path={path}
        reading={await readImport(ctx.tx, await importBytes(ctx.tx, i.id), ctx.now)}
        refused={refused}
      />
    )
  },
  async submit(ctx, input): Promise<Outcome> {
    const i = await theirs(ctx)
    const done = await commitImport(ctx.tx, ctx, i.id, input.partial)
    if (!done.ok)
      return {
        errors: {
          '':
            done.why === 'closed'
              ? 'Quelqu’un a déjà décidé de ce fichier.'
              : 'Des lignes sont refusées : corrigez le fichier, ou cochez la case pour les laisser.',
        },
      }
    return {
      to: at(ctx, `/imports/${i.id}`),
      notice: `${plural(done.written, 'chiffre écrit', 'chiffres écrits')}${done.same ? `, ${done.same} déjà là` : ''}${done.refused ? `, ${plural(done.refused, 'ligne laissée', 'lignes laissées')}` : ''}.`,
    }
  },
})

interface PreviewProps {
  ctx: Ctx
  title: Html
  path: string
  reading: Reading
  refused?: Refused
}
async function Preview({ ctx, title, path, reading, refused }: PreviewProps) {
  const { lines, bad } = reading
  const state = ctx.query.get('etat')
  const asked = views.find(v => v === state) ?? (bad.length && state !== 'tout' ? 'refuse' : null)
  const count = (v: View) =>
    v === 'refuse'
      ? bad.length
      : v === 'contredit'
        ? lines.filter(l => l.against.length).length
        : lines.filter(l => l.effect === effectOf[v]).length
  const label: Record<View, string> = {
    refuse: 'Refusées',
    contredit: 'Contredisent une autre source',
    nouveau: effects.new.plural,
    change: effects.changed.plural,
    confirme: effects.confirmed.plural,
    ancien: effects.older.plural,
    meme: effects.same.plural,
  }
  const shown =
    asked === 'contredit'
      ? lines.filter(l => l.against.length)
      : asked && asked !== 'refuse'
        ? lines.filter(l => l.effect === effectOf[asked])
        : lines
  const fresh = lines.filter(l => l.effect !== 'same').length
  const n = Math.max(1, Math.min(1000, Number(ctx.query.get('page')) || 1))
  const names = new Map((await territory(ctx.tx)).map(c => [c.code, c.name]))
  const href = (v: View | 'tout', p = 1) => `${path}?${new URLSearchParams({ etat: v, ...(p > 1 && { page: String(p) }) })}`
  return (
    <>
      {title}
      {bad.length > 0 ? (
        <Notice
          tone="late"
          title={`${plural(bad.length, 'ligne refusée', 'lignes refusées')} sur ${bad.length + lines.length} : rien n’est écrit`}
        >
          Corrigez le fichier et déposez-le de nouveau, ou laissez ces lignes de côté.
        </Notice>
      ) : (
        <Notice tone="neutral" title={`${plural(fresh, 'chiffre à écrire', 'chiffres à écrire')}, aucune ligne refusée`}>
          Rien n’est encore écrit.
        </Notice>
      )}
      <FormView
        form={bad.length ? decideForm : agreeForm}
        action={path}
        submit={
          bad.length ? `Importer les ${plural(fresh, 'ligne juste', 'lignes justes')}` : `Importer ${plural(fresh, 'chiffre', 'chiffres')}`
        }
        formKey={ctx.key()}
        raw={refused?.raw}
        errors={refused?.errors}
        secondary={
          <Button kind="quiet" formaction={`${path}/abandonner`}>
            Renoncer à ce fichier
          </Button>
        }
      />
      <Filters
        label="Ce que fait chaque ligne"
        chips={[
          { label: 'Toutes les lignes justes', href: href('tout'), on: asked === null, count: lines.length },
          ...views.filter(v => count(v) > 0).map(v => ({ label: label[v], href: href(v), on: asked === v, count: count(v) })),
        ]}
      />
      {asked === 'refuse' ? (
        <>
          <DataTable
            caption="Lignes refusées"
            captionHidden
            rows={bad.slice((n - 1) * PAGE, n * PAGE)}
            columns={[
              { key: 'line', label: 'Ligne', cell: b => `Ligne ${b.line}` },
              { key: 'reasons', label: 'Pourquoi', cell: b => b.reasons.join(' ') },
            ]}
          />
          <Pager page={n} pages={Math.ceil(bad.length / PAGE)} hrefFor={p => href('refuse', p)} />
        </>
      ) : (
        <>
          <Count n={shown.length} of={lines.length} one="chiffre" many="chiffres" />
          <Lines lines={shown.slice((n - 1) * PAGE, n * PAGE)} names={names} community={ctx.cpts.name} />
          <Pager page={n} pages={Math.ceil(shown.length / PAGE)} hrefFor={p => href(asked ?? 'tout', p)} />
        </>
      )}
    </>
  )
}
function Lines({ lines, names, community }: { lines: PlannedLine[]; names: ReadonlyMap<string, string>; community: string }) {
  const said = (l: PlannedLine, f: { code: string; worth: FigureInput['worth'] }) =>
    figureText(indicatorOf(l.figure.code)!, f.worth, true, true)
  return (
    <DataTable
      caption="Chiffres du fichier"
      captionHidden
      rows={lines}
      columns={[
        { key: 'name', label: 'Indicateur', cell: l => indicatorOf(l.figure.code)?.name },
        { key: 'line', label: 'Ligne', numeric: true },
        { key: 'place', label: 'Lieu', cell: l => placeName(l.figure, names, community) },
        { key: 'year', label: 'Année', numeric: true, cell: l => String(l.figure.year) },
        { key: 'value', label: 'Chiffre', cell: l => <Said text={said(l, l.figure)} worth={l.figure.worth} /> },
        { key: 'source', label: 'Source', cell: l => `${l.figure.source}, ${frDate(l.figure.extractedOn)}` },
        {
          key: 'effect',
          label: 'Ce qu’il fait',
          cell: l => (
            <div>
              <Tag tone={effects[l.effect].tone}>{effects[l.effect].word}</Tag>
              {l.before && l.effect !== 'same' && (
                <div class="note">{typo(`Aujourd’hui : ${said(l, l.before)}, du ${frDate(l.before.extractedOn)}`)}</div>
              )}
              {l.against.map(f => (
                <div class="note">{typo(`Contredit ${f.source} : ${said(l, f)}`)}</div>
              ))}
            </div>
          ),
        },
      ]}
      empty={{ title: 'Aucune ligne ici' }}
    />
  )
}
const Said = ({ text, worth }: { text: string; worth: FigureInput['worth'] }) => (
  <div>
    {text}
    {worth.kind === 'missing' && <div class="note">{worth.reason}</div>}
  </div>
)

function Closed({ ctx, i, path, title, refused }: { ctx: Ctx; i: FigureImport; path: string; title: Html; refused?: Refused }) {
  const { closed } = i
  if (!closed || closed.how === 'given-up')
    return (
      <>
        {title}
        <Empty title="Ce fichier a été abandonné">{closed && `Par ${closed.by}, le ${frDate(closed.at)}. Rien n’en a été écrit.`}</Empty>
      </>
    )
  return (
    <>
      {title}
      <Facts
        columns={2}
        items={[
          { label: 'Importé par', value: closed.by, note: frDate(closed.at) },
          { label: 'Chiffres écrits', value: String(closed.written ?? 0), note: `${i.standing} comptent aujourd’hui` },
          { label: 'Lignes laissées', value: String(closed.refused ?? 0) },
          {
            label: 'Fichier',
            value: (
              <a href={at(ctx, `/documents/${i.file.id}`)} download>
                {i.file.name}
              </a>
            ),
          },
        ]}
      />
      {i.standing > 0 && (
        <Section
          title="Retirer cet import"
          lead="Ses chiffres ne comptent plus ; ils restent dans l’historique, avec votre nom et la raison."
        >
          <FormView
            form={withdrawForm}
            action={`${path}/retirer`}
            submit={`Retirer ${plural(i.standing, 'chiffre', 'chiffres')}`}
            danger
            formKey={ctx.key()}
            raw={refused?.action === `${path}/retirer` ? refused.raw : undefined}
            errors={refused?.action === `${path}/retirer` ? refused.errors : undefined}
          />
        </Section>
      )}
    </>
  )
}
export const giveUpAction = action({
  path: '/c/:cpts/diagnostic/imports/:id/abandonner',
  access: writers,
  form: agreeForm,
  from: decidePage,
  async submit(ctx): Promise<Outcome> {
    const i = await theirs(ctx)
    if (!(await giveUpImport(ctx.tx, ctx, i.id))) return { errors: { '': 'Quelqu’un a déjà décidé de ce fichier.' } }
    return { to: at(ctx), notice: `Le fichier « ${i.file.name} » est abandonné. Rien n’en a été écrit.` }
  },
})
export const withdrawImportAction = action({
  path: '/c/:cpts/diagnostic/imports/:id/retirer',
  access: writers,
  form: withdrawForm,
  from: decidePage,
  async submit(ctx, input): Promise<Outcome> {
    const i = await theirs(ctx)
    const n = await withdrawFigures(ctx.tx, ctx, { importId: i.id }, input.why)
    return { to: at(ctx), notice: `${plural(n, 'chiffre retiré', 'chiffres retirés')}. Ce qui servait avant cet import sert de nouveau.` }
  },
})
