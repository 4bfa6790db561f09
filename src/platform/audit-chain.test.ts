import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { after, before, beforeEach, test } from 'node:test'
import pg from 'pg'
import { type TestDatabase, testDatabase } from '../../test/database.ts'
import { audit } from './audit.ts'
import { type AuditFault, seal, startSealer, verifyAudit } from './audit-chain.ts'
import { type Database, openDatabase } from './db/database.ts'
import { run, sql } from './db/types.ts'
import { silentLog } from './log.ts'
import { canonical, leafHash, merkleRoot } from './merkle.ts'

let base: TestDatabase
let db: Database
let admin: pg.Client
let noe: string

before(async () => {
  base = await testDatabase()
  db = openDatabase({ connection: base.appConfig })
  admin = new pg.Client(base.superuserConfig)
  await admin.connect()
})
beforeEach(async () => {
  noe = randomUUID()
  await admin.query("insert into platform.cpts (id, slug, name) values ($1, $2, 'Noé')", [noe, noe])
})
after(async () => {
  await db.close()
  await admin.end()
  await base.drop()
})

const actor = { who: { kind: 'system', job: 'test' }, now: new Date('2027-03-04T09:00:00.123Z'), requestId: 'r1' } as const
/** Writes `n` events, in as many transactions. */
async function events(n: number, cpts = noe): Promise<void> {
  for (let i = 0; i < n; i++)
    await db.inTenant(cpts, tx =>
      audit(tx, actor, { action: 'request.read', subject: { kind: 'request', id: randomUUID() }, detail: { i } }),
    )
}
/** Three batches of four events. */
async function chain(): Promise<void> {
  for (let batch = 0; batch < 3; batch++) {
    await events(4)
    assert.equal(await seal(db, noe), 4)
  }
}
/** As an administrator who switches every trigger off. */
async function behindOurBack(text: string, values: unknown[] = [noe]): Promise<void> {
  await admin.query('begin')
  await admin.query("set local session_replication_role = 'replica'")
  const { rowCount } = await admin.query(text, values)
  assert.ok(rowCount! > 0, 'the attack touched nothing')
  await admin.query('commit')
}
const eventAt = async (batch: number, position: number): Promise<string> =>
  (await admin.query('select event_id from app.audit_seal where cpts_id = $1 and batch_no = $2 and position = $3', [noe, batch, position]))
    .rows[0].event_id
const faults = async (): Promise<AuditFault[]> => (await verifyAudit(db, noe)).faults

test('an untouched chain verifies, across batches, and says what it covers', async () => {
  await chain()
  await events(2)
  const report = await verifyAudit(db, noe)
  assert.deepEqual(report.faults, [])
  assert.deepEqual([report.batches, report.sealed, report.unsealed.count], [3, 12, 2])
  assert.match(report.head!, /^[0-9a-f]{64}$/)
  assert.equal(await seal(db, noe), 2)
  assert.equal((await verifyAudit(db, noe)).unsealed.count, 0)
})

test('an empty community verifies', async () => {
  assert.deepEqual(await verifyAudit(db, noe), { faults: [], batches: 0, sealed: 0, head: null, unsealed: { count: 0, oldestSeconds: 0 } })
})

for (const [column, value] of [
  ['actor_label', "'Quelqu’un d’autre'"],
  ['at', "at + interval '1 microsecond'"],
  ['detail', `'{"i": 99}'`],
  ['subject_id', 'null'],
  ['request_id', "'r2'"],
] as const)
  test(`an altered event is located (${column})`, async () => {
    await chain()
    const id = await eventAt(2, 1)
    await behindOurBack(`update app.audit_event set ${column} = ${value} where cpts_id = $1 and id = $2`, [noe, id])
    assert.deepEqual(await faults(), [{ kind: 'altered', batch: 2, position: 1, eventId: id }])
  })

test('a deleted event is located', async () => {
  await chain()
  const id = await eventAt(1, 3)
  await behindOurBack('delete from app.audit_event where cpts_id = $1 and id = $2', [noe, id])
  assert.deepEqual(await faults(), [{ kind: 'deleted', batch: 1, position: 3, eventId: id }])
})

