/** The schema keeps communities apart by itself: asked of the catalogue, then tried with the application's own login. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import pg from 'pg'
import { openDatabase } from '#platform/db/database.ts'
import { rows, run, sql } from '#platform/db/types.ts'
import { randomUUIDv7 } from '#platform/ids.ts'
import { type TestApp, testApp } from './app.ts'
import { rules, schemaFaults } from './catalogue.ts'
import { appTables, holdsSomethingEverywhere, type Side, world } from './world.ts'

let t: TestApp
let a: Side
let b: Side
let admin: pg.Client
before(async () => {
  t = await testApp([], { demo: true })
  ;({ a, b } = await world(t))
  admin = new pg.Client(t.test.superuserConfig)
  await admin.connect()
})
after(async () => {
  for (const client of clients.values()) await client.end()
  await admin.end()
  await t.close()
})

/** Faults seen while something is broken; the break is rolled back. Roles are the whole server's: a migration of another file may be first. */
async function faultsAfter(...breaks: string[]): Promise<string[]> {
  for (;;)
    try {
      await admin.query('begin')
      for (const text of breaks) await admin.query(text)
      return await schemaFaults(admin)
    } catch (error) {
      if (!/^tuple concurrently updated/.test((error as Error).message)) throw error
    } finally {
      await admin.query('rollback')
    }
}
const clients = new Map<string, pg.Client>()
async function clientOf(login: pg.ClientConfig): Promise<pg.Client> {
  const known = clients.get(login.user ?? '')
  if (known) return known
  const client = new pg.Client(login)
  client.on('error', () => {})
  await client.connect()
  clients.set(login.user ?? '', client)
  return client
}
/** The message of the refusal; fails when the statement passes. */
async function refusal(login: pg.ClientConfig, role: string | null, text: string): Promise<string> {
  const client = await clientOf(login)
  await client.query('begin')
  try {
    if (role) await client.query(`set local role ${role}`)
    await client.query(`select set_config('app.cpts_id', $1, true)`, [a.id])
    await client.query(text)
  } catch (error) {
    return (error as Error).message
  } finally {
    await client.query('rollback')
  }
  return assert.fail(`${role ?? login.user} may: ${text}`)
}

