/** The yearly pack in one button: report, workbook, proofs; and what will be said « not available ». */
import { sayMissing, standings } from '#domain/contract/index.ts'
import { audit } from '#platform/audit.ts'
import { notFound } from '#platform/errors.ts'
import { type Ctx, download, page } from '#platform/page.ts'
import { pdf } from '#platform/pdf/pdf.ts'
import { docx } from '#platform/report/docx.ts'
import { DOCX_TYPE, PDF_TYPE, reportPdf } from '#platform/report/report.ts'
import {
  Cluster,
  DataTable,
  Empty,
  Filters,
  frDate,
  frEuros,
  LinkButton,
  Notice,
  P,
  PageTitle,
  plural,
  Section,
  typo,
} from '#platform/ui/index.ts'
import { bookSheet, workbook, XLSX_TYPE } from '#platform/xlsx.ts'
import { ZIP_TYPE, type ZipEntry } from '#platform/zip.ts'
import { type ReportMatter, reportOf } from '../report.ts'
import { lifeOf, matching, missionLabel, tellable } from '../rules.ts'
import { accountOf, actionSheets, archive, holding, listProofs, receipts, recordedSteps } from '../store.ts'
import { headingLabel } from './annex.tsx'
import { linesOf, sourceWords } from './indicators.tsx'
import { yearAsked, yearChips } from './money.tsx'
import { mayCount, mayWrite, provenanceWords, readers, Tabs } from './words.tsx'

async function matterOf(ctx: Ctx): Promise<ReportMatter | null> {
  const account = await accountOf(ctx.tx, ctx.cpts.id, ctx.today)
  if (!account || account.statement.years.length === 0) return null
  const steps = holding(await recordedSteps(ctx.tx))
  return {
    community: ctx.cpts.name,
    author: ctx.cpts.name,
    account,
    steps,
    life: lifeOf(steps, ctx.today),
    actions: await actionSheets(ctx.tx),
    proofs: await listProofs(ctx.tx),
    year: yearAsked(ctx, account),
    today: ctx.today,
    count: mayCount(ctx),
  }
}
async function matterOrNone(ctx: Ctx): Promise<ReportMatter> {
  const m = await matterOf(ctx)
  if (!m) throw notFound()
  return m
}