test('an event deleted together with its seal is located', async () => {
  await chain()
  const id = await eventAt(3, 3)
  await behindOurBack('delete from app.audit_event where cpts_id = $1 and id = $2', [noe, id])
  await behindOurBack('delete from app.audit_seal where cpts_id = $1 and event_id = $2', [noe, id])
  assert.deepEqual(await faults(), [{ kind: 'deleted', batch: 3, position: 3 }])
})

test('two events exchanged are both located', async () => {
  await chain()
  const [a, b] = [await eventAt(2, 0), await eventAt(2, 2)]
  const third = randomUUID()
  for (const [from, to] of [
    [a, third],
    [b, a],
    [third, b],
  ])
    await behindOurBack('update app.audit_event set id = $3 where cpts_id = $1 and id = $2', [noe, from, to])
  const found = await faults()
  assert.deepEqual(
    found.map(f => [f.batch, f.position, f.eventId]),
    [
      [2, 0, a],
      [2, 2, b],
    ],
  )
})

test('seals put in another order are located', async () => {
  await chain()
  await behindOurBack(
    'update app.audit_seal set position = case position when 0 then 100 when 1 then 0 else position end where cpts_id = $1 and batch_no = 2 and position in (0, 1)',
  )
  await behindOurBack('update app.audit_seal set position = 1 where cpts_id = $1 and batch_no = 2 and position = 100')
  assert.deepEqual(await faults(), [
    { kind: 'moved', batch: 2, position: 0, eventId: await eventAt(2, 0) },
    { kind: 'moved', batch: 2, position: 1, eventId: await eventAt(2, 1) },
  ])
})

test('an event rewritten together with its leaf is found in its batch', async () => {
  await chain()
  const id = await eventAt(2, 1)
  await behindOurBack("update app.audit_event set action = 'request.other' where cpts_id = $1 and id = $2", [noe, id])
  const { rows } = await admin.query(
    `select cpts_id, id, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, actor_kind, actor_id, actor_label, action,
            subject_kind, subject_id, detail, request_id from app.audit_event where cpts_id = $1 and id = $2`,
    [noe, id],
  )
  await behindOurBack('update app.audit_seal set leaf = $3 where cpts_id = $1 and event_id = $2', [noe, id, leafHash(rows[0])])
  assert.deepEqual(await faults(), [{ kind: 'altered', batch: 2 }])
})

test('a batch removed from the middle, and the last one, are located', async () => {
  await chain()
  for (const table of ['audit_seal where cpts_id = $1 and batch_no', 'audit_batch where cpts_id = $1 and no'])
    await behindOurBack(`delete from app.${table} = 3`)
  const found = await faults()
  assert.deepEqual(found[0], { kind: 'truncated', batch: 3 })
  assert.equal(found.filter(f => f.kind === 'unchained').length, 4)
  await behindOurBack('delete from app.audit_seal where cpts_id = $1 and batch_no = 2')
  await behindOurBack('delete from app.audit_batch where cpts_id = $1 and no = 2')
  assert.ok((await faults()).some(f => f.batch === 2))
})

test('the last batch removed with its events, its seals and the head put back', async () => {
  await chain()
  const [{ root }] = (await admin.query('select root from app.audit_batch where cpts_id = $1 and no = 2', [noe])).rows
  await behindOurBack('delete from app.audit_event e using app.audit_seal s where s.cpts_id = $1 and s.event_id = e.id and s.batch_no = 3')
  await behindOurBack('delete from app.audit_batch where cpts_id = $1 and no = 3')
  assert.ok((await faults()).some(f => f.kind === 'truncated' && f.batch === 3))
  // The seals still say that there was a third batch.
  await behindOurBack('update platform.audit_head set batch = 2, root = $2 where cpts_id = $1', [noe, root])
  assert.ok((await faults()).some(f => f.kind === 'truncated' && f.batch === 3))
})

test('a batch whose root was rewritten breaks the chain there', async () => {
  await chain()
  await behindOurBack('update app.audit_batch set root = sha256(root) where cpts_id = $1 and no = 2')
  assert.deepEqual(await faults(), [
    { kind: 'batch', batch: 2 },
    { kind: 'batch', batch: 3 },
  ])
})