describe('the catalogue', () => {
  it('has no fault', async () => assert.deepEqual(await schemaFaults(admin), []))
  it('is asked every rule', () => assert.ok(rules.length >= 12))

  const plain = `create table app.bare (id uuid primary key)`
  const cases: [what: string, breaks: string[], says: RegExp][] = [
    ['a table made by hand', [plain], /app\.bare: has no cpts_id uuid not null default/],
    ['… has no tenant in its key', [plain], /app\.bare: its primary key does not begin with cpts_id/],
    ['… nor row security', [plain], /app\.bare: row-level security is not enabled/],
    ['… nor comments', [plain], /app\.bare\.id: no comment/],
    ['… nor rights', [plain], /app\.bare: trame_tenant may do nothing/],
    ['a tenant without default', ['alter table app.partner alter cpts_id drop default'], /app\.partner: has no cpts_id/],
    [
      'a tenant that may be null',
      ['alter table app.partner drop constraint partner_pkey', 'alter table app.partner alter cpts_id drop not null'],
      /app\.partner: has no cpts_id/,
    ],
    [
      'row security switched off',
      ['alter table app.request disable row level security'],
      /app\.request: row-level security is not enabled/,
    ],
    ['the owner let through', ['alter table app.request no force row level security'], /app\.request: row-level security is not forced/],
    ['no policy', ['drop policy tenant on app.request'], /app\.request: its policies are none/],
    ['a second policy', ['create policy more on app.request for select using (true)'], /app\.request: its policies are more permissive/],
    [
      'a policy for reading only',
      ['drop policy tenant on app.request', 'create policy tenant on app.request for select using (cpts_id = app.cpts_id())'],
      /app\.request: its policies are tenant permissive r/,
    ],
    ['a policy that says yes', ['alter policy tenant on app.request using (true)'], /app\.request: its policies are .* using true/],
    ['a right of everybody', ['grant select on app.request to public'], /app\.request: everybody may select/],
    ['a right of the login', ['grant select on app.request to trame_web'], /app\.request: trame_web may select/],
    ['a right to empty', ['grant truncate on app.request to trame_tenant'], /app\.request: trame_tenant may truncate/],
    ['a right on a column', ['grant select (phone) on app.request to trame_site'], /app\.request\.phone: a right on one column/],
    [
      'a plain foreign key',
      ['alter table app.household add unique (id)', 'alter table app.request add foreign key (household_id) references app.household (id)'],
      /app\.request: FOREIGN KEY \(household_id\) REFERENCES app\.household\(id\) points to app\.household without cpts_id/,
    ],
    [
      'a crossed foreign key',
      [
        'alter table app.household add unique (id, cpts_id)',
        'alter table app.request add foreign key (cpts_id, household_id) references app.household (id, cpts_id) not valid',
      ],
      /without cpts_id on both sides/,
    ],
    ['a unique key across', ['create unique index on app.partner (id)'], /app\.partner \(id\): unique across communities/],
    ['a view', ['create view app.all_requests as select * from app.request'], /app\.all_requests: neither a view/],
    ['a sequence', ['create sequence app.counter'], /app\.counter: neither a view nor a sequence/],
    [
      'a function that trusts the path',
      [`create function app.f() returns int language sql security definer as 'select 1'`],
      /app\.f\(\): security definer without a pinned search_path/,
    ],
    [
      'a function that everybody calls',
      [`create function app.f() returns int language sql security definer set search_path = '' as 'select 1'`],
      /app\.f\(\): security definer that everybody may call/,
    ],
    ['a login above the rules', ['alter role trame_web bypassrls'], /trame_web: bypasses row-level security/],
    ['a role above the rules', ['alter role trame_tenant superuser'], /trame_tenant: superuser/],
    ['a login with its groups’ rights', ['alter role trame_web inherit'], /trame_web: has the rights of its groups/],
    ['a login that imports', ['grant trame_import to trame_web'], /trame_web: is a member of trame_import/],
    [
      'a login that owns',
      ['grant all on schema app to trame_web', 'alter table app.partner owner to trame_web'],
      /trame_web: owns app\.partner/,
    ],
    ['a schema open to the login', ['grant usage on schema app to trame_web'], /trame_web: may use schema app/],
    ['a schema where tenants create', ['grant create on schema app to trame_tenant'], /app: trame_tenant may create/],
    [
      'reference data written by tenants',
      ['grant update on ref.practitioner to trame_tenant'],
      /ref\.practitioner: trame_tenant may update/,
    ],
    ['a column nobody explained', ['alter table ref.commune add column x int'], /ref\.commune\.x: no comment/],
  ]
  for (const [what, breaks, says] of cases) it(`sees ${what}`, async () => assert.match((await faultsAfter(...breaks)).join('\n'), says))
})

