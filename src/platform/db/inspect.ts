/** What `doctor` looks at as the owner: never a row of anybody, only the catalogue and counts. */
import pg from 'pg'

export interface Inspection {
  serverVersion: string
  /** Tables of schema app that are not under the tenant rule. */
  unprotected: string[]
  /** What the application's login should not be able to do, and can. */
  excess: string[]
  /** Applied migrations, by name. */
  migrations: string[]
  /** Runs of jobs put aside after all their attempts. */
  deadRuns: number
  communes: Communes
  /** Whether commits are durable on this server. */
  durable: boolean
}

export interface Communes {
  /** In the list. */
  listed: number
  /** Of the list, those whose centre is known. */
  located: number
  /** In the territory of a community. */
  claimed: number
  /** In a territory, without a centre: no travel can be estimated there. */
  withoutCentre: number
}

export async function inspect(owner: string | pg.ClientConfig): Promise<Inspection> {
  const client = new pg.Client({ connectionTimeoutMillis: 5_000, ...(typeof owner === 'string' ? { connectionString: owner } : owner) })
  client.on('error', () => {})
  await client.connect()
  try {
    const list = async (text: string) => (await client.query<{ name: string }>(text)).rows.map(row => row.name)
    const exists = async (table: string) =>
      (await client.query('select to_regclass($1) is not null as found', [table])).rows[0].found as boolean
    const migrated = await exists('public.trame_migration')
    const settings = (await client.query('select version() as version, current_setting($1) as fsync', ['fsync'])).rows[0]
    return {
      serverVersion: /PostgreSQL ([\d.]+)/.exec(settings.version)?.[1] ?? settings.version,
      durable: settings.fsync === 'on',
      unprotected: await list(
        `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = 'app' and c.relkind in ('r', 'p')
           and not (c.relrowsecurity and c.relforcerowsecurity and exists (select from pg_policy p where p.polrelid = c.oid)) order by 1`,
      ),
      // The roles come with the first migration.
      excess: !migrated
        ? []
        : await list(
            `select rolname || case when rolsuper then ' superuser' when rolbypassrls then ' bypassrls' when rolcreaterole then ' createrole' end as name
         from pg_roles where rolname in ('trame_web', 'trame_site', 'trame_tenant') and (rolsuper or rolbypassrls or rolcreaterole)
         union all
         select 'trame_web → app.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = 'app' and c.relkind in ('r', 'p') and has_table_privilege('trame_web', c.oid, 'select, insert, update, delete')
           and has_schema_privilege('trame_web', n.oid, 'usage')
         union all
         select r.rolname || ' → app.' || c.relname || ' (update, delete)'
         from pg_roles r, pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = 'app' and c.relname in ('audit_event', 'audit_batch', 'audit_seal')
           and r.rolname in ('trame_web', 'trame_site', 'trame_tenant') and has_table_privilege(r.oid, c.oid, 'update, delete, truncate')`,
          ),
      migrations: migrated ? await list('select name from public.trame_migration order by name') : [],
      communes: (await exists('platform.commune_claim'))
        ? (
            await client.query<Communes>(
              `select (select count(*) from ref.commune)::int as listed, (select count(lon) from ref.commune)::int as located, count(*)::int as claimed, count(*) filter (where c.lon is null)::int as "withoutCentre"
               from (select distinct commune_code from platform.commune_claim) t left join ref.commune c on c.code = t.commune_code`,
            )
          ).rows[0]!
        : { listed: 0, located: 0, claimed: 0, withoutCentre: 0 },
      deadRuns: (await exists('jobs.job')) ? (await list(`select id::text as name from jobs.job where name = 'dead'`)).length : 0,
    }
  } finally {
    await client.end()
  }
}
