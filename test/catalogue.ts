/** The rules of the schema, asked of PostgreSQL's own catalogue. Each answers with a sentence per fault; none is good news. */
import type pg from 'pg'

type Client = Pick<pg.Client, 'query'>

/** Unique keys that hold across communities, and why that tells nobody anything. */
const uniqueAcross: Record<string, string> = {
  'app.signed_link (token_hash)': 'hash of 256 random bits: nobody can choose a value to try',
}

const questions: Record<string, string> = {
  tenant: `
    select format('%s: has no cpts_id uuid not null default app.cpts_id()', t) from tables
    where not exists (select from pg_attribute a join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      where a.attrelid = t and a.attname = 'cpts_id' and a.attnotnull and a.atttypid = 'uuid'::regtype and pg_get_expr(d.adbin, d.adrelid) = 'app.cpts_id()')`,
  primaryKey: `
    select format('%s: its primary key does not begin with cpts_id', t) from tables
    where not exists (select from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
      where c.conrelid = t and c.contype = 'p' and a.attname = 'cpts_id')`,
  rowSecurity: `
    select format('%s: row-level security is not %s', t, case when relrowsecurity then 'forced' else 'enabled' end)
    from tables join pg_class on oid = t where not (relrowsecurity and relforcerowsecurity)`,
  policy: `
    select format('%s: its policies are %s, not the tenant policy alone', t, coalesce(said, 'none')) from tables
    left join lateral (
      select string_agg(format('%s %s %s %s using %s check %s', polname, case when polpermissive then 'permissive' else 'restrictive' end, polcmd, polroles::text,
        pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)), '; ' order by polname) as said
      from pg_policy where polrelid = t) p on true
    where said is distinct from 'tenant permissive * {0} using (cpts_id = app.cpts_id()) check (cpts_id = app.cpts_id())'`,
  grants: `
    select format('%s: %s may %s', t, coalesce(nullif(g.grantee, 0)::regrole::text, 'everybody'), string_agg(lower(g.privilege_type), ', ' order by 1))
    from tables join pg_class c on c.oid = t, aclexplode(c.relacl) g
    where g.grantee <> c.relowner and (g.grantee <> to_regrole('trame_tenant') or g.is_grantable or g.privilege_type not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE'))
    group by t, g.grantee
    union all
    select format('%s: trame_tenant may do nothing with it', t) from tables join pg_class c on c.oid = t
    where not exists (select from aclexplode(c.relacl) g where g.grantee = to_regrole('trame_tenant') and g.privilege_type = 'SELECT')
    union all
    select format('%s.%s: a right on one column', t, a.attname) from tables join pg_attribute a on a.attrelid = t where a.attacl is not null`,
  comments: `
    select format('%s: no comment', c.oid::regclass) from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('app', 'platform', 'ref') and c.relkind in ('r', 'p') and coalesce(obj_description(c.oid, 'pg_class'), '') = ''
    union all
    select format('%s.%s: no comment', c.oid::regclass, a.attname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where n.nspname in ('app', 'platform', 'ref') and c.relkind in ('r', 'p') and coalesce(col_description(c.oid, a.attnum), '') = ''`,
  // Foreign-key checks ignore row-level security: a plain one would let one community point at another's row.
  foreignKeys: `
    select format('%s: %s points to %s without cpts_id on both sides', f.conrelid::regclass, pg_get_constraintdef(f.oid), f.confrelid::regclass)
    from pg_constraint f where f.contype = 'f' and f.confrelid in (select t from tables)
      and not exists (select from generate_subscripts(f.conkey, 1) i
        join pg_attribute mine on mine.attrelid = f.conrelid and mine.attnum = f.conkey[i] and mine.attname = 'cpts_id'
        join pg_attribute theirs on theirs.attrelid = f.confrelid and theirs.attnum = f.confkey[i] and theirs.attname = 'cpts_id')`,
  // So would a unique key say whether another community holds a value.
  uniqueKeys: `
    select format('%s (%s): unique across communities', i.indrelid::regclass, string_agg(a.attname, ', ' order by a.attnum)) from pg_index i
    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey) where i.indisunique and i.indrelid in (select t from tables)
    group by i.indexrelid, i.indrelid having not bool_or(a.attname = 'cpts_id')`,
  // A view reads with its owner's rights; a sequence counts across communities.
  kinds: `
    select format('%s: neither a view nor a sequence belongs in schema app', c.oid::regclass) from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'app' and c.relkind in ('v', 'm', 'S', 'f')`,
  functions: `
    select format('%s: security definer without a pinned search_path', p.oid::regprocedure) from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where p.prosecdef and n.nspname not in ('pg_catalog', 'information_schema') and not exists (select from unnest(p.proconfig) s where s like 'search\\_path=%' and s !~ 'public|\\$user')
    union all
    select format('%s: security definer that everybody may call', p.oid::regprocedure) from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where p.prosecdef and n.nspname not in ('pg_catalog', 'information_schema') and (p.proacl is null or exists (select from aclexplode(p.proacl) g where g.grantee = 0))`,
  roles: `
    select format('%s: %s', rolname, what) from pg_roles,
      lateral (values (rolsuper, 'superuser'), (rolbypassrls, 'bypasses row-level security'), (rolcreaterole, 'may make roles'), (rolcreatedb, 'may make databases'),
        (rolreplication, 'may replicate'), (rolinherit, 'has the rights of its groups without asking'), (rolcanlogin <> (rolname = 'trame_web'), 'may log in, or may not')) v (wrong, what)
    where rolname in ('trame_web', 'trame_tenant', 'trame_site', 'trame_import') and wrong
    union all
    select format('trame_web: is a member of %s', coalesce(string_agg(roleid::regrole::text, ', ' order by roleid::regrole::text), 'nothing')) from pg_auth_members
    where member = to_regrole('trame_web') having string_agg(roleid::regrole::text, ', ' order by roleid::regrole::text) is distinct from 'trame_site, trame_tenant'
    union all
    select format('%s: owns %s', relowner::regrole, oid::regclass) from pg_class where relowner::regrole::text like 'trame\\_%' and relowner::regrole::text <> 'trame_owner' and relnamespace <> 'pg_toast'::regnamespace
    union all
    select format('trame_web: may use schema app by itself') where has_schema_privilege('trame_web', 'app', 'usage') or has_schema_privilege('trame_web', 'app', 'create')
    union all
    select format('trame_web: has rights on %s by itself', t) from tables where has_table_privilege('trame_web', t, 'select, insert, update, delete, truncate, references, trigger')`,
  schemas: `
    select format('%s: %s may create in it', n.nspname, coalesce(nullif(g.grantee, 0)::regrole::text, 'everybody')) from pg_namespace n, aclexplode(n.nspacl) g
    where n.nspname in ('app', 'platform', 'ref', 'jobs', 'public') and g.privilege_type = 'CREATE' and g.grantee <> n.nspowner
      and coalesce(nullif(g.grantee, 0)::regrole::text, 'everybody') <> 'pg_database_owner'`,
  reference: `
    select format('%s: %s may %s', c.oid::regclass, g.grantee::regrole, lower(g.privilege_type)) from pg_class c join pg_namespace n on n.oid = c.relnamespace, aclexplode(c.relacl) g
    where n.nspname = 'ref' and c.relkind in ('r', 'p', 'S') and g.grantee in (0, to_regrole('trame_tenant'), to_regrole('trame_site'), to_regrole('trame_web')) and g.privilege_type <> 'SELECT'`,
}
export const rules = Object.keys(questions)

const tables = `with tables as (select c.oid::regclass as t from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'app' and c.relkind in ('r', 'p'))`

/** Every fault of the catalogue as `client` (its administrator) sees it. */
export async function schemaFaults(client: Client): Promise<string[]> {
  const found: string[] = []
  for (const question of Object.values(questions)) {
    const { rows } = await client.query({ text: `${tables} ${question}`, rowMode: 'array' })
    found.push(...(rows as unknown as string[][]).map(r => r[0]!))
  }
  return found.filter(f => !Object.keys(uniqueAcross).some(known => f.startsWith(known))).sort()
}
