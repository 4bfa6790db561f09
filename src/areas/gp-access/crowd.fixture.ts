/** Thousands who wait and hundreds of doctors, written in a few statements: what the tests and benches of large plans start from. Invented people. */
import { run, sql, type Tx } from '#platform/db/types.ts'

export interface Crowd {
  patients: number
  doctors: number
  /** People in each household. */
  household?: number
  /** Places of each doctor; fewer than the patients need, unless said. */
  places?: number
}
/** Three communes of `withCommunes` by default; others must be in `ref.commune`. */
export async function crowd(
  t: { within<T>(c: { id: string }, work: (tx: Tx) => Promise<T>): Promise<T> },
  c: { id: string },
  o: Crowd,
): Promise<void> {
  await t.within(c, tx => crowdIn(tx, o))
}
export async function crowdIn(tx: Tx, { patients, doctors, household = 1, places = 12 }: Crowd): Promise<void> {
  const communes = sql`(select array_agg(x.code order by x.code) from ref.commune x where x.lon is not null)`
  await run(
    tx,
    sql`with new_person as (
          select platform.person_for(gen_random_uuid(), 'Dr Nombre ' || i, 'dr' || i || '-' || gen_random_uuid() || '@exemple.fr') as id from generate_series(1, ${doctors}) i),
        new_member as (
          insert into app.membership (id, person_id, roles, since) select gen_random_uuid(), id, '{doctor}', '2026-01-01' from new_person returning id)
        insert into app.capacity (id, membership_id, commune_code, total, communes, languages, wheelchair, until, stated_at, stated_by)
        select gen_random_uuid(), id, (${communes})[1 + (row_number() over () * 7 % cardinality(${communes}))::int], ${places}, '{}', '{}', true, '2099-01-01', now(), 'doctor' from new_member`,
  )
  const letters = sql`'23456789ABCDEFGHJKMNPQRSTUVWXYZ'`
  const number = (i: ReturnType<typeof sql>) =>
    sql`(select string_agg(substr(${letters}, 1 + (${i} / (31 ^ k)::bigint % 31)::int, 1) || case when k = 3 then '-' else '' end, '' order by k) from generate_series(0, 7) k)`
  await run(
    tx,
    sql`with home as (insert into app.household (id, created_at) select gen_random_uuid(), now() from generate_series(0, ${Math.ceil(patients / household)}) returning id),
        numbered as (select id, row_number() over () - 1 as h from home)
        insert into app.request (id, number, state, since, state_at, origin, birth_name, given_names, birth_date, commune_code, ald, pregnancy, treatment, household_id, consent_at, consent_by, match_key, rule_version, points, created_at)
        select gen_random_uuid(), ${number(sql`(i * 7919 + 31 ^ 7)::bigint`)}, 'prioritised', timestamptz '2026-01-01' + make_interval(hours => i * 5 % 7000), now(), 'patient', 'Foule-' || i, 'Camille',
          date '1930-01-01' + (i * 97 % 33000), (${communes})[1 + (i / ${household} * 13 % cardinality(${communes}))::int], i % 4 = 0, i % 23 = 0, i % 3 = 0,
          case when ${household} > 1 then n.id end, now(), 'patient', 'foule ' || i, 0, 0, now()
        from generate_series(1, ${patients}) i join numbered n on n.h = i / ${household}`,
  )
}
