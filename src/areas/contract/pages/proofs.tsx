/** Proofs: what is filed, for which mission and which figures; the book that nobody rewrites; the archive. */
import { audit } from '#platform/audit.ts'
import { notFound, Problem } from '#platform/errors.ts'
import { fileLabel, keepFile } from '#platform/files.ts'
import { isUuid } from '#platform/ids.ts'
import { verifyBook } from '#platform/ledger.ts'
import { type Ctx, download, type Outcome, page } from '#platform/page.ts'
import { sheet, sheetLinks } from '#platform/sheet.ts'
import {
  Count,
  DataTable,
  Facts,
  Filters,
  FormView,
  frDate,
  frDateTime,
  frNumber,
  LinkButton,
  Notice,
  P,
  PageTitle,
  plural,
  rawOf,
  Tag,
} from '#platform/ui/index.ts'
import { ZIP_TYPE } from '#platform/zip.ts'
import { proofForm, withdrawForm } from '../fields.ts'
import { categories, definitionOf, isMission, matching, missionLabel, missions, type Proof, type ProofFilter } from '../rules.ts'
import { ARCHIVE_BYTES, archive, BOOK, fileProof, listProofs, proofById, weightOf, withdrawProof } from '../store.ts'
import { cancelTo, mayWrite, readers, Tabs, writers } from './words.tsx'

const filterOf = (query: URLSearchParams): ProofFilter => {
  const mission = query.get('mission') ?? ''
  const year = query.get('annee') ?? ''
  const indicator = query.get('indicateur') ?? ''
  return {
    mission: isMission(mission) ? mission : null,
    year: /^\d{4}$/.test(year) ? year : null,
    indicator: definitionOf(indicator) ? indicator : null,
  }
}
const queryOf = (f: ProofFilter): string => {
  const query = new URLSearchParams()
  if (f.mission) query.set('mission', f.mission)
  if (f.year) query.set('annee', f.year)
  if (f.indicator) query.set('indicateur', f.indicator)
  return query.size ? `?${query}` : ''
}
const back = (ctx: Ctx) => ({ label: 'Preuves', href: `${ctx.home}/contrat/preuves` })
const stateOf = (p: Proof) =>
  p.withdrawn ? <Tag tone="stop">Retirée</Tag> : p.file ? <Tag tone="ok">Déposée</Tag> : <Tag tone="wait">Non disponible</Tag>

export const proofsPage = page({
  path: '/c/:cpts/contrat/preuves',
  title: 'Preuves',
  access: readers,
  async show(ctx) {
    const all = await listProofs(ctx.tx)
    const f = filterOf(ctx.query)
    const shown = matching(all, f)
    const here = `${ctx.home}/contrat/preuves`
    const chip = (label: string, next: ProofFilter, on: boolean) => ({
      label,
      href: here + queryOf(next),
      on,
      count: matching(all, next).length,
    })
    const years = [...new Set(all.map(p => p.day.slice(0, 4)))].sort().reverse()
    const used = missions.filter(m => all.some(p => p.mission === m))
    const indicator = f.indicator ? definitionOf(f.indicator) : null
    return (
      <>
        <PageTitle
          title="Preuves"
          count={all.length}
          lead="Chaque pièce est une ligne d’un registre chaîné : modifier, ôter ou déplacer une ligne se voit."
          actions={
            <>
              {mayWrite(ctx) && (
                <LinkButton href={`${here}/ajouter`} kind="primary">
                  Déposer une preuve
                </LinkButton>
              )}
              {all.length > 0 && (
                <LinkButton href={`${here}/archive.zip${queryOf(f)}`} download>
                  Archive vérifiable (ZIP)
                </LinkButton>
              )}
            </>
          }
        />
        <Tabs ctx={ctx} at="/contrat/preuves" />
        {all.length > 0 && <Seal ctx={ctx} />}
        {all.length > 0 && (
          <Filters
            chips={[
              chip('Toutes', {}, !f.mission && !f.year && !f.indicator),
              ...used.map(m => chip(missionLabel(m), { ...f, mission: m }, f.mission === m)),
              ...years.map(y => chip(y, { ...f, year: y }, f.year === y)),
              ...(indicator ? [chip(indicator.name, { ...f }, true)] : []),
            ]}
            exports={sheetLinks(here, queryOf(f))}
          />
        )}
        {all.length > 0 && <Count n={shown.length} of={all.length} one="preuve" many="preuves" />}
        <DataTable
          caption="Preuves, dans l’ordre du registre"
          captionHidden
          rows={shown}
          rowHref={p => `${here}/${p.id}`}
          columns={[
            { key: 'title', label: 'Ce que cela prouve' },
            { key: 'no', label: 'Ligne', numeric: true },
            { key: 'category', label: 'Type', cell: p => categories[p.category] },
            { key: 'day', label: 'Date', tight: true, cell: p => frDate(p.day) },
            { key: 'mission', label: 'Mission', cell: p => (p.mission ? missionLabel(p.mission) : '') },
            { key: 'indicators', label: 'Indicateurs', numeric: true, cell: p => p.indicators.length || '' },
            {
              key: 'state',
              label: 'État',
              cell: p => (
                <>
                  {stateOf(p)}
                  {p.kind === 'unavailable' && <div class="note">{p.reason}</div>}
                </>
              ),
            },
          ]}
          empty={{
            title: all.length ? 'Aucune preuve ne répond à ces filtres' : 'Aucune preuve n’est déposée',
            children: all.length
              ? 'Retirez un filtre pour en voir davantage.'
              : 'Une feuille d’émargement, un compte rendu, un protocole : ce qui montre que l’action a eu lieu, et pour quel indicateur.',
          }}
        />
      </>
    )
  },
})
/** The chain, worked out again at each look; the bytes of the files and the access log by `audit verify`. */
async function Seal({ ctx }: { ctx: Ctx }) {
  const report = await verifyBook(ctx.tx, BOOK)
  return report.faults.length ? (
    <Notice tone="late" title="Le registre a été touché">
      {`Lignes en cause : ${report.faults.map(f => f.no).join(', ')}. Lancez « audit verify » et prévenez la présidence.`}
    </Notice>
  ) : (
    <P muted>{`Registre intact : ${plural(report.lines, 'ligne', 'lignes')}, tête ${report.head.slice(0, 16)}`}</P>
  )
}

