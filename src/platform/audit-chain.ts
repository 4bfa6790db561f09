/**
 * Seals the audit into a chain of batches, per community, and verifies it. An event is inserted freely; every few seconds a worker
 * seals those that wait. No reader queues behind a chain's head, and what is not sealed yet is bounded and reported.
 */
import type { Database } from './db/database.ts'
import { maybe, one, rows, run, sql, type Tx } from './db/types.ts'
import type { Log } from './log.ts'
import { batchRoot, GENESIS, leafHash, merkleRoot } from './merkle.ts'
import { type Repeating, repeat } from './repeat.ts'

const EVERY_MS = 2_000
const BATCH = 500

/** Columns in the shape that is hashed; the instant to the microsecond, as the database keeps it. */
const hashed = sql`e.cpts_id, e.id, to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, e.actor_kind, e.actor_id,
  e.actor_label, e.action, e.subject_kind, e.subject_id, e.detail, e.request_id`
type Hashed = Parameters<typeof leafHash>[0] & { id: string; detail: object }
/** Whom lists named, how often and to whom, in the events that a condition keeps. */
const namedIn = (which: ReturnType<typeof sql>) =>
  sql`select n.id::uuid as subject_id, e.actor_label, count(*)::int as times, max(e.at) as last_at
      from app.audit_event e cross join lateral jsonb_array_elements_text(e.detail -> 'named') n (id)
      where ${which} and jsonb_typeof(e.detail -> 'named') = 'array' group by n.id, e.actor_label order by n.id, e.actor_label`

/** Seals for as long as the application lives. */
export function startSealer({ db, log, everyMs = EVERY_MS }: { db: Database; log: Log; everyMs?: number }): Repeating {
  return repeat('audit', everyMs, log, async signal => {
    const waiting = await db.inSite(tx => rows<{ id: string }>(tx, sql`select platform.cpts_with_unsealed() as id`))
    for (const { id } of waiting) {
      while (!signal.aborted && (await sealOnce(db, id)) === BATCH);
      if (signal.aborted) return
    }
  })
}

/** Seals what waits in a community; answers how many events. Called by two processes at once, one of them seals and the other finds nothing. */
export async function seal(db: Database, cptsId: string): Promise<number> {
  let total = 0
  for (let sealed = await sealOnce(db, cptsId); sealed > 0; sealed = await sealOnce(db, cptsId)) total += sealed
  return total
}

async function sealOnce(db: Database, cptsId: string): Promise<number> {
  try {
    return await db.inTenant(cptsId, sealBatch)
  } catch (error) {
    // Another process has just made the same batch: the primary key decides, ours is rolled back.
    if ((error as { code?: string }).code === '23505') return 0
    throw error
  }
}

/** One batch, in the transaction of a community. */
async function sealBatch(tx: Tx): Promise<number> {
  const events = await rows<Hashed>(
    tx,
    sql`select ${hashed} from app.audit_unsealed u join app.audit_event e on e.id = u.event_id order by e.id limit ${BATCH}`,
  )
  if (events.length === 0) return 0
  const last = await maybe<{ no: number; root: Buffer }>(tx, sql`select no, root from app.audit_batch order by no desc limit 1`)
  const no = (last?.no ?? 0) + 1
  const leaves = events.map(leafHash)
  const merkle = merkleRoot(leaves)
  const previous = last?.root ?? GENESIS
  const root = batchRoot(previous, merkle, no, events.length)
  await run(
    tx,
    sql`insert into app.audit_batch (no, sealed_at, events, merkle_root, previous_root, root)
        values (${no}, now(), ${events.length}, ${merkle}, ${previous}, ${root})`,
  )
  const ids = events.map(event => event.id)
  await run(
    tx,
    sql`insert into app.audit_seal (event_id, batch_no, position, leaf)
        select id, ${no}, n - 1, leaf from unnest(${ids}::uuid[], ${leaves}::bytea[]) with ordinality as t (id, leaf, n)`,
  )
  await run(tx, sql`delete from app.audit_unsealed where event_id = any(${ids}::uuid[])`)
  if (events.some(e => 'named' in e.detail))
    await run(
      tx,
      sql`insert into app.audit_named as kept (subject_id, actor_label, times, last_at) ${namedIn(sql`e.id = any(${ids}::uuid[])`)}
          on conflict (cpts_id, subject_id, actor_label)
            do update set times = kept.times + excluded.times, last_at = greatest(kept.last_at, excluded.last_at)`,
    )
  await run(tx, sql`insert into platform.audit_head (cpts_id, batch, root) select app.cpts_id(), ${no}, ${root} where ${no} = 1`)
  await run(tx, sql`update platform.audit_head set batch = ${no}, root = ${root} where cpts_id = app.cpts_id() and batch = ${no - 1}`)
  return events.length
}

