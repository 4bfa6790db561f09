/** The commands of the platform itself. */
import { type AuditFault, verifyAudit } from './audit-chain.ts'
import type { Command } from './command.ts'
import { rows, sql } from './db/types.ts'
import { jobCommands } from './dead-jobs.ts'
import { doctor } from './doctor.ts'
import { Refusal } from './errors.ts'
import { ledgerFaultWords, verifyLedger } from './ledger.ts'
import { duration } from './progress.ts'
import { pseudonyms } from './pseudonyms-command.ts'
import { sbom } from './sbom.ts'

const migrateCommand: Command = {
  name: 'migrate',
  usage: '',
  summary: 'Met la base de données à la version du programme.',
  async run(ctx) {
    await ctx.owner()
    ctx.say('La base de données est à jour.')
    return 0
  },
}

const words: Record<AuditFault['kind'], string> = {
  altered: 'modifiée',
  deleted: 'supprimée',
  moved: 'déplacée',
  batch: 'lot absent ou réécrit',
  truncated: 'lot supprimé à la fin',
  unchained: 'hors de la chaîne',
  head: 'la tête ne correspond pas au dernier lot',
  named: 'le compte des personnes montrées dans des listes n’est pas celui des lignes',
}

const auditVerify: Command = {
  name: 'audit verify',
  usage: '[--cpts NOM]',
  summary:
    'Recalcule les chaînes du journal d’accès et des registres de preuves, relit leurs fichiers, montre ce qui a été touché. Code de sortie 1 s’il y a une faute.',
  options: ['cpts'],
  async run(ctx) {
    const db = await ctx.db()
    const wanted = ctx.option('cpts')
    const all = await db.inSite(tx =>
      rows<{ id: string; slug: string }>(
        tx,
        sql`select id, slug from platform.cpts where ${wanted ?? null}::text is null or slug = ${wanted ?? null} order by slug`,
      ),
    )
    if (wanted && all.length === 0) throw new Refusal(`Aucune communauté ne s’appelle «\u202f${wanted}\u202f».`)
    let faults = 0
    for (const { id, slug } of all) {
      const report = await verifyAudit(db, id)
      faults += report.faults.length
      const tail = report.unsealed.count
        ? `, ${report.unsealed.count} à sceller (la plus ancienne depuis ${duration(report.unsealed.oldestSeconds)})`
        : ''
      ctx.say(
        `${report.faults.length ? 'FAUTE' : 'bien '}  ${slug}\u202f: ${report.sealed} lignes en ${report.batches} lots${tail}. Tête ${report.head ?? 'aucune'}`,
      )
      for (const f of report.faults) {
        const where = [f.batch && `lot ${f.batch}`, f.position !== undefined && `place ${f.position}`, f.eventId && `ligne ${f.eventId}`]
        ctx.say(`         ${words[f.kind]}\u202f: ${where.filter(Boolean).join(', ')}`)
      }
      for (const book of await db.inTenant(id, verifyLedger)) {
        faults += book.faults.length
        ctx.say(`${book.faults.length ? 'FAUTE' : 'bien '}  ${slug}, registre ${book.book}\u202f: ${book.lines} lignes. Tête ${book.head}`)
        for (const f of book.faults)
          ctx.say(`         ${ledgerFaultWords[f.kind]}\u202f: ligne ${f.no}${f.from ? `, qui était la ligne ${f.from}` : ''}`)
      }
      ctx.signal.throwIfAborted()
    }
    if (faults === 0 && all.length > 0)
      ctx.say('Notez les têtes hors de cette machine\u202f: retrouvées plus tard dans la chaîne, elles prouvent que rien n’a été récrit.')
    return faults ? 1 : 0
  },
}

export const platformCommands: readonly Command[] = [migrateCommand, doctor, auditVerify, sbom, pseudonyms, ...jobCommands]
