/** « Rapprochement avec la caisse »: people with an ALD and no treating doctor, found in the list through pseudonyms; what goes back. */
import { members } from '#platform/access.ts'
import { audit } from '#platform/audit.ts'
import { checkbox, file, form, hidden, text } from '#platform/fields.ts'
import { action, type Ctx, type Outcome, page, type Route } from '#platform/page.ts'
import { BadFile, newKey, readKey, readPseudonyms } from '#platform/pseudonyms.ts'
import { sheetLinks } from '#platform/sheet.ts'
import {
  Button,
  Cluster,
  DataTable,
  Disclosure,
  Empty,
  Filters,
  FormView,
  frDate,
  frNumber,
  LinkButton,
  Notice,
  P,
  Pager,
  PageTitle,
  plural,
  Section,
  Stack,
  Stat,
  Stats,
  Tag,
  typo,
} from '#platform/ui/index.ts'
import { KEPT_DAYS, type Status, statuses, statusNames, whyNames } from '../../fund.ts'
import { waits } from '../../rules.ts'
import { compareFundFile, eraseFundFile, type FundFile, type FundLine, fundFile, fundFiles, fundLines, noteAld } from '../../store/fund.ts'
import { PAGE_SIZE } from './filter.ts'
import { idOf, ShortState } from './words.tsx'

const access = members('coordinator')
const MAX_BYTES = 2 * 1024 * 1024
const at = (ctx: { home: string }, id = '') => `${ctx.home}/rapprochement${id && `/${id}`}`

export const fundForm = form({
  file: file({
    label: 'Fichier de pseudonymes préparé par la caisse',
    hint: 'Celui que le programme a écrit, tel quel. Il ne contient aucun nom.',
    accept: '.csv',
    maxBytes: MAX_BYTES,
  }),
  key: text({
    label: 'Clé convenue avec la caisse',
    hint: '28 lettres et chiffres, par groupes de quatre. Elle sert à cette lecture et n’est gardée nulle part.',
    max: 60,
    width: 36,
    autocomplete: 'off',
  }),
})

const How = ({ ctx }: { ctx: Ctx }) => (
  <Disclosure summary="Comment faire, et ce que chacun apprend">
    <ol class="listed">
      {[
        `Convenez d’une clé avec la caisse, de vive voix ou par téléphone. En voici une, tirée au hasard pour cette page et gardée nulle part : ${newKey()}.`,
        'Donnez le programme à la caisse. Il se lit, il n’ouvre aucune connexion. Sur sa liste de personnes en ALD sans médecin traitant, il écrit un fichier de pseudonymes : ni nom, ni date de naissance.',
        'Déposez ici ce fichier et la clé. Trame calcule les mêmes pseudonymes sur votre liste et les compare.',
        'Rendez à la caisse le fichier de réponses. Avec sa clé et sa liste, elle retrouve à qui écrire ; puis chacun détruit la clé. Une clé, un fichier.',
      ].map(line => (
        <li>{typo(line)}</li>
      ))}
    </ol>
    <P>
      {typo(
        `Vous apprenez lesquelles de vos demandes la caisse compte en ALD. La caisse apprend qui, de sa liste, a déjà demandé un médecin ici. Personne n’apprend le nom de quelqu’un qu’il ne connaissait pas. Les pseudonymes sont effacés au bout de ${KEPT_DAYS} jours.`,
      )}
    </P>
    <Cluster>
      <LinkButton kind="secondary" href={`${at(ctx)}/programme.mjs`} download>
        Programme pour la caisse
      </LinkButton>
    </Cluster>
  </Disclosure>
)