export interface AuditFault {
  kind: 'altered' | 'deleted' | 'moved' | 'batch' | 'truncated' | 'unchained' | 'head' | 'named'
  batch?: number
  position?: number
  eventId?: string
}
export interface AuditReport {
  faults: AuditFault[]
  batches: number
  /** Events covered by the chain. */
  sealed: number
  /** Root of the last batch: noted elsewhere, it proves all that came before. */
  head: string | null
  unsealed: { count: number; oldestSeconds: number }
}

interface Batch {
  no: number
  events: number
  merkle: Buffer
  previous: Buffer
  root: Buffer
}
interface Leaf {
  position: number
  leaf: Buffer
  sealedId: string
  event: Hashed | null
}

/** Computes the whole chain of a community again and says, for each fault, where it is. */
export async function verifyAudit(db: Database, cptsId: string): Promise<AuditReport> {
  const faults: AuditFault[] = []
  const within = <T>(work: (tx: Tx) => Promise<T>) => db.inTenant(cptsId, work)
  // One statement, one instant: what is sealed while we verify is for the next verification.
  const { last, head, headRoot, seals } = await within(tx =>
    one<{ last: number; head: number; headRoot: Buffer | null; seals: number }>(
      tx,
      sql`select coalesce((select max(no) from app.audit_batch), 0) as last, coalesce(h.batch, 0) as head, h.root as "headRoot",
                 coalesce((select max(batch_no) from app.audit_seal), 0) as seals
          from (select 1) one left join platform.audit_head h on h.cpts_id = app.cpts_id()`,
    ),
  )
  let previous: Buffer = GENESIS
  let sealed = 0
  for (let no = 1; no <= Math.max(last, head, seals); no++) {
    const { batch, leaves } = await within(async tx => ({
      batch: await maybe<Batch>(
        tx,
        sql`select no, events, merkle_root as merkle, previous_root as previous, root from app.audit_batch where no = ${no}`,
      ),
      leaves: await readLeaves(tx, no),
    }))
    if (!batch) {
      faults.push({ kind: no > last ? 'truncated' : 'batch', batch: no })
      continue
    }
    sealed += batch.events
    faults.push(...verifyBatch(batch, leaves, previous))
    previous = batch.root
  }
  if (head !== last || (headRoot && last === head && !headRoot.equals(previous))) {
    if (!faults.some(f => f.kind === 'truncated')) faults.push({ kind: 'head', batch: head })
  }
  for (const { id } of await within(unchained)) faults.push({ kind: 'unchained', eventId: id })
  if (await within(miscounted)) faults.push({ kind: 'named' })
  const unsealed = await within(tail)
  // Waiting to be sealed, but gone.
  for (const id of unsealed.missing) faults.push({ kind: 'deleted', eventId: id })
  return {
    faults,
    batches: last,
    sealed,
    head: headRoot?.toString('hex') ?? null,
    unsealed: { count: unsealed.count, oldestSeconds: unsealed.oldest },
  }
}