/** Sums and shares are formulas: who corrects a number sees the totals follow. */
async function book(ctx: Ctx, m: ReportMatter): Promise<Uint8Array<ArrayBuffer>> {
  const { year } = m
  const euros = '# ##0.00 [$€]'
  const money = (label: string, of: (s: ReturnType<typeof standings>[number]) => number) => ({
    label,
    type: 'number' as const,
    sum: true as const,
    format: euros,
    value: (s: ReturnType<typeof standings>[number]) => of(s) / 100,
  })
  const hidden = (l: ReturnType<typeof linesOf>[number]) =>
    l.d.source === 'requests' && !m.count && l.value.state === 'measured' && !tellable(l.value.ratio)
  const ratio = (l: ReturnType<typeof linesOf>[number]) => (l.value.state === 'measured' && !hidden(l) ? l.value.ratio : null)
  const came = (await receipts(ctx.tx)).filter(r => !r.withdrawn && r.day >= year.from && r.day < year.to)
  return workbook([
    bookSheet({
      title: 'Argent',
      rows: standings(m.account.statement, m.account.facts, year.year),
      columns: [
        { label: 'Mission', value: s => headingLabel(s.heading) },
        money('Possible', s => s.envelope.cents),
        money('Acquis', s => s.acquired.cents),
        money('Attendu', s => s.expected.cents),
        money('À décider', s => s.open.cents),
        money('Non atteint', s => s.lost.cents),
        money('Versé', s => s.received),
        { label: 'Reste à verser sur l’acquis', formula: line => `C${line}-G${line}`, format: euros, sum: true, value: () => null },
        { label: 'Connu', value: s => provenanceWords[s.envelope.provenance].word },
      ],
    }),
    bookSheet({
      title: 'Indicateurs',
      rows: linesOf(m.account, year),
      columns: [
        { label: 'Indicateur', value: l => l.d.name },
        { label: 'Mission', value: l => missionLabel(l.d.mission) },
        { label: 'Numérateur', type: 'number', value: l => ratio(l)?.numerator },
        { label: 'Dénominateur', type: 'number', value: l => ratio(l)?.denominator },
        { label: 'Valeur', value: () => null, formula: (line, l) => (ratio(l) ? `C${line}/D${line}` : null), format: '0.000' },
        {
          label: 'Non disponible, parce que',
          value: l => (l.value.state === 'unavailable' ? l.value.reason : hidden(l) ? 'Petit effectif : non communiqué' : 'Disponible'),
        },
        { label: 'Cible', value: l => l.target || 'Aucune' },
        { label: 'Départ (T0)', value: l => l.baseline || 'Non renseigné' },
        { label: 'Poids', type: 'number', value: l => l.weight / 10_000, format: '0%' },
        { label: 'Preuves', type: 'number', value: l => l.proofs },
        { label: 'Source', value: l => sourceWords[l.d.source] },
      ],
    }),
    bookSheet({
      title: 'Actions',
      rows: m.actions.filter(a => a.startsOn < year.to && a.endsOn >= year.from),
      columns: [
        { label: 'Action', value: a => a.title },
        { label: 'Mission', value: a => missionLabel(a.mission) },
        { label: 'Portée par', value: a => a.owner },
        { label: 'Début', type: 'date', value: a => a.startsOn },
        { label: 'Fin prévue', type: 'date', value: a => a.endsOn },
        { label: 'Budget', type: 'number', sum: true, format: euros, value: a => (a.budgetCents ?? 0) / 100 },
        { label: 'Heures', type: 'number', sum: true, value: a => a.hours ?? 0 },
      ],
    }),
    bookSheet({
      title: 'Versements',
      rows: came,
      columns: [
        { label: 'Ce qui est payé', value: r => headingLabel(r.heading) },
        { label: 'Date', type: 'date', value: r => r.day },
        { label: 'Montant', type: 'number', sum: true, format: euros, value: r => r.cents / 100 },
        { label: 'Référence', value: r => r.note ?? 'Aucune' },
      ],
    }),
  ])
}

const fileName = (ctx: Ctx, m: ReportMatter, extension: string) => `bilan-${ctx.cpts.slug}-annee-${m.year.year}.${extension}`
const told = (ctx: Ctx, m: ReportMatter, what: string) =>
  audit(ctx.tx, ctx, { action: 'contract.report', detail: { what, year: m.year.year } })