export const fundPage = page({
  path: '/c/:cpts/rapprochement',
  title: 'Rapprochement avec la caisse',
  access,
  form: fundForm,
  async show(ctx, refused) {
    const all = await fundFiles(ctx.tx)
    return (
      <Stack gap="loose">
        <PageTitle
          title="Rapprochement avec la caisse"
          lead="Les personnes en ALD sans médecin traitant que l’Assurance maladie connaît : lesquelles attendent déjà ici, lesquelles n’ont encore rien demandé. Aucun nom n’est échangé."
        />
        <How ctx={ctx} />
        <Section title="Comparer un fichier">
          <FormView
            form={fundForm}
            action={at(ctx)}
            formKey={ctx.key()}
            raw={refused && { ...refused.raw, key: [] }}
            errors={refused?.errors}
            submit="Comparer avec la liste"
          />
        </Section>
        <Section title="Fichiers comparés" count={all.length}>
          {all.length === 0 ? (
            <Empty title="Aucun fichier comparé">Convenez d’une clé avec la caisse et donnez-lui le programme ci-dessus.</Empty>
          ) : (
            <DataTable
              caption="Fichiers comparés"
              captionHidden
              rows={all}
              rowHref={f => at(ctx, f.id)}
              columns={[
                { key: 'at', label: 'Comparé le', cell: f => frDate(f.at), tight: true },
                { key: 'by', label: 'Par' },
                { key: 'people', label: 'Personnes', numeric: true, cell: f => frNumber(f.people) },
                ...statuses.map(s => ({ key: s, label: statusNames[s], numeric: true, cell: (f: FundFile) => frNumber(f.counts[s]) })),
                { key: 'erase', label: 'Pseudonymes', cell: f => (f.erasedAt ? 'effacés' : `gardés jusqu’au ${frDate(f.eraseAt)}`) },
              ]}
            />
          )}
        </Section>
      </Stack>
    )
  },
  async submit(ctx, input): Promise<Outcome> {
    const key = readKey(input.key)
    if (!key) return { errors: { key: 'Une clé compte 28 lettres et chiffres, comme K7QM-42XD-… Vérifiez-la avec la caisse.' } }
    try {
      const lines = readPseudonyms(new Uint8Array(await input.file.arrayBuffer()), key)
      if (lines.length === 0) return { errors: { file: 'Ce fichier ne contient personne.' } }
      const id = await compareFundFile(ctx.tx, ctx, key, lines)
      return { to: at(ctx, id), notice: 'Fichier comparé. Rendez la réponse à la caisse, puis détruisez la clé.' }
    } catch (error) {
      if (!(error instanceof BadFile)) throw error
      return { errors: { file: `Rien n’a été gardé. ${error.reasons.join(' ')}` } }
    }
  },
})

/** Our own patients among the lines. */
export const knownOf = (lines: readonly FundLine[]): string[] => lines.flatMap(l => (l.requestId ? [l.requestId] : []))
export const statusOf = (ctx: Pick<Ctx, 'query'>): Status | undefined => statuses.find(s => s === ctx.query.get('etat'))
export const noteOf = (l: FundLine): string =>
  [
    l.why && whyNames[l.why],
    l.moved && 'dans une autre commune selon la caisse',
    l.state === 'closed' && 'la déclaration n’est pas arrivée à la caisse',
  ]
    .filter(Boolean)
    .join(' ; ')

function finding({ people, counts }: FundFile): string {
  if (counts.matched === 0)
    return people < 2
      ? 'La personne du fichier n’a fait aucune demande ici'
      : `Aucune des ${frNumber(people)} personnes de la caisse n’a fait de demande ici`
  return `${plural(counts.matched, 'personne attend ou a attendu', 'personnes attendent ou ont attendu')} ici, sur ${frNumber(people)}`
}
interface LinesProps {
  ctx: Ctx
  f: FundFile
  lines: FundLine[]
  status: Status | undefined
  n: number
  pages: number
}
function Lines({ ctx, f, lines, status, n, pages }: LinesProps) {
  const path = at(ctx, f.id)
  const query = status ? `?etat=${status}` : ''
  const href = (s?: Status, p = 1) => `${path}?${new URLSearchParams({ ...(s && { etat: s }), ...(p > 1 && { page: String(p) }) })}`
  return (
    <>
      <Filters
        chips={[
          { label: 'Toutes', href: href(), on: !status, count: f.people },
          ...statuses.map(s => ({ label: statusNames[s], href: href(s), on: s === status, count: f.counts[s] })),
        ]}
        exports={sheetLinks(`${path}/lignes`, query)}
      />
      <DataTable
        caption="Personnes du fichier"
        captionHidden
        rows={lines}
        rowHref={l => (l.requestId ? `${ctx.home}/demandes/${l.requestId}` : undefined)}
        columns={[
          { key: 'number', label: 'Demande', cell: l => l.number ?? 'Personne inconnue ici' },
          {
            key: 'status',
            label: 'Rapprochement',
            cell: l => (
              <>
                <Tag tone={l.status === 'matched' ? 'ok' : l.status === 'absent' ? 'neutral' : 'wait'}>{statusNames[l.status]}</Tag>
                {noteOf(l) && <div class="note">{typo(noteOf(l))}</div>}
              </>
            ),
          },
          { key: 'commune', label: 'Commune' },
          { key: 'state', label: 'État', cell: l => l.state && <ShortState state={l.state} exit={l.exit} /> },
          {
            key: 'ald',
            label: 'ALD',
            cell: l =>
              l.status === 'matched' && l.ald && l.said === false && l.state && waits(l.state) ? (
                <form method="post" action={`${path}/ald`}>
                  <input type="hidden" name="_key" value={ctx.key()} />
                  <input type="hidden" name="request" value={l.requestId!} />
                  <Button kind="secondary" small label={`Noter l’ALD sur la demande ${l.number}`}>
                    Noter l’ALD
                  </Button>
                </form>
              ) : l.said ? (
                'dite aussi par la personne'
              ) : null,
          },
        ]}
        empty={{ title: 'Personne dans ce cas' }}
      />
      <Pager page={n} pages={pages} hrefFor={p => href(status, p)} />
    </>
  )
}