function verifyBatch(batch: Batch, leaves: Leaf[], previous: Buffer): AuditFault[] {
  const { no } = batch
  const faults: AuditFault[] = []
  const at = new Map(leaves.map(l => [l.position, l]))
  const home = new Map(leaves.map(l => [l.leaf.toString('hex'), l.position]))
  for (let position = 0; position < batch.events; position++) {
    const found = at.get(position)
    if (!found) faults.push({ kind: 'deleted', batch: no, position })
    else if (!found.event) faults.push({ kind: 'deleted', batch: no, position, eventId: found.sealedId })
    else {
      const hash = leafHash(found.event)
      if (hash.equals(found.leaf)) continue
      // Its content is another leaf's: two events were exchanged.
      const elsewhere = home.get(hash.toString('hex'))
      faults.push({ kind: elsewhere === undefined ? 'altered' : 'moved', batch: no, position, eventId: found.sealedId })
    }
  }
  for (const l of leaves)
    if (l.position >= batch.events) faults.push({ kind: 'unchained', batch: no, position: l.position, eventId: l.sealedId })
  const rooted = merkleRoot(leaves.map(l => l.leaf)).equals(batch.merkle)
  const chained = batch.previous.equals(previous) && batchRoot(batch.previous, batch.merkle, no, batch.events).equals(batch.root)
  // Each event agrees with its leaf but the leaves are not those that were sealed: reordered, or rewritten together with the events.
  if (!rooted && !faults.some(f => f.kind === 'deleted')) faults.push(...misplaced(leaves, no))
  if (!chained) faults.push({ kind: 'batch', batch: no })
  return faults
}

/** A batch is sealed in the order of its identifiers: those that break it are the ones that moved. */
function misplaced(leaves: Leaf[], no: number): AuditFault[] {
  const order = leaves.map(l => l.sealedId).sort()
  const moved = leaves.filter((l, i) => l.sealedId !== order[i])
  if (moved.length === 0) return [{ kind: 'altered', batch: no }]
  return moved.map(l => ({ kind: 'moved' as const, batch: no, position: l.position, eventId: l.sealedId }))
}

async function readLeaves(tx: Tx, no: number): Promise<Leaf[]> {
  const found = await rows<{ position: number; leaf: Buffer; sealedId: string; id: string | null }>(
    tx,
    sql`select s.position, s.leaf, s.event_id as "sealedId", ${hashed}
        from app.audit_seal s left join app.audit_event e on e.id = s.event_id and e.cpts_id = s.cpts_id
        where s.batch_no = ${no} order by s.position`,
  )
  return found.map(({ position, leaf, sealedId, ...event }) => ({
    position,
    leaf,
    sealedId,
    event: event.id === null ? null : (event as unknown as Hashed),
  }))
}

/** Events that no batch holds and that nobody will seal: their line was written, or their seal removed, behind the triggers. */
const unchained = (tx: Tx) =>
  rows<{ id: string }>(
    tx,
    sql`select e.id from app.audit_event e
        where not exists (select from app.audit_seal s where s.event_id = e.id) and not exists (select from app.audit_unsealed u where u.event_id = e.id)
        order by e.id limit 100`,
  )

/** True when the sums of who was shown to whom are not those of the sealed lines. One statement, one instant. */
const miscounted = async (tx: Tx) => {
  const sealed = namedIn(sql`exists (select from app.audit_seal s where s.event_id = e.id)`)
  const kept = sql`select subject_id, actor_label, times, last_at from app.audit_named`
  const { wrong } = await one<{ wrong: boolean }>(
    tx,
    sql`select exists (((${sealed}) except (${kept})) union all ((${kept}) except (${sealed}))) as wrong`,
  )
  return wrong
}

const tail = (tx: Tx) =>
  one<{ count: number; oldest: number; missing: string[] }>(
    tx,
    sql`select count(*)::int as count, coalesce(extract(epoch from max(now() - e.at)), 0)::float8 as oldest,
               coalesce(array_agg(u.event_id::text) filter (where e.id is null), '{}') as missing
        from app.audit_unsealed u left join app.audit_event e on e.id = u.event_id`,
  )
