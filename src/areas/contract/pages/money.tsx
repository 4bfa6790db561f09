/** Money: what the year may bring, what is acquired, what came; each amount with from where it is known. */
import { addDays } from '#domain/calendar.ts'
import { type Ceiling, type Figure, leftToEarn, type Standing, standings, type YearStatement } from '#domain/contract/index.ts'
import { audit } from '#platform/audit.ts'
import { notFound } from '#platform/errors.ts'
import { isUuid } from '#platform/ids.ts'
import { type Ctx, type Outcome, page } from '#platform/page.ts'
import { sheet, sheetLinks } from '#platform/sheet.ts'
import {
  Bars,
  Count,
  DataTable,
  Disclosure,
  Empty,
  Facts,
  Filters,
  FormView,
  frDate,
  frEuros,
  LinkButton,
  Notice,
  PageTitle,
  Section,
  Tag,
} from '#platform/ui/index.ts'
import { receiptForm, withdrawForm } from '../fields.ts'
import { leversOf } from '../rules.ts'
import { type Account, accountOf, actionSheets, type Receipt, receiptById, receipts, recordReceipt, withdrawReceipt } from '../store.ts'
import { headingLabel } from './annex.tsx'
import { Endings, Explained, Left } from './explained.tsx'
import { cancelTo, From, mayWrite, provenanceWords, readers, Tabs, writers } from './words.tsx'

/** The contract year asked for, otherwise that of today, otherwise the last. */
export function yearAsked(ctx: Ctx, account: Account): YearStatement {
  const years = account.statement.years
  const asked = Number(ctx.query.get('annee'))
  return years.find(y => y.year === asked) ?? years.find(y => y.from <= ctx.today && ctx.today < y.to) ?? years.at(-1)!
}
export const yearChips = (account: Account, year: number, today: string, href: (year: number) => string) =>
  account.statement.years
    .filter(y => y.from <= today)
    .map(y => ({ label: `Année ${y.year} (${y.from.slice(0, 4)}–${y.to.slice(0, 4)})`, href: href(y.year), on: y.year === year }))

const sum = (figures: readonly Figure[]) => figures.reduce((n, f) => n + f.cents, 0)
const received = (rows: readonly Standing[]) => rows.reduce((n, s) => n + s.received, 0)

export const moneyPage = page({
  path: '/c/:cpts/contrat/argent',
  title: 'Argent du contrat',
  access: readers,
  async show(ctx) {
    const account = await accountOf(ctx.tx, ctx.cpts.id, ctx.today)
    const write = mayWrite(ctx)
    return (
      <>
        <PageTitle
          title="Argent du contrat"
          lead={account ? undefined : 'Rien n’est dû tant que le contrat n’est pas signé.'}
          actions={
            write &&
            account && (
              <LinkButton href={`${ctx.home}/contrat/argent/versement`} kind="primary">
                Enregistrer un versement
              </LinkButton>
            )
          }
        />
        <Tabs ctx={ctx} at="/contrat/argent" />
        {account && account.statement.years.length > 0 ? (
          <Year ctx={ctx} account={account} write={write} />
        ) : (
          <Empty
            title="Aucun contrat signé n’est enregistré"
            action={write && <LinkButton href={`${ctx.home}/contrat/termes`}>Enregistrer la signature</LinkButton>}
          />
        )}
      </>
    )
  },
})

