/** The room of one review: the frozen figures beside those of today, what waits, opening and closing. */
import { addDays } from '#domain/calendar.ts'
import { sayMissing } from '#domain/contract/index.ts'
import { audit } from '#platform/audit.ts'
import { notFound } from '#platform/errors.ts'
import { action, type Ctx, download, type Outcome, page } from '#platform/page.ts'
import {
  Callout,
  Cluster,
  Count,
  DataTable,
  Facts,
  FormView,
  frDate,
  frDateTime,
  frEuros,
  frPercent,
  LinkButton,
  Notice,
  PageTitle,
  plural,
  Section,
  Stations,
  Tag,
  typo,
  WaitingForMe,
} from '#platform/ui/index.ts'
import { nothingForm } from '../fields.ts'
import { freeze, indicatorsOn } from '../frozen.ts'
import { tellOpened } from '../letters.ts'
import {
  clockState,
  definitionOf,
  type Frozen,
  type FrozenIndicator,
  missionLabel,
  parties,
  partyNames,
  reviewState,
  sinceOf,
} from '../rules.ts'
import { accountOf, type Comment, closeReview, comments, figuresText, frozenOf, minutesOf, openReview, type Review } from '../store.ts'
import { headingLabel } from './annex.tsx'
import { loadReview, ReviewTag, ratioText, reviewHref, reviewTitle, reviewWaiting, stationsOf, toldText } from './review-words.tsx'
import { From, mayWrite, readers, Tabs, writers } from './words.tsx'

/** The account and the year of a review, as they are today. */
export async function todayOf(ctx: Ctx, r: Review) {
  const account = await accountOf(ctx.tx, ctx.cpts.id, ctx.today)
  const year = account?.statement.years.find(y => y.year === r.year)
  return account && year && account.evidence.has(year.year) ? { account, year } : null
}

export const roomPage = page({
  path: '/c/:cpts/contrat/dialogues/:id',
  title: 'Dialogue de gestion',
  access: readers,
  async show(ctx, refused) {
    const r = await loadReview(ctx, ctx.params.id)
    const minutes = await minutesOf(ctx.tx, r.id)
    const frozen = await frozenOf(ctx.tx, r.id)
    return (
      <>
        <PageTitle
          title={reviewTitle(r)}
          back={{ label: 'Dialogue de gestion', href: `${ctx.home}/contrat/dialogues` }}
          lead={
            <>
              <ReviewTag r={r} /> {typo(`Réunion du ${frDate(r.day)}.`)}
            </>
          }
          actions={<Acts ctx={ctx} r={r} />}
        />
        <Tabs ctx={ctx} at="/contrat/dialogues" />
        {refused?.errors[''] && <Notice tone="late" title={refused.errors['']} />}
        <Stations label="Où en est le dialogue" steps={stationsOf(r, minutes?.at ?? null)} />
        {frozen ? <Open ctx={ctx} r={r} frozen={frozen} /> : <Prepared ctx={ctx} r={r} />}
        <Who ctx={ctx} r={r} />
      </>
    )
  },
})

function Acts({ ctx, r }: { ctx: Ctx; r: Review }) {
  const state = reviewState(r)
  const write = mayWrite(ctx)
  const primary = state === 'open' && write
  return (
    <>
      {state !== 'prepared' && r.minutesNo > 0 && (
        <LinkButton href={reviewHref(ctx, r.id, '/compte-rendu')} kind="primary">
          Compte rendu
        </LinkButton>
      )}
      {primary && (
        <LinkButton href={reviewHref(ctx, r.id, '/compte-rendu/ecrire')} kind="primary">
          Écrire le compte rendu
        </LinkButton>
      )}
      {write && state === 'signed' && (
        <FormView form={nothingForm} action={reviewHref(ctx, r.id, '/clore')} submit="Clore le dialogue" formKey={ctx.key()} id="clore" />
      )}
    </>
  )
}

/** Before it is open: what would be said « not available », and the way to open. */
async function Prepared({ ctx, r }: { ctx: Ctx; r: Review }) {
  if (!mayWrite(ctx))
    return (
      <Notice title="La salle n’est pas encore ouverte">La coordination prépare les chiffres de cette année, puis vous les ouvre.</Notice>
    )
  const now = await todayOf(ctx, r)
  if (!now) return <Notice tone="late" title="Cette année n’a pas de chiffres : aucun contrat signé ne la couvre encore." />
  const missing = now.year.missing
  return (
    <>
      <Callout
        title="Ouvrir fige les chiffres"
        action={
          <FormView
            form={nothingForm}
            action={reviewHref(ctx, r.id, '/ouvrir')}
            submit="Ouvrir aux financeurs"
            formKey={ctx.key()}
            id="ouvrir"
          />
        }
      >
        Les trois parties liront les chiffres de ce jour, avec leur empreinte. Ce qui change ensuite se lira à côté, jamais à la place.
      </Callout>
      {missing.length > 0 && (
        <Section title="Ce qui serait dit « non disponible »" count={missing.length} lead="Complétez-le avant d’ouvrir, ou assumez-le.">
          <ul class="steps">
            {missing.map(m => (
              <li>{typo(sayMissing(m))}</li>
            ))}
          </ul>
        </Section>
      )}
    </>
  )
}