export const packPage = page({
  path: '/c/:cpts/contrat/bilan',
  title: 'Bilan annuel',
  access: readers,
  async show(ctx) {
    const m = await matterOf(ctx)
    const here = `${ctx.home}/contrat/bilan`
    if (!m)
      return (
        <>
          <PageTitle title="Bilan annuel" />
          <Tabs ctx={ctx} at="/contrat/bilan" />
          <Empty
            title="Aucun contrat signé n’est enregistré"
            action={mayWrite(ctx) && <LinkButton href={`${ctx.home}/contrat/termes`}>Enregistrer la signature</LinkButton>}
          />
        </>
      )
    const report = reportOf(m)
    const q = `?annee=${m.year.year}`
    const own = matching(m.proofs, { span: m.year }).filter(p => p.file)
    return (
      <>
        <PageTitle
          title="Bilan annuel"
          lead={report.subtitle}
          actions={
            <LinkButton href={`${here}/dossier.zip${q}`} kind="primary" download>
              Dossier complet (ZIP)
            </LinkButton>
          }
        />
        <Tabs ctx={ctx} at="/contrat/bilan" />
        <Filters label="Années du contrat" chips={yearChips(m.account, m.year.year, ctx.today, n => `${here}?annee=${n}`)} />
        {ctx.today < m.year.to && (
          <Notice title="L’année n’est pas finie">{`Le bilan dit où vous en êtes le ${frDate(ctx.today)}.`}</Notice>
        )}
        <P>{`Le dossier réunit le rapport, le classeur des chiffres, ${plural(own.length, 'fichier de preuve', 'fichiers de preuve')} et leurs empreintes. Chaque pièce se prend aussi seule.`}</P>
        <Cluster>
          <LinkButton href={`${here}/rapport.pdf${q}`} download>
            Rapport (PDF)
          </LinkButton>
          <LinkButton href={`${here}/rapport.docx${q}`} download>
            Rapport (Word)
          </LinkButton>
          <LinkButton href={`${here}/classeur.xlsx${q}`} download>
            Classeur (Excel)
          </LinkButton>
        </Cluster>
        {m.year.missing.length > 0 && (
          <Section title="Ce qui sera dit « non disponible »" count={m.year.missing.length}>
            <ul class="steps">
              {m.year.missing.map(x => (
                <li>{typo(sayMissing(x))}</li>
              ))}
            </ul>
          </Section>
        )}
        <Section title="Ce que contient le rapport">
          <DataTable
            caption="Parties du rapport"
            captionHidden
            rows={report.sections}
            columns={[
              { key: 'title', label: 'Partie' },
              {
                key: 'what',
                label: 'Contenu',
                cell: s => s.tables.map(t => `${t.caption} (${plural(t.rows.length, 'ligne', 'lignes')})`).join(' ; ') || s.paragraphs[0],
              },
            ]}
          />
          <P muted>{`Argent de l’année : ${frEuros(m.year.due.cents)} dus sur ${frEuros(m.year.envelope.cents)} possibles.`}</P>
        </Section>
      </>
    )
  },
})

export const packFiles = [
  download({
    path: '/c/:cpts/contrat/bilan/rapport.pdf',
    title: 'Bilan annuel (PDF)',
    access: readers,
    async respond(ctx) {
      const m = await matterOrNone(ctx)
      await told(ctx, m, 'pdf')
      return { name: fileName(ctx, m, 'pdf'), type: PDF_TYPE, body: await pdf(reportPdf(reportOf(m))) }
    },
  }),
  download({
    path: '/c/:cpts/contrat/bilan/rapport.docx',
    title: 'Bilan annuel (Word)',
    access: readers,
    async respond(ctx) {
      const m = await matterOrNone(ctx)
      await told(ctx, m, 'docx')
      return { name: fileName(ctx, m, 'docx'), type: DOCX_TYPE, body: await docx(reportOf(m)) }
    },
  }),
  download({
    path: '/c/:cpts/contrat/bilan/classeur.xlsx',
    title: 'Classeur du bilan (Excel)',
    access: readers,
    async respond(ctx) {
      const m = await matterOrNone(ctx)
      await told(ctx, m, 'xlsx')
      return { name: fileName(ctx, m, 'xlsx'), type: XLSX_TYPE, body: await book(ctx, m) }
    },
  }),
  download({
    path: '/c/:cpts/contrat/bilan/dossier.zip',
    title: 'Dossier du bilan (ZIP)',
    access: readers,
    async respond(ctx) {
      const m = await matterOrNone(ctx)
      const report = reportOf(m)
      const more: ZipEntry[] = [
        { name: 'bilan.pdf', bytes: await pdf(reportPdf(report)) },
        { name: 'bilan.docx', bytes: await docx(report) },
        { name: 'bilan.xlsx', bytes: await book(ctx, m) },
      ]
      const made = await archive(ctx.tx, ctx, ctx.cpts.name, { span: m.year }, more)
      await told(ctx, m, 'zip')
      return { name: fileName(ctx, m, 'zip'), type: ZIP_TYPE, body: made.bytes, sandbox: true }
    },
  }),
]