async function Year({ ctx, account, write }: { ctx: Ctx; account: Account; write: boolean }) {
  const year = yearAsked(ctx, account)
  const rows = standings(account.statement, account.facts, year.year)
  const here = `${ctx.home}/contrat/argent`
  const running = year.from <= ctx.today && ctx.today < year.to
  const acquired = sum(rows.map(r => r.acquired))
  const came = received(rows)
  const levers = leversOf(await actionSheets(ctx.tx), addDays(year.to, -1))
  const left = running ? leftToEarn(account.contract, account.facts, levers, ctx.today) : null
  const assumed = year.envelope.provenance !== 'contract'
  const lostWord = running ? 'Non atteint à ce jour' : 'Perdu'
  return (
    <>
      <Filters
        label="Années du contrat"
        chips={yearChips(account, year.year, ctx.today, n => `${here}?annee=${n}`)}
        exports={sheetLinks(here, `?annee=${year.year}`)}
      />
      {ctx.today >= account.statement.end && (
        <Notice tone="late" title={`Le contrat est arrivé à échéance le ${frDate(account.statement.end)}`}>
          Rien n’est dû après cette date tant que le renouvellement n’est pas enregistré.
        </Notice>
      )}
      {assumed && (
        <Notice tone="wait" title={`Montants : ${provenanceWords[year.envelope.provenance].word}s pour une part`}>
          {'La répartition par mission n’est établie par aucune source publique. Saisissez l’annexe signée : ses montants l’emporteront. '}
          <a href={`${ctx.home}/contrat`}>Ce que dit le contrat</a>
          {', '}
          <a href={`${ctx.home}/contrat/confirmations`}>les règles à confirmer</a>
        </Notice>
      )}
      <Bars
        title={`${frEuros(acquired)} acquis et ${frEuros(came)} versés, sur ${frEuros(year.envelope.cents)} possibles`}
        source={`Du ${frDate(year.from)} au ${frDate(year.to)}, au ${frDate(ctx.today < year.to ? ctx.today : year.to)}.`}
        parts={['Acquis', 'Attendu d’ici la fin de l’année', 'À décider ou à démarrer', lostWord]}
        markWord="Versé"
        unit="euros"
        format={n => frEuros(n)}
        rows={rows.map(r => ({
          label: headingLabel(r.heading),
          values: [r.acquired.cents, r.expected.cents, r.open.cents, r.lost.cents],
          mark: r.received,
          note: <From provenance={r.envelope.provenance} />,
        }))}
      />
      <Disclosure summary="Les mêmes montants dans un tableau">
        <StandingTable rows={rows} lostWord={lostWord} />
      </Disclosure>
      {left && <Endings account={account} levers={levers} today={ctx.today} />}
      {left && <Left left={left} actionsHref={`${ctx.home}/contrat/actions`} />}
      <Ceilings year={year} />
      <Explained ctx={ctx} account={account} year={year} />
      <Payments account={account} year={year} today={ctx.today} />
      <Receipts ctx={ctx} all={(await receipts(ctx.tx)).filter(r => r.day >= year.from && r.day < year.to)} write={write} />
    </>
  )
}

function StandingTable({ rows, lostWord }: { rows: Standing[]; lostWord: string }) {
  const money = (key: 'envelope' | 'acquired' | 'expected' | 'open' | 'lost' | 'payable', label: string) => ({
    key,
    label,
    numeric: true,
    cell: (r: Standing) => frEuros(r[key].cents),
  })
  const totals = Object.fromEntries(
    (['envelope', 'acquired', 'expected', 'open', 'lost', 'payable'] as const).map(k => [k, frEuros(sum(rows.map(r => r[k])))]),
  )
  return (
    <DataTable
      caption="Argent de l’année, par mission"
      captionHidden
      rows={rows}
      columns={[
        { key: 'heading', label: 'Mission', cell: r => headingLabel(r.heading) },
        money('envelope', 'Possible'),
        money('acquired', 'Acquis'),
        money('expected', 'Attendu'),
        money('open', 'À décider'),
        money('lost', lostWord),
        money('payable', 'Exigible'),
        { key: 'received', label: 'Versé', numeric: true, cell: r => frEuros(r.received) },
        { key: 'from', label: 'Connu', cell: r => <From provenance={r.envelope.provenance} /> },
      ]}
      total={{ ...totals, received: frEuros(received(rows)) }}
    />
  )
}