export const eraseForm = form({
  confirm: checkbox({ label: 'La réponse est rendue à la caisse', mustBeTrue: 'Cochez la case : la réponse ne pourra plus être faite.' }),
})
export const fundReportPage = page({
  path: '/c/:cpts/rapprochement/:id',
  title: 'Fichier de la caisse comparé',
  access,
  async show(ctx, refused) {
    const f = await fundFile(ctx.tx, idOf(ctx.params.id))
    const status = statusOf(ctx)
    const pages = Math.max(1, Math.ceil((status ? f.counts[status] : f.people) / PAGE_SIZE))
    const n = Math.min(pages, Math.max(1, Number.parseInt(ctx.query.get('page') ?? '1', 10) || 1))
    const lines = await fundLines(ctx.tx, f.id, { status, limit: PAGE_SIZE, offset: (n - 1) * PAGE_SIZE })
    await audit(ctx.tx, ctx, {
      action: 'fund.read',
      subject: { kind: 'fund_file', id: f.id },
      detail: { rows: lines.length, named: knownOf(lines) },
    })
    const path = at(ctx, f.id)
    return (
      <Stack gap="loose">
        <PageTitle
          back={{ label: 'Rapprochement avec la caisse', href: at(ctx) }}
          title={finding(f)}
          lead={`Fichier comparé le ${frDate(f.at)} par ${f.by}. Empreinte de la clé : ${f.keyPrint.slice(0, 8)}.`}
        />
        <Stats>
          <Stat label="Dans la liste" value={f.counts.matched} detail="mêmes nom, prénom et date" />
          <Stat label="À confirmer" value={f.counts.probable} detail="à une différence près : appelez la personne" />
          <Stat label="Plusieurs possibilités" value={f.counts.several} detail="la caisse vérifie" />
          <Stat label="Pas dans la liste" value={f.counts.absent} detail="la caisse leur écrit" />
        </Stats>
        {f.erasedAt ? (
          <Notice>{`Les pseudonymes ont été effacés le ${frDate(f.erasedAt)} ; il reste ces nombres.`}</Notice>
        ) : (
          <>
            <Section title="À rendre à la caisse" lead={`Avant le ${frDate(f.eraseAt)} : ce jour-là les pseudonymes sont effacés.`}>
              <Cluster>
                <LinkButton kind="primary" href={`${path}/retour.csv`} download>
                  Réponses, par pseudonyme (CSV)
                </LinkButton>
                <LinkButton kind="secondary" href={`${path}/communes.csv`} download>
                  Nombres par commune (CSV)
                </LinkButton>
              </Cluster>
            </Section>
            <Section title="Personnes du fichier">
              <Lines ctx={ctx} f={f} lines={lines} status={status} n={n} pages={pages} />
            </Section>
            <Section title="Effacer sans attendre">
              <FormView
                form={eraseForm}
                action={`${path}/effacer`}
                formKey={ctx.key()}
                raw={refused?.raw}
                errors={refused?.errors}
                submit="Effacer les pseudonymes"
                danger
                id="effacer"
              />
            </Section>
          </>
        )}
      </Stack>
    )
  },
})

export const fundAldForm = form({ request: hidden() })
const fundAldAct = action({
  path: '/c/:cpts/rapprochement/:id/ald',
  access,
  form: fundAldForm,
  from: fundReportPage,
  async submit(ctx, input) {
    await noteAld(ctx.tx, ctx, idOf(ctx.params.id), idOf(input.request))
    return { to: at(ctx, ctx.params.id), notice: 'ALD notée : les points de la demande sont recalculés.' }
  },
})
const fundEraseAct = action({
  path: '/c/:cpts/rapprochement/:id/effacer',
  access,
  form: eraseForm,
  from: fundReportPage,
  async submit(ctx) {
    const f = await fundFile(ctx.tx, idOf(ctx.params.id))
    await eraseFundFile(ctx.tx, ctx, f.id)
    return { to: at(ctx, f.id), notice: 'Pseudonymes effacés. Détruisez aussi la clé.' }
  },
})

export const fundRoutes: readonly Route[] = [fundPage, fundReportPage, fundAldAct, fundEraseAct]
