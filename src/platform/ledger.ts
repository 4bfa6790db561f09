/**
 * Books of lines that can only be added to. Each line holds its number, who, when, and what it says, as one JSON text; its hash
 * covers the hash of the line before. A line altered, removed, moved or cut off at the end is found and located, even by who
 * has no access to Trame: `printf '%s\n%s' PREVIOUS PAYLOAD | sha256sum`.
 */
import { createHash } from 'node:crypto'
import { type Actor, actorLabel, audit } from './audit.ts'
import { one, rows, run, sql, type Tx } from './db/types.ts'

export interface LedgerLine<T> {
  no: number
  at: string
  by: string
  /** What the line says; `file` is checked against the file kept. */
  said: T & { file?: { id: string; sha256: string } | null }
}
export interface LedgerRow {
  no: number
  payload: string
  previous: string
  hash: string
}
export const LEDGER_START = '0'.repeat(64)
export const lineHash = (previous: string, payload: string): string => createHash('sha256').update(`${previous}\n${payload}`).digest('hex')

/** Adds a line at the end of a book, in the transaction of what it records; says its number. One writer at a time, by the head's row. */
export async function append<T extends object>(
  tx: Tx,
  actor: Actor,
  book: string,
  said: LedgerLine<T>['said'],
  subject: { kind: string; id: string },
): Promise<{ no: number; hash: string }> {
  const head = await one<{ no: number; previous: string }>(
    tx,
    sql`insert into app.ledger_head as h (book, no, hash) values (${book}, 1, ${LEDGER_START})
        on conflict (cpts_id, book) do update set no = h.no + 1 returning no, hash as previous`,
  )
  const line: LedgerLine<T> = { no: head.no, at: actor.now.toISOString(), by: actor.label ?? actorLabel(actor.who), said }
  const payload = JSON.stringify(line)
  const hash = lineHash(head.previous, payload)
  await run(
    tx,
    sql`insert into app.ledger_entry (book, no, payload, previous, hash) values (${book}, ${head.no}, ${payload}, ${head.previous}, ${hash})`,
  )
  await run(tx, sql`update app.ledger_head set hash = ${hash} where book = ${book} and no = ${head.no}`)
  // The audit is sealed on its own: it knows the hash of every line, so a book rewritten from end to end is found too.
  await audit(tx, actor, { action: 'ledger.append', subject, detail: { book, no: head.no, hash } })
  return { no: head.no, hash }
}
export const ledgerRows = (tx: Tx, book: string): Promise<LedgerRow[]> =>
  rows(tx, sql`select no, payload, previous, hash from app.ledger_entry where book = ${book} order by no`)
/** The lines about one thing (the `subject` it was added with), found by the access log, which is indexed by subject: not by reading the book. */
export const ledgerRowsOf = (tx: Tx, book: string, subjectId: string): Promise<LedgerRow[]> =>
  rows(
    tx,
    sql`select no, payload, previous, hash from app.ledger_entry where book = ${book}
          and no in (select (detail->>'no')::int from app.audit_event where subject_id = ${subjectId} and action = 'ledger.append' and detail->>'book' = ${book})
        order by no`,
  )
export const readLine = <T>(row: Pick<LedgerRow, 'payload'>): LedgerLine<T> => JSON.parse(row.payload) as LedgerLine<T>

export interface LedgerFault {
  kind: 'altered' | 'removed' | 'moved' | 'truncated' | 'rewritten' | 'file'
  book: string
  no: number
  /** Where a moved line stood. */
  from?: number
}
export interface LedgerReport {
  book: string
  lines: number
  head: string
  faults: LedgerFault[]
}

