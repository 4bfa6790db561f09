import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Community, type TestApp, testApp } from '../../test/app.ts'
import type { Actor } from './audit.ts'
import { keepBytes } from './files.ts'
import { append, LEDGER_START, type LedgerFault, ledgerRows, lineHash, verifyBook, verifyLedger } from './ledger.ts'

let t: TestApp
let c: Community
before(async () => {
  t = await testApp([])
})
after(() => t.close())

const actor = (): Actor => ({ who: { kind: 'system', job: 'test' }, now: t.now, requestId: 'test' })
const subject = { kind: 'proof', id: '01a20293-5622-7c1d-bf59-a5e932c52db3' }
async function book(lines: number): Promise<void> {
  c = await t.community()
  for (let i = 1; i <= lines; i++) await t.within(c, tx => append(tx, actor(), 'essai', { title: `ligne ${i}` }, subject))
}
/** Behind the triggers, as somebody who owns the database would. */
async function tamper(text: string): Promise<void> {
  await t.owner(`set session_replication_role = replica; ${text.replaceAll(':c', `'${c.id}'`)}; set session_replication_role = origin`)
}
const faults = async (): Promise<string[]> =>
  (await t.within(c, tx => verifyBook(tx, 'essai', { deep: true }))).faults.map(
    (f: LedgerFault) => `${f.kind} ${f.no}${f.from ? ` from ${f.from}` : ''}`,
  )

describe('a book', () => {
  it('chains its lines, each with its number, who, when and what', async () => {
    await book(3)
    const rows = await t.within(c, tx => ledgerRows(tx, 'essai'))
    assert.deepEqual(
      rows.map(r => [r.no, r.previous]),
      [
        [1, LEDGER_START],
        [2, rows[0]!.hash],
        [3, rows[1]!.hash],
      ],
    )
    assert.equal(rows[2]!.hash, lineHash(rows[1]!.hash, rows[2]!.payload))
    assert.deepEqual(JSON.parse(rows[2]!.payload), {
      no: 3,
      at: t.now.toISOString(),
      by: 'Trame, automatiquement',
      said: { title: 'ligne 3' },
    })
    assert.deepEqual(await faults(), [])
  })
  it('numbers twenty writers at once without a gap, a double or a fork', async () => {
    await book(0)
    await Promise.all(Array.from({ length: 20 }, (_, i) => t.within(c, tx => append(tx, actor(), 'essai', { i }, subject))))
    const rows = await t.within(c, tx => ledgerRows(tx, 'essai'))
    assert.deepEqual(
      rows.map(r => r.no),
      Array.from({ length: 20 }, (_, i) => i + 1),
    )
    assert.deepEqual(await faults(), [])
  })
  it('refuses to be rewritten, even by its owner', async () => {
    await book(1)
    for (const text of [`update app.ledger_entry set payload = '{}'`, 'delete from app.ledger_entry', 'truncate app.ledger_entry'])
      await assert.rejects(t.owner(text), /append-only/)
  })
})

describe('a book that was touched is found and located', () => {
  const of = (no: number) => `where cpts_id = :c and book = 'essai' and no = ${no}`
  it('a line altered', async () => {
    await book(4)
    await tamper(`update app.ledger_entry set payload = replace(payload, 'ligne 2', 'ligne x') ${of(2)}`)
    assert.deepEqual(await faults(), ['altered 2'])
  })
  it('a line removed, in the middle or at the beginning', async () => {
    await book(4)
    await tamper(`delete from app.ledger_entry ${of(2)}`)
    assert.deepEqual(await faults(), ['removed 2'])
    await book(2)
    await tamper(`delete from app.ledger_entry ${of(1)}`)
    assert.deepEqual(await faults(), ['removed 1'])
  })
  it('two lines exchanged', async () => {
    await book(4)
    await tamper(
      `update app.ledger_entry set no = 9 ${of(2)}; update app.ledger_entry set no = 2 ${of(3)}; update app.ledger_entry set no = 3 ${of(9)}`,
    )
    assert.deepEqual(await faults(), ['moved 2 from 3', 'moved 3 from 2'])
  })
  it('the end cut off, with the head put back', async () => {
    await book(4)
    await tamper(
      `delete from app.ledger_entry where cpts_id = :c and no > 2; update app.ledger_head set no = 2, hash = (select hash from app.ledger_entry ${of(2)}) where cpts_id = :c`,
    )
    assert.deepEqual(await faults(), ['truncated 3', 'truncated 4'])
  })
  it('the whole end rewritten with right hashes: the access log remembers the others', async () => {
    await book(3)
    const rows = await t.within(c, tx => ledgerRows(tx, 'essai'))
    let previous = rows[0]!.hash
    for (const r of rows.slice(1)) {
      const payload = r.payload.replace('ligne 2', 'ligne x')
      const hash = lineHash(previous, payload)
      await tamper(`update app.ledger_entry set payload = '${payload}', previous = '${previous}', hash = '${hash}' ${of(r.no)}`)
      previous = hash
    }
    await tamper(`update app.ledger_head set hash = '${previous}' where cpts_id = :c`)
    assert.deepEqual(await faults(), ['rewritten 2', 'rewritten 3'])
  })
  it('the whole book removed', async () => {
    await book(2)
    await tamper('delete from app.ledger_entry where cpts_id = :c; delete from app.ledger_head where cpts_id = :c')
    const [report] = await t.within(c, verifyLedger)
    assert.deepEqual(
      report?.faults.map(f => `${f.kind} ${f.no}`),
      ['truncated 1', 'truncated 2'],
    )
  })
  it('a file changed together with its own hash', async () => {
    await book(0)
    const kept = await t.within(c, tx => keepBytes(tx, actor(), 'a.txt', new TextEncoder().encode('douze participants')))
    assert.ok(kept.ok)
    const { id, sha256 } = kept.file
    await t.within(c, tx => append(tx, actor(), 'essai', { title: 'preuve', file: { id, sha256 } }, subject))
    assert.deepEqual(await faults(), [])
    await tamper(`update app.stored_file set bytes = 'vingt', sha256 = sha256('vingt') where cpts_id = :c`)
    assert.deepEqual(await faults(), ['file 1'])
  })
})