test('an event slipped in behind the triggers, and a waiting one taken away, are found', async () => {
  await chain()
  const id = randomUUID()
  await behindOurBack(
    "insert into app.audit_event (cpts_id, id, at, actor_kind, actor_label, action, request_id) values ($1, $2, now(), 'system', 'x', 'x', 'x')",
    [noe, id],
  )
  await events(1)
  const [{ event_id: gone }] = (await admin.query('select event_id from app.audit_unsealed where cpts_id = $1', [noe])).rows
  await behindOurBack('delete from app.audit_event where cpts_id = $1 and id = $2', [noe, gone])
  assert.deepEqual(await faults(), [
    { kind: 'unchained', eventId: id },
    { kind: 'deleted', eventId: gone },
  ])
})

test('six sealers at once while events keep coming: one chain, each event in it once', async () => {
  const writing = events(200)
  const sealers = Array.from({ length: 6 }, () => startSealer({ db, log: silentLog, everyMs: 5 }))
  await writing
  await Promise.all(sealers.map(sealer => sealer.stop()))
  await seal(db, noe)
  const report = await verifyAudit(db, noe)
  assert.deepEqual(report.faults, [])
  assert.equal(report.sealed, 200)
  assert.ok(report.batches > 1)
})

test('six sealers asked at once all come to an end, and together they seal each event once', async () => {
  await events(30)
  const sealed = await Promise.all(Array.from({ length: 6 }, () => seal(db, noe)))
  assert.equal(
    sealed.reduce((sum, n) => sum + n),
    30,
  )
  assert.deepEqual(await faults(), [])
})

test('the sealer finds every community by itself, more than one batch at a time', async () => {
  const other = randomUUID()
  await admin.query("insert into platform.cpts (id, slug, name) values ($1, $2, 'Autre')", [other, other])
  await db.inTenant(noe, tx => audit(tx, actor, ...Array.from({ length: 1203 }, (_, i) => ({ action: 'x.read', detail: { i } }))))
  await events(3, other)
  const from = performance.now()
  const sealer = startSealer({ db, log: silentLog, everyMs: 20 })
  while ((await verifyAudit(db, noe)).unsealed.count + (await verifyAudit(db, other)).unsealed.count > 0)
    assert.ok(performance.now() - from < 10_000)
  await sealer.stop()
  const report = await verifyAudit(db, noe)
  assert.deepEqual([report.faults, report.sealed, report.batches], [[], 1203, 3])
})

test('the application can neither change nor remove a line, a seal, a batch, nor move the head back', async () => {
  await chain()
  for (const statement of [
    sql`update app.audit_event set action = 'x'`,
    sql`delete from app.audit_event`,
    sql`truncate app.audit_event`,
    sql`update app.audit_seal set position = 9`,
    sql`delete from app.audit_seal`,
    sql`update app.audit_batch set events = 1`,
    sql`delete from app.audit_batch`,
    sql`delete from platform.audit_head`,
    sql`update platform.audit_head set batch = 1`,
    sql`update platform.audit_head set batch = batch + 2`,
  ])
    await assert.rejects(
      db.inTenant(noe, tx => run(tx, statement)),
      /permission denied|only moves forward/,
    )
  // Even the owner of the tables meets the triggers.
  const owner = new pg.Client(base.ownerConfig)
  await owner.connect()
  await owner.query("select set_config('app.cpts_id', $1, false)", [noe])
  for (const statement of [
    "update app.audit_event set action = 'x'",
    'delete from app.audit_event',
    'truncate app.audit_event cascade',
    'delete from app.audit_seal',
  ])
    await assert.rejects(owner.query(statement), /append-only/, statement)
  await owner.end()
})

test('the hashes are those of RFC 6962', () => {
  const hex = (text: string) => createHash('sha256').update(Buffer.from(text, 'hex')).digest('hex')
  assert.equal(canonical({ b: [1, { d: 'é', c: null }], a: true }), '{"a":true,"b":[1,{"c":null,"d":"é"}]}')
  assert.equal(leafHash('').toString('hex'), hex('002222'))
  assert.equal(merkleRoot([]).toString('hex'), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  const leaves = ['00', '01', '02', '03', '04'].map(byte => createHash('sha256').update(byte).digest())
  const node = (a: string, b: string) => hex(`01${a}${b}`)
  const [a, b, c, d, e] = leaves.map(l => l.toString('hex')) as [string, string, string, string, string]
  assert.equal(merkleRoot(leaves).toString('hex'), node(node(node(a, b), node(c, d)), e))
  assert.equal(merkleRoot(leaves.slice(0, 3)).toString('hex'), node(node(a, b), c))
})