async function Open({ ctx, r, frozen }: { ctx: Ctx; r: Review; frozen: Frozen }) {
  const said = await comments(ctx.tx, r.id)
  const now = await todayOf(ctx, r)
  const live = now ? indicatorsOn(now.account, now.year) : []
  const waiting = await reviewWaiting(ctx, r)
  return (
    <>
      {waiting.length > 0 && <WaitingForMe title={mayWrite(ctx) ? 'Ce qui vous attend' : 'Ce qui est en cours'} items={waiting} />}
      <Section
        title="Indicateurs"
        lead={`Figés le ${frDate(r.openedAt!)}${r.openedBy ? ` par ${r.openedBy}` : ''}. Ouvrez-en un pour ses preuves et ses commentaires.`}
        actions={
          <LinkButton href={reviewHref(ctx, r.id, '/commentaires')} small>
            Tous les commentaires
          </LinkButton>
        }
      >
        <Indicators ctx={ctx} r={r} rows={frozen.indicators} live={live} said={said} />
      </Section>
      <Money frozen={frozen} />
      <Section title="Empreinte des chiffres" lead="Qui reçoit les chiffres les vérifie sans Trame : sha256sum.">
        <p>
          <code class="hash">{r.figures}</code>
        </p>
        <Cluster>
          <LinkButton href={reviewHref(ctx, r.id, '/chiffres')} download small>
            Chiffres figés (JSON)
          </LinkButton>
        </Cluster>
      </Section>
    </>
  )
}

interface IndicatorsProps {
  ctx: Ctx
  r: Review
  rows: FrozenIndicator[]
  live: FrozenIndicator[]
  said: Comment[]
}
function Indicators({ ctx, r, rows, live, said }: IndicatorsProps) {
  const known = rows.flatMap(f => {
    const d = definitionOf(f.code)
    return d ? [{ f, d }] : []
  })
  const of = (code: string) => said.filter(c => c.code === code)
  return (
    <>
      <Count n={known.length} one="indicateur" many="indicateurs" />
      <DataTable
        caption="Indicateurs figés à l’ouverture"
        captionHidden
        rows={known}
        rowHref={x => reviewHref(ctx, r.id, `/indicateurs/${x.f.code}`)}
        columns={[
          {
            key: 'name',
            label: 'Indicateur',
            cell: x => x.d.name,
          },
          { key: 'mission', label: 'Mission', cell: x => missionLabel(x.f.mission) },
          {
            key: 'value',
            label: 'Valeur figée',
            cell: x => (
              <>
                {x.f.value.state === 'unavailable' ? <Tag tone="wait">Non disponible</Tag> : typo(toldText(x.d, x.f.value))}
                {x.f.value.state === 'unavailable' && <div class="note">{typo(x.f.value.reason)}</div>}
                <Changed f={x.f} live={live} d={x.d} />
              </>
            ),
          },
          { key: 'target', label: 'Cible', cell: x => (x.d.measure === 'done' ? 'fait' : ratioText(x.d, x.f.target)) },
          { key: 'rate', label: 'Taux', numeric: true, cell: x => rateShown(x.f) },
          { key: 'weight', label: 'Poids', numeric: true, cell: x => (x.f.weight ? frPercent(x.f.weight / 10_000) : 'sans poids') },
          {
            key: 'comments',
            label: 'Commentaires',
            cell: x => {
              const late = of(x.f.code).filter(c => clockState(c, ctx.today) === 'late').length
              const n = of(x.f.code).length
              if (n === 0) return ''
              return (
                <>
                  {n} {late > 0 && <Tag tone="late">{`${late} en retard`}</Tag>}
                </>
              )
            },
          },
        ]}
      />
    </>
  )
}
export const rateShown = (f: FrozenIndicator): string =>
  f.rate ? frPercent(f.rate.numerator / f.rate.denominator) : f.value.state === 'small' ? 'non communiqué' : ''

/** What is no longer as it was frozen: said beside, never instead. */
export function Changed({
  f,
  live,
  d,
}: {
  f: FrozenIndicator
  live: readonly FrozenIndicator[]
  d: NonNullable<ReturnType<typeof definitionOf>>
}) {
  const now = live.find(l => l.code === f.code)
  const since = now ? sinceOf(f, now) : null
  if (!since) return null
  const proofs = [
    since.proofs.more > 0 && `${plural(since.proofs.more, 'preuve', 'preuves')} de plus`,
    since.proofs.fewer > 0 && plural(since.proofs.fewer, 'preuve retirée', 'preuves retirées'),
  ].filter(Boolean)
  return <div class="note">{typo(`Depuis : ${[since.value && toldText(d, since.value), ...proofs].filter(Boolean).join(', ')}`)}</div>
}

