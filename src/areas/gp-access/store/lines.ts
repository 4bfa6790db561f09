/** A batch where each line stands or falls alone: what fails is undone and told, what succeeds stays. */
import { run, sql, type Tx } from '#platform/db/types.ts'
import { Problem } from '#platform/errors.ts'

export type LineResult = { id: string; ok: true } | { id: string; ok: false; sentence: string }

/**
 * Runs `work` for each id inside a savepoint, in the order of the identifiers so that two batches never wait for each other;
 * answers in the order asked. A refusal (`Problem`) is that line's alone; a fault of ours undoes the whole batch.
 */
export async function eachLine(tx: Tx, ids: readonly string[], work: (id: string) => Promise<unknown>): Promise<LineResult[]> {
  const results = new Map<string, LineResult>()
  for (const id of ids.toSorted()) {
    await run(tx, sql`savepoint line`)
    try {
      await work(id)
      await run(tx, sql`release savepoint line`)
      results.set(id, { id, ok: true })
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      await run(tx, sql`rollback to savepoint line`)
      results.set(id, { id, ok: false, sentence: error.message })
    }
  }
  return ids.map(id => results.get(id)!)
}