/** Computes the chain of a book again. `deep` also compares every line with the access log, and reads every file that it names. */
export async function verifyBook(tx: Tx, book: string, { deep = false } = {}): Promise<LedgerReport> {
  const found = await ledgerRows(tx, book)
  const heads = await rows<{ no: number; hash: string }>(tx, sql`select no, hash from app.ledger_head where book = ${book}`)
  const known = deep
    ? await rows<{ no: number; hash: string }>(
        tx,
        sql`select (detail->>'no')::int as no, detail->>'hash' as hash from app.audit_event where action = 'ledger.append' and detail->>'book' = ${book}`,
      )
    : []
  const faults = chainFaults(book, found, Math.max(0, ...heads.map(h => h.no), ...known.map(k => k.no)))
  if (deep) {
    const bad = new Set(faults.map(f => f.no))
    const recorded = new Map(known.map(k => [k.no, k.hash]))
    for (const row of found) if (!bad.has(row.no) && recorded.get(row.no) !== row.hash) faults.push({ kind: 'rewritten', book, no: row.no })
    faults.push(...(await fileFaults(tx, book, found)))
  }
  return { book, lines: found.length, head: found.at(-1)?.hash ?? LEDGER_START, faults: faults.sort((a, b) => a.no - b.no) }
}

/** Pure: what is wrong with the lines as they stand, when there were `last` of them. */
export function chainFaults(book: string, found: readonly LedgerRow[], last: number): LedgerFault[] {
  const at = new Map(found.map(r => [r.no, r]))
  const end = Math.max(last, ...at.keys(), 0)
  const present = Math.max(0, ...at.keys())
  const faults: LedgerFault[] = []
  for (let no = 1; no <= end; no++) {
    const row = at.get(no)
    if (!row) {
      faults.push({ kind: no > present ? 'truncated' : 'removed', book, no })
      continue
    }
    const own = numberIn(row.payload)
    if (row.hash !== lineHash(row.previous, row.payload)) faults.push({ kind: 'altered', book, no })
    else if (own !== no) faults.push({ kind: 'moved', book, no, ...(own !== null && { from: own }) })
    else {
      const before = no === 1 ? LEDGER_START : at.get(no - 1)?.hash
      // When the line before is itself at fault, it is the one to name.
      const excused = before === undefined || faults.some(f => f.no === no - 1)
      if (before !== row.previous && !excused) faults.push({ kind: 'altered', book, no: no - 1 || no })
    }
  }
  return faults
}
function numberIn(payload: string): number | null {
  try {
    const { no } = JSON.parse(payload) as { no?: unknown }
    return typeof no === 'number' ? no : null
  } catch {
    return null
  }
}
/** Files that are gone, or whose bytes are no longer those that the line names. */
async function fileFaults(tx: Tx, book: string, found: readonly LedgerRow[]): Promise<LedgerFault[]> {
  const named = found.flatMap(r => {
    const file = numberIn(r.payload) === null ? null : readLine<object>(r).said.file
    return file ? [{ no: r.no, id: file.id, sha256: file.sha256 }] : []
  })
  if (named.length === 0) return []
  const good = await rows<{ no: number }>(
    tx,
    sql`select n.no from unnest(${named.map(n => n.no)}::int[], ${named.map(n => n.id)}::uuid[], ${named.map(n => n.sha256)}::text[]) as n (no, id, sha)
        join app.stored_file f on f.id = n.id and encode(sha256(f.bytes), 'hex') = n.sha`,
  )
  const kept = new Set(good.map(g => g.no))
  return named.filter(n => !kept.has(n.no)).map(n => ({ kind: 'file' as const, book, no: n.no }))
}

/** Every book of the community. */
export async function verifyLedger(tx: Tx): Promise<LedgerReport[]> {
  const books = await rows<{ book: string }>(
    tx,
    sql`select distinct book from (select book from app.ledger_entry union select book from app.ledger_head
          union select detail->>'book' from app.audit_event where action = 'ledger.append') b order by 1`,
  )
  const reports: LedgerReport[] = []
  for (const { book } of books) reports.push(await verifyBook(tx, book, { deep: true }))
  return reports
}
export const ledgerFaultWords: Record<LedgerFault['kind'], string> = {
  altered: 'ligne modifiée',
  removed: 'ligne supprimée',
  moved: 'ligne déplacée',
  truncated: 'ligne supprimée à la fin',
  rewritten: 'ligne récrite : l’empreinte n’est pas celle du journal d’accès',
  file: 'fichier absent ou modifié',
}
