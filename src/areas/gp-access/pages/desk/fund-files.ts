/** The files of the comparison with the fund: what goes back to it, its program, the lines for the coordination. */
import { members } from '#platform/access.ts'
import { audit } from '#platform/audit.ts'
import { CSV_TYPE, csv } from '#platform/csv.ts'
import { conflict } from '#platform/errors.ts'
import { type Ctx, download, type Route } from '#platform/page.ts'
import { sheet } from '#platform/sheet.ts'
import { pseudonymsProgram } from '#platform/standalone.ts'
import { type Answer, answerFor, communeTable, statusNames } from '../../fund.ts'
import { stateNames } from '../../rules.ts'
import { type FundFile, type FundLine, fundFile, fundLines } from '../../store/fund.ts'
import { knownOf, noteOf, statusOf } from './fund.tsx'
import { idOf } from './words.tsx'

const access = members('coordinator')

/** A file whose lines are still there. */
async function kept(ctx: Pick<Ctx, 'tx'>, id: string): Promise<FundFile> {
  const f = await fundFile(ctx.tx, idOf(id))
  if (f.erasedAt) throw conflict('Les pseudonymes de ce fichier ont été effacés. Demandez-en un nouveau à la caisse.')
  return f
}
const answersFile = download({
  path: '/c/:cpts/rapprochement/:id/retour.csv',
  title: 'Réponses à la caisse, par pseudonyme (CSV)',
  access,
  async respond(ctx) {
    const f = await kept(ctx, ctx.params.id)
    const lines = await fundLines(ctx.tx, f.id)
    const answer = (l: FundLine): Answer => answerFor(l.status, l.state && { state: l.state, exit: l.exit })
    await audit(ctx.tx, ctx, { action: 'fund.export', subject: { kind: 'fund_file', id: f.id }, detail: { rows: lines.length } })
    const body = [`trame-retour-1;${f.keyPrint}`, 'pseudonyme;reponse', ...lines.map(l => `${l.pseudonym};${answer(l)}`).sort()]
    return { name: `retour-caisse-${ctx.today}.csv`, type: CSV_TYPE, body: `${body.join('\r\n')}\r\n` }
  },
})
const communesFile = download({
  path: '/c/:cpts/rapprochement/:id/communes.csv',
  title: 'Personnes à contacter, par commune (CSV)',
  access,
  async respond(ctx) {
    const f = await kept(ctx, ctx.params.id)
    const lines = await fundLines(ctx.tx, f.id, { status: 'absent' })
    await audit(ctx.tx, ctx, { action: 'fund.export', subject: { kind: 'fund_file', id: f.id }, detail: { rows: lines.length } })
    const table = communeTable(lines.map(l => l.communeCode))
    const names = new Map(lines.map(l => [l.communeCode, l.commune]))
    const hiddenText = 'masqué (moins de 11 ou avec une autre)'
    return {
      name: `communes-caisse-${ctx.today}.csv`,
      type: CSV_TYPE,
      body: csv(
        [
          { label: 'Commune', value: r => r.name },
          { label: 'Personnes pas dans la liste (à dix près)', value: r => r.people ?? hiddenText },
        ],
        [
          ...(table?.communes ?? []).map(c => ({ name: names.get(c.code) ?? c.code, people: c.people })),
          { name: 'Ensemble', people: table?.total ?? null },
        ],
      ),
    }
  },
})
const programFile = download({
  path: '/c/:cpts/rapprochement/programme.mjs',
  title: 'Programme de pseudonymes, pour la caisse',
  access: members('coordinator', 'funder'),
  respond: async () => ({ name: 'pseudonymes.mjs', type: 'text/javascript; charset=utf-8', body: pseudonymsProgram() }),
})
const linesSheets = sheet<FundLine>({
  path: '/c/:cpts/rapprochement/:id/lignes',
  title: 'Rapprochement avec la caisse',
  access,
  columns: [
    { label: 'Demande', value: l => l.number },
    { label: 'Rapprochement', value: l => statusNames[l.status] },
    { label: 'Remarque', value: noteOf },
    { label: 'Commune selon la caisse', value: l => l.commune },
    { label: 'État', value: l => l.state && stateNames[l.state] },
    { label: 'ALD selon la caisse', value: l => (l.ald ? 'oui' : 'non') },
    { label: 'ALD sur la demande', value: l => (l.said === null ? '' : l.said ? 'oui' : 'non') },
  ],
  async rows(ctx, format) {
    const f = await kept(ctx, (ctx.params as { id: string }).id)
    const lines = await fundLines(ctx.tx, f.id, { status: statusOf(ctx) })
    await audit(
      ctx.tx,
      ctx,
      { action: 'fund.export', subject: { kind: 'fund_file', id: f.id }, detail: { format, rows: lines.length } },
      ...knownOf(lines).map(id => ({ action: 'request.export', subject: { kind: 'request', id } })),
    )
    return lines
  },
})

export const fundFileRoutes: readonly Route[] = [answersFile, communesFile, programFile, ...linesSheets]