export const proofSheets = sheet<Proof>({
  path: '/c/:cpts/contrat/preuves',
  title: 'Preuves',
  access: readers,
  columns: [
    { label: 'Ligne', value: p => p.no },
    { label: 'Ce que cela prouve', value: p => p.title },
    { label: 'Type', value: p => categories[p.category] },
    { label: 'Date', value: p => p.day },
    { label: 'Mission', value: p => (p.mission ? missionLabel(p.mission) : '') },
    { label: 'Indicateurs', value: p => p.indicators.map(i => definitionOf(i)?.name ?? i).join(' ; ') },
    { label: 'Fichier', value: p => p.file?.name ?? '' },
    { label: 'SHA-256', value: p => p.file?.sha256 ?? '' },
    { label: 'Non disponible, parce que', value: p => (p.kind === 'unavailable' ? (p.reason ?? '') : '') },
    { label: 'Déposée par', value: p => p.by },
    { label: 'Retirée', value: p => p.withdrawn?.reason ?? '' },
  ],
  async rows(ctx, format) {
    const rows = matching(await listProofs(ctx.tx), filterOf(ctx.query))
    await audit(ctx.tx, ctx, { action: 'proof.export', detail: { format, rows: rows.length } })
    return rows
  },
})

export const addProofPage = page({
  path: '/c/:cpts/contrat/preuves/ajouter',
  title: 'Déposer une preuve',
  access: writers,
  form: proofForm,
  show: (ctx, refused) => (
    <>
      <PageTitle
        title="Déposer une preuve"
        back={back(ctx)}
        lead="Déposée, elle ne se modifie plus ; une erreur se retire, avec une raison, et la ligne reste."
      />
      <FormView
        form={proofForm}
        action={`${ctx.home}/contrat/preuves/ajouter`}
        submit="Déposer la preuve"
        formKey={ctx.key()}
        raw={
          refused?.raw ??
          rawOf({ indicators: ctx.query.get('indicateur'), mission: definitionOf(ctx.query.get('indicateur') ?? '')?.mission })
        }
        errors={refused?.errors}
        secondary={cancelTo(`${ctx.home}/contrat/preuves`)}
      />
    </>
  ),
  async submit(ctx, input): Promise<Outcome> {
    if (input.day > ctx.today) return { errors: { day: 'Cette date est dans le futur : une preuve montre ce qui a eu lieu.' } }
    if (!input.proof && !input.unavailable) return { errors: { proof: 'Choisissez un fichier, ou dites pourquoi il n’y en a pas.' } }
    if (input.proof && input.unavailable)
      return { errors: { unavailable: 'Il y a un fichier : laissez ce champ vide, ou retirez le fichier.' } }
    const kept = input.proof && (await keepFile(ctx.tx, ctx, input.proof))
    if (kept && !kept.ok) return { errors: { proof: kept.error } }
    const { title, category, day, mission, indicators } = input
    const file = kept
      ? { id: kept.file.id, sha256: kept.file.sha256, name: kept.file.givenName, type: kept.file.type, bytes: kept.file.bytes }
      : null
    const filed = await fileProof(ctx.tx, ctx, { title, category, day, mission, indicators, reason: input.unavailable, file })
    return {
      to: `${ctx.home}/contrat/preuves/${filed.id}`,
      notice: file
        ? `Preuve déposée : ligne ${filed.no} du registre.`
        : `Noté : ligne ${filed.no} du registre. Elle ne compte pas comme une preuve.`,
    }
  },
})