describe('the application’s login (R9, R11)', () => {
  it('finds something of each community everywhere to be kept from', async () => {
    for (const side of [a, b]) await holdsSomethingEverywhere(t, side)
  })
  it('has no right on any table of a community outside a transaction of one', async () => {
    for (const table of await appTables(t))
      assert.match(await refusal(t.test.appConfig, null, `select 1 from app.${table}`), /permission denied for schema app/, table)
    assert.match(await refusal(t.test.appConfig, 'trame_site', `select 1 from app.request`), /permission denied/)
  })
  it('with the role but no community sees no row, and with one community no row of another', async () => {
    for (const table of await appTables(t)) {
      const seen = await t.db.inTenant('', tx => rows(tx, sql`select 1 from ${sql.table(`app.${table}`)} limit 1`))
      assert.equal(seen.length, 0, table)
      const theirs = await t.within(a, tx => rows(tx, sql`select 1 from ${sql.table(`app.${table}`)} where cpts_id = ${b.id} limit 1`))
      assert.equal(theirs.length, 0, table)
      assert.ok(
        (await t.within(a, tx => rows(tx, sql`select 1 from ${sql.table(`app.${table}`)} limit 1`))).length,
        `${table}: its own rows are there`,
      )
    }
  })
  it('sees the persons who are or were its members, and nobody of another community, by no way of asking', async () => {
    const gone = await t.person(a, ['nurse'], { name: 'Partie d’ici' })
    await t.within(a, tx => run(tx, sql`update app.membership set ended_at = now() where id = ${gone.membershipId}`))
    const both = await t.person(b, ['nurse'])
    await t.within(a, tx =>
      run(
        tx,
        sql`insert into app.membership (id, person_id, roles, since) values (${randomUUIDv7()}, ${both.personId}, '{nurse}', '2026-01-01')`,
      ),
    )
    for (const [mine, theirs] of [
      [a, b],
      [b, a],
    ] as const) {
      const members = (await t.owner('select person_id as id from app.membership where cpts_id = $1 order by 1', [mine.id])).map(r => r.id)
      const seen = await t.within(mine, tx => rows<{ id: string }>(tx, sql`select id from platform.person order by 1`))
      assert.deepEqual(
        seen.map(p => p.id),
        members,
      )
      const other = theirs.people.treasurer.personId
      const [{ email }] = (await t.owner('select email from platform.person where id = $1', [other])) as [{ email: string }]
      for (const which of [
        sql`id = ${other}`,
        sql`email = ${email}`,
        sql`email like ${`${email.slice(0, 8)}%`}`,
        sql`name like 'member-treasurer%' and id <> ${mine.people.treasurer.personId}`,
      ])
        assert.deepEqual(await t.within(mine, tx => rows(tx, sql`select name from platform.person where ${which}`)), [])
      assert.deepEqual(
        await t.within(mine, tx => rows(tx, sql`select platform.person_for(${randomUUIDv7()}, 'Curieux', ${email}) as id`)),
        [{ id: other }],
      )
      assert.deepEqual(
        await t.within(mine, tx => rows(tx, sql`select name from platform.person where id = ${other}`)),
        [],
        'known by identifier, still not seen',
      )
    }
    const insert = "insert into platform.person (id, name) values (gen_random_uuid(), 'x')"
    for (const role of ['trame_tenant', 'trame_site', null]) {
      assert.match(await refusal(t.test.appConfig, role, insert), /permission denied/)
      if (role !== 'trame_tenant') assert.match(await refusal(t.test.appConfig, role, 'select 1 from platform.person'), /permission denied/)
    }
    assert.equal((await t.db.inTenant('', tx => rows(tx, sql`select 1 from platform.person`))).length, 0, 'no community, nobody')
  })
  it('cannot write a row into another community, nor move one there', async () => {
    for (const table of await appTables(t)) {
      const [row] = await t.owner(`select to_jsonb(x) as row from app.${table} x where cpts_id = $1 limit 1`, [b.id])
      const values = JSON.stringify(row!.row)
      const columns = (
        await t.owner(
          `select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
          [`app.${table}`],
        )
      ).map(c => `"${c.name}"`)
      const insert = `insert into app.${table} (${columns}) select ${columns} from jsonb_populate_record(null::app.${table}, '${values.replaceAll("'", "''")}')`
      assert.match(
        await refusal(t.test.appConfig, 'trame_tenant', insert),
        /row-level security|permission denied|forward|append-only/,
        table,
      )
      const moved = await refusal(t.test.appConfig, 'trame_tenant', `update app.${table} set cpts_id = '${b.id}'`)
      assert.match(moved, /row-level security|permission denied|append-only/, table)
    }
  })
  it('cannot change the schema, the rules, its own rights or the record of what was done', async () => {
    const tried = [
      'create table app.x (id int)',
      'create table public.x (id int)',
      'create schema x',
      'alter table app.request disable row level security',
      'alter table app.request no force row level security',
      'drop policy tenant on app.request',
      'create policy mine on app.request using (true)',
      'drop table app.request',
      'truncate app.request',
      "create function app.f() returns int language sql as 'select 1'",
      "create or replace function app.cpts_id() returns uuid language sql as 'select null::uuid'",
      'create role x',
      'alter role trame_web superuser',
      'set local role trame_owner',
      'set local role trame_import',
      'set local session authorization postgres',
      'alter system set fsync = off',
      "copy (select 1) to program 'true'",
      "copy app.request from program 'true'",
      "copy (select 1) to '/tmp/trame-out'",
      'select * from pg_authid',
      'select * from pg_catalog.pg_shadow',
      "select pg_read_file('/etc/passwd')",
      "select lo_import('/etc/passwd')",
      "update app.audit_event set action = 'nothing'",
      'delete from app.audit_event',
      'truncate app.audit_event cascade',
      'update app.audit_batch set events = 0',
      'delete from app.audit_batch',
      'update app.audit_seal set position = 0',
      'delete from app.audit_seal',
      'delete from platform.audit_head',
      "update platform.audit_event set reason = 'none'",
      'delete from platform.session',
      'update platform.cpts set demo = true',
      "insert into platform.cpts (id, slug, name) values (gen_random_uuid(), 'x', 'x')",
      'update ref.practitioner set active = false',
      'delete from ref.commune',
      'set local row_security = off; select 1 from app.request',
    ]
    for (const text of tried)
      for (const role of [null, 'trame_tenant'])
        assert.match(
          await refusal(t.test.appConfig, role, text),
          /denied|must be|append-only|forward|not exist|cannot|row-level security|query would be affected/,
          text,
        )
  })
  it('even the owner cannot rewrite what was done', async () => {
    for (const text of [
      "update app.audit_event set action = 'x'",
      'delete from app.audit_event',
      'truncate app.audit_event cascade',
      'delete from app.audit_batch',
      'delete from app.audit_seal',
    ])
      assert.match(await refusal(t.test.ownerConfig, null, text), /append-only/, text)
  })
})

describe('the community of a transaction (R9)', () => {
  it('is gone when the transaction is, whatever happened in it', async () => {
    const db = openDatabase({ connection: t.test.appConfig, size: 2 })
    const now = t.now
    try {
      const one = async (i: number) => {
        const side = i % 2 ? a : b
        const fail = i % 7 === 0
        const inside = async (tx: Parameters<Parameters<typeof db.inTenant>[1]>[0]) => {
          const [row] = await rows<{ n: number; foreign: number }>(
            tx,
            sql`select count(*) as n, count(*) filter (where cpts_id <> ${side.id}) as foreign from app.request`,
          )
          assert.ok(row!.n > 0 && row!.foreign === 0)
          if (fail) await run(tx, sql`select 1 / 0`)
        }
        const done =
          i % 3 === 0
            ? db.enter(side.slug, null, now, inside)
            : i % 3 === 1
              ? db.inTenant(side.id, inside)
              : db.inSite(tx => run(tx, sql`select 1 from platform.demo_personas()`))
        await (fail && i % 3 !== 2 ? assert.rejects(done, /division by zero/) : done)
      }
      // More at once than connections, and few enough for nobody to wait too long.
      for (let i = 0; i < 300; i += 10) await Promise.all(Array.from({ length: 10 }, (_, k) => one(i + k)))
      const idle = await Promise.all(
        [0, 1].map(() =>
          db.executeSql(
            `select current_setting('app.cpts_id', true) as tenant, current_user as login, pg_backend_pid() as pid, pg_sleep(0.1)`,
          ),
        ),
      )
      const found = idle.map(r => r.rows[0] as { tenant: string | null; login: string; pid: number })
      assert.equal(new Set(found.map(f => f.pid)).size, 2, 'both connections were looked at')
      for (const f of found) assert.deepEqual([f.tenant || '', f.login], ['', 'trame_web'])
    } finally {
      await db.close()
    }
  })
})