function Money({ frozen }: { frozen: Frozen }) {
  const parts = ['envelope', 'acquired', 'expected', 'open', 'lost', 'received'] as const
  const labels = {
    envelope: 'Possible',
    acquired: 'Acquis',
    expected: 'Attendu',
    open: 'À décider',
    lost: 'Non atteint',
    received: 'Versé',
  }
  const sum = (k: (typeof parts)[number]) => frEuros(frozen.money.reduce((n, m) => n + m[k], 0))
  return (
    <Section
      title="Argent"
      lead={`Figé le ${frDate(frozen.on)}, pour l’année du ${frDate(frozen.from)} au ${frDate(addDays(frozen.to, -1))}.`}
    >
      <DataTable
        caption="Argent figé à l’ouverture, par mission"
        captionHidden
        rows={frozen.money}
        columns={[
          { key: 'heading', label: 'Mission', cell: m => headingLabel(m.heading) },
          ...parts.map(k => ({ key: k, label: labels[k], numeric: true, cell: (m: Frozen['money'][number]) => frEuros(m[k]) })),
          { key: 'from', label: 'Connu', cell: m => <From provenance={m.provenance} /> },
        ]}
        total={Object.fromEntries(parts.map(k => [k, sum(k)]))}
      />
    </Section>
  )
}

function Who({ ctx, r }: { ctx: Ctx; r: Review }) {
  return (
    <Section
      title="Participants"
      actions={
        mayWrite(ctx) &&
        !r.signedAt && (
          <LinkButton href={reviewHref(ctx, r.id, '/reunion')} small>
            Date et participants
          </LinkButton>
        )
      }
    >
      <Facts
        columns={2}
        items={[
          ...parties.map(p => ({
            label: partyNames[p],
            value: r.signatories[p].name,
            note: r.signatories[p].profession ?? undefined,
          })),
          { label: 'Autres participants', value: r.others.length ? r.others.map(o => <p>{typo(o)}</p>) : 'Aucun' },
          { label: 'Préparé par', value: r.by, note: frDateTime(r.at) },
          ...(r.closedAt ? [{ label: 'Clos par', value: r.closedBy, note: frDateTime(r.closedAt) }] : []),
        ]}
      />
    </Section>
  )
}

export const openAction = action({
  path: '/c/:cpts/contrat/dialogues/:id/ouvrir',
  access: writers,
  form: nothingForm,
  from: roomPage,
  async submit(ctx): Promise<Outcome> {
    const r = await loadReview(ctx, ctx.params.id)
    const now = await todayOf(ctx, r)
    if (!now) return { errors: { '': 'Cette année n’a pas de chiffres : aucun contrat signé ne la couvre encore.' } }
    if (!(await openReview(ctx.tx, ctx, r.id, freeze(now.account, now.year, ctx.cpts.name, ctx.today))))
      return { errors: { '': 'Ce dialogue est déjà ouvert : ses chiffres ne changent plus.' } }
    await tellOpened(ctx, r)
    return { to: reviewHref(ctx, r.id), notice: 'La salle est ouverte, les chiffres sont figés. Les délégués en sont prévenus.' }
  },
})
export const closeAction = action({
  path: '/c/:cpts/contrat/dialogues/:id/clore',
  access: writers,
  form: nothingForm,
  from: roomPage,
  async submit(ctx): Promise<Outcome> {
    const r = await loadReview(ctx, ctx.params.id)
    if (!(await closeReview(ctx.tx, ctx, r.id)))
      return { errors: { '': 'Ce dialogue n’est pas à clore : les trois parties n’ont pas signé, ou il est déjà clos.' } }
    return { to: reviewHref(ctx, r.id), notice: 'Dialogue clos. Les engagements sont dans le compte rendu.' }
  },
})
/** The frozen figures byte for byte, for who checks their hash. */
export const figuresDownload = download({
  path: '/c/:cpts/contrat/dialogues/:id/chiffres',
  title: 'Chiffres figés (JSON)',
  access: readers,
  async respond(ctx) {
    const r = await loadReview(ctx, ctx.params.id)
    const figures = await figuresText(ctx.tx, r.id)
    if (figures === null) throw notFound()
    await audit(ctx.tx, ctx, { action: 'review.figures', subject: { kind: 'review', id: r.id } })
    return { name: `chiffres-annee-${r.year}.json`, type: 'application/json; charset=utf-8', body: figures }
  },
})