async function proofOf(ctx: Ctx, id: string): Promise<Proof> {
  const found = isUuid(id) && (await proofById(ctx.tx, id))
  if (!found) throw notFound()
  return found
}
export const proofPage = page({
  path: '/c/:cpts/contrat/preuves/:id',
  title: 'Preuve',
  access: readers,
  async show(ctx) {
    const p = await proofOf(ctx, ctx.params.id)
    return (
      <>
        <PageTitle
          title={p.title}
          back={back(ctx)}
          lead={stateOf(p)}
          actions={
            mayWrite(ctx) &&
            !p.withdrawn && (
              <LinkButton href={`${ctx.home}/contrat/preuves/${p.id}/retirer`} kind="quiet">
                Retirer
              </LinkButton>
            )
          }
        />
        {p.withdrawn && (
          <Notice tone="stop" title={`Retirée le ${frDateTime(p.withdrawn.at)} par ${p.withdrawn.by}`}>
            {p.withdrawn.reason}
          </Notice>
        )}
        <Facts
          columns={2}
          items={[
            { label: 'Type', value: categories[p.category] },
            { label: 'Date', value: frDate(p.day) },
            { label: 'Mission', value: p.mission && missionLabel(p.mission) },
            { label: 'Indicateurs', value: p.indicators.map(i => definitionOf(i)?.name ?? i).join(' ; ') || 'Aucun' },
            p.file
              ? {
                  label: 'Fichier',
                  value: (
                    <a href={`${ctx.home}/contrat/pieces/${p.file.id}`} download>
                      {p.file.name}
                    </a>
                  ),
                  note: `${fileLabel(p.file.type)}, ${frNumber(Math.max(1, Math.round(p.file.bytes / 1024)))} ko`,
                }
              : { label: 'Non disponible, parce que', value: p.reason },
            { label: 'Déposée par', value: p.by, note: frDateTime(p.at) },
            { label: 'Ligne du registre', value: String(p.no), note: `Empreinte ${p.hash}` },
            ...(p.file ? [{ label: 'Empreinte du fichier (SHA-256)', value: <code>{p.file.sha256}</code> }] : []),
          ]}
        />
      </>
    )
  },
})

export const withdrawProofPage = page({
  path: '/c/:cpts/contrat/preuves/:id/retirer',
  title: 'Retirer une preuve',
  access: writers,
  form: withdrawForm,
  async show(ctx, refused) {
    const p = await proofOf(ctx, ctx.params.id)
    if (p.withdrawn) throw notFound()
    return (
      <>
        <PageTitle
          title={`Retirer : ${p.title}`}
          back={back(ctx)}
          lead="Elle ne comptera plus dans aucun indicateur. Sa ligne reste au registre, suivie de celle du retrait."
        />
        <FormView
          form={withdrawForm}
          action={`${ctx.home}/contrat/preuves/${p.id}/retirer`}
          submit="Retirer la preuve"
          danger
          formKey={ctx.key()}
          raw={refused?.raw}
          errors={refused?.errors}
          secondary={cancelTo(`${ctx.home}/contrat/preuves/${p.id}`)}
        />
      </>
    )
  },
  async submit(ctx, input) {
    const p = await proofOf(ctx, ctx.params.id)
    if (p.withdrawn) throw notFound()
    await withdrawProof(ctx.tx, ctx, p, input.why)
    return { to: `${ctx.home}/contrat/preuves/${p.id}`, notice: 'Preuve retirée ; le retrait est une ligne du registre.' }
  },
})

export const archiveDownload = download({
  path: '/c/:cpts/contrat/preuves/archive.zip',
  title: 'Archive des preuves',
  access: readers,
  async respond(ctx) {
    const f = filterOf(ctx.query)
    if (weightOf(matching(await listProofs(ctx.tx), f)) > ARCHIVE_BYTES)
      throw new Problem(
        413,
        'Archive trop lourde',
        'Ces pièces dépassent 200 mégaoctets ensemble. Filtrez la liste par année ou par mission, puis recommencez.',
      )
    const made = await archive(ctx.tx, ctx, ctx.cpts.name, f)
    await audit(ctx.tx, ctx, { action: 'proof.archive', detail: { files: made.files, mission: f.mission ?? null, year: f.year ?? null } })
    return { name: `preuves-${ctx.cpts.slug}-${ctx.today}.zip`, type: ZIP_TYPE, body: made.bytes, sandbox: true }
  },
})