/** Communities announce one or the other of the two: both are always shown. */
function Ceilings({ year }: { year: YearStatement }) {
  if (!year.ceilings) return null
  const said = (c: Ceiling) => ({
    value: c.computed ? (
      <>
        {frEuros(c.computed.cents)} <From provenance={c.computed.provenance} />
      </>
    ) : (
      'Un montant est inconnu'
    ),
    note: c.stated
      ? `Annoncé : ${frEuros(c.stated.figure.cents)}${c.stated.rounded ? ', arrondi' : ''} (${provenanceWords[c.stated.figure.provenance].word})`
      : 'Aucun total n’est annoncé pour ces termes.',
  })
  return (
    <Section
      title="Les deux plafonds de l’année"
      lead="Selon les communiqués, le plafond d’une CPTS compte ou non la compensation des soins non programmés."
    >
      <Facts
        columns={2}
        items={[
          { label: 'Sans la compensation', ...said(year.ceilings.withoutCompensation) },
          { label: 'Avec la compensation', ...said(year.ceilings.withCompensation) },
        ]}
      />
    </Section>
  )
}

const paymentWords = { full: 'En totalité', advance: 'Avance', balance: 'Solde', repayment: 'À rendre' } as const
function Payments({ account, year, today }: { account: Account; year: YearStatement; today: string }) {
  const rows = account.statement.payments.filter(p => p.day >= year.from && p.day < year.to)
  return (
    <Section title="Ce qui doit être versé, et quand" count={rows.length}>
      <DataTable
        caption="Échéancier de l’année"
        captionHidden
        rows={rows}
        columns={[
          { key: 'heading', label: 'Mission', cell: p => headingLabel(p.heading) },
          { key: 'kind', label: 'Versement', cell: p => `${paymentWords[p.kind]}, année ${p.year}` },
          { key: 'day', label: 'Date', tight: true, cell: p => frDate(p.day) },
          {
            key: 'due',
            label: 'Échéance',
            cell: p => (p.day <= today ? <Tag tone="ok">Exigible</Tag> : <Tag tone="neutral">À venir</Tag>),
          },
          { key: 'amount', label: 'Montant', numeric: true, cell: p => frEuros(p.figure.cents) },
          { key: 'from', label: 'Connu', cell: p => <From provenance={p.figure.provenance} /> },
        ]}
        total={{ amount: frEuros(sum(rows.map(p => p.figure))) }}
        empty={{ title: 'Rien ne doit être versé cette année-là' }}
      />
    </Section>
  )
}

function Receipts({ ctx, all, write }: { ctx: Ctx; all: Receipt[]; write: boolean }) {
  return (
    <Section title="Ce qui a été versé">
      <Count n={all.length} one="versement" many="versements" />
      <DataTable
        caption="Versements reçus dans l’année"
        captionHidden
        rows={all}
        columns={[
          { key: 'heading', label: 'Ce qui est payé', cell: r => headingLabel(r.heading) },
          { key: 'day', label: 'Date', tight: true, cell: r => frDate(r.day) },
          { key: 'note', label: 'Référence', cell: r => r.note ?? '' },
          { key: 'by', label: 'Enregistré par', cell: r => r.by },
          { key: 'amount', label: 'Montant', numeric: true, cell: r => (r.withdrawn ? <del>{frEuros(r.cents)}</del> : frEuros(r.cents)) },
          {
            key: 'act',
            label: 'Erreur ?',
            cell: r =>
              r.withdrawn ? (
                <>
                  <Tag tone="stop">Retiré</Tag> {r.withdrawn.reason}
                </>
              ) : (
                write && (
                  <a href={`${ctx.home}/contrat/argent/versements/${r.id}/retirer`}>
                    Retirer<span class="away"> le versement du {frDate(r.day)}</span>
                  </a>
                )
              ),
          },
        ]}
        empty={{
          title: 'Aucun versement n’est enregistré cette année-là',
          children: 'Recopiez-les du relevé de compte : le graphique les compare à ce qui est exigible.',
        }}
      />
    </Section>
  )
}

export const receiptPage = page({
  path: '/c/:cpts/contrat/argent/versement',
  title: 'Enregistrer un versement',
  access: writers,
  form: receiptForm,
  show: (ctx, refused) => (
    <>
      <PageTitle
        title="Enregistrer un versement"
        back={{ label: 'Argent', href: `${ctx.home}/contrat/argent` }}
        lead="Une ligne par mission payée, comme sur le relevé ou la lettre de la CPAM."
      />
      <FormView
        form={receiptForm}
        action={`${ctx.home}/contrat/argent/versement`}
        submit="Enregistrer le versement"
        formKey={ctx.key()}
        raw={refused?.raw ?? { back: ['in'] }}
        errors={refused?.errors}
        secondary={cancelTo(`${ctx.home}/contrat/argent`)}
      />
    </>
  ),
  async submit(ctx, input): Promise<Outcome> {
    if (input.day > ctx.today) return { errors: { day: 'Cette date est dans le futur : enregistrez le versement quand il est arrivé.' } }
    if (input.amount === 0) return { errors: { amount: 'Écrivez un montant au-dessus de zéro.' } }
    const cents = input.back === 'out' ? -input.amount : input.amount
    await recordReceipt(ctx.tx, ctx, { day: input.day, heading: input.heading, cents, note: input.note })
    return { to: `${ctx.home}/contrat/argent`, notice: `${frEuros(cents)} enregistrés pour « ${headingLabel(input.heading)} ».` }
  },
})

export const receiptWithdrawPage = page({
  path: '/c/:cpts/contrat/argent/versements/:id/retirer',
  title: 'Retirer un versement',
  access: writers,
  form: withdrawForm,
  async show(ctx, refused) {
    const r = isUuid(ctx.params.id) && (await receiptById(ctx.tx, ctx.params.id))
    if (!r || r.withdrawn) throw notFound()
    return (
      <>
        <PageTitle
          title={`Retirer le versement de ${frEuros(r.cents)} du ${frDate(r.day)}`}
          back={{ label: 'Argent', href: `${ctx.home}/contrat/argent` }}
          lead="Il reste dans la liste, barré, avec votre nom et la raison."
        />
        <FormView
          form={withdrawForm}
          action={`${ctx.home}/contrat/argent/versements/${r.id}/retirer`}
          submit="Retirer ce versement"
          danger
          formKey={ctx.key()}
          raw={refused?.raw}
          errors={refused?.errors}
          secondary={cancelTo(`${ctx.home}/contrat/argent`)}
        />
      </>
    )
  },
  async submit(ctx, input) {
    const { id } = ctx.params
    if (!isUuid(id) || !(await withdrawReceipt(ctx.tx, ctx, id, input.why))) throw notFound()
    return { to: `${ctx.home}/contrat/argent`, notice: 'Versement retiré ; les totaux sont recalculés.' }
  },
})

interface MoneyLine extends Standing {
  year: number
}
export const moneySheets = sheet<MoneyLine>({
  path: '/c/:cpts/contrat/argent',
  title: 'Argent du contrat',
  access: readers,
  columns: [
    { label: 'Année du contrat', value: r => r.year },
    { label: 'Mission', value: r => headingLabel(r.heading) },
    ...(['envelope', 'acquired', 'expected', 'open', 'lost', 'payable'] as const).map((k, i) => ({
      label: ['Possible', 'Acquis', 'Attendu', 'À décider', 'Perdu ou non atteint', 'Exigible'][i]!,
      type: 'number' as const,
      value: (r: MoneyLine) => r[k].cents / 100,
    })),
    { label: 'Versé', type: 'number', value: r => r.received / 100 },
    { label: 'Connu', value: r => provenanceWords[r.envelope.provenance].word },
  ],
  async rows(ctx, format) {
    const account = await accountOf(ctx.tx, ctx.cpts.id, ctx.today)
    if (!account || account.statement.years.length === 0) return []
    const { year } = yearAsked(ctx, account)
    await audit(ctx.tx, ctx, { action: 'contract.export', detail: { format, year } })
    return standings(account.statement, account.facts, year).map(s => ({ ...s, year }))
  },
})
