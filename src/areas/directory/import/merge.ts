/** From the staging table to the directory: what changed, then the writing, in sets, in the transaction of the import. */
import type { ImportConnection } from './connection.ts'
import type { Extract } from './extract.ts'
import type { Label } from './labels.ts'
import type { DirectoryChange, ImportReport } from './report.ts'

const LISTED = 1000

const PERSON = ['family_name', 'given_name', 'civility', 'profession_code', 'category_code']
const PLACE = [
  'profession_code',
  'mode_code',
  'sector_code',
  'role_code',
  'activity_code',
  'skill_codes',
  'structure_id',
  'finess',
  'siret',
  'name',
  'sign',
  'address_extra',
  'street',
  'distribution',
  'postal_code',
  'commune_code',
  'commune_label',
  'phone',
]
const list = (columns: readonly string[], alias = '') => columns.map(c => `${alias}${c}`).join(', ')

/** Temporary: seen by this import only, gone with its transaction, and never in the write-ahead log. */
export const createStage = `
  set local work_mem = '64MB';
  set local maintenance_work_mem = '192MB';
  create temporary table stage (
    rpps text collate "C", family_name text, given_name text, civility text, category_code text collate "C", profession_code text collate "C",
    mode_code text collate "C", sector_code text collate "C", role_code text collate "C", activity_code text collate "C",
    structure_id text collate "C", finess text collate "C", siret text collate "C", name text, sign text, address_extra text, street text,
    distribution text, postal_code text collate "C", commune_label text, phone text, commune_code text collate "C", place_key text collate "C",
    skill_codes text[] collate "C"
  ) on commit drop`

export interface Differences {
  /** Nothing to write at all. */
  nothing: boolean
  /** The directory was empty. */
  first: boolean
  /** Active people before. */
  before: number
  people: number
  places: number
  arrivals: number
  departures: number
  moves: number
  changes: number
  list: DirectoryChange[]
}

/** Compares the staging table with the directory. Leaves the temporary tables that `write` reads. */
export async function compare(connection: ImportConnection, extract: Extract): Promise<Differences> {
  if (extract.sorted) {
    // Every person's lines were together, hence already one row per person and place.
    await connection.query(`create temporary view stage_person as select * from stage where family_name is not null`)
    await connection.query(`create temporary view stage_place as select * from stage where place_key is not null`)
  } else await gather(connection)
  const { rows } = await connection.query<{ before: string; first: boolean }>(
    `select (select count(*) from ref.practitioner where active) as before, not exists (select from ref.practitioner) as first`,
  )
  const { first } = rows[0]!
  const before = Number(rows[0]!.before)
  const { people, places } = extract.sorted ? extract : await countGathered(connection)
  const none = { departures: 0, moves: 0, changes: 0, list: [] }
  if (first) return { first, before, people, places, nothing: people === 0, arrivals: people, ...none }

  // Small samples: the planner only needs sizes and distinct counts, and a full sample of 24 columns takes a second.
  await connection.query('set local default_statistics_target = 5')
  await connection.query('analyze stage (rpps, place_key, family_name)')
  await connection.query(`
    create temporary table person_diff on commit drop as
    select coalesce(s.rpps, p.rpps) as rpps, s.rpps is not null as here, p.rpps is not null as known, coalesce(p.active, false) as active
      from stage_person s full join ref.practitioner p on p.rpps = s.rpps
     where p.rpps is null or (s.rpps is null and p.active)
        or (s.rpps is not null and (not p.active or (${list(PERSON, 's.')}) is distinct from (${list(PERSON, 'p.')})))`)
  await connection.query(`
    create temporary table place_diff on commit drop as
    select coalesce(s.rpps, p.rpps) as rpps, coalesce(s.place_key, p.place_key) as place_key, p.id, s.rpps is not null as here
      from stage_place s full join ref.practice_place p on p.rpps = s.rpps and p.place_key = s.place_key
     where p.rpps is null or s.rpps is null or (${list(PLACE, 's.')}) is distinct from (${list(PLACE, 'p.')})`)
  await connection.query('analyze person_diff, place_diff')
  await connection.query(classify)
  const counts = await connection.query<{ kind: string; count: string }>('select kind, count(*) from person_change group by kind')
  const count = (kind: string) => Number(counts.rows.find(r => r.kind === kind)?.count ?? 0)
  const listed = await connection.query<DirectoryChange>(
    `select kind, rpps, profession_code as "professionCode", commune_from as "communeFrom", commune_to as "communeTo"
       from (select *, row_number() over (partition by kind order by rpps) as row from person_change where kind <> 'change') c
      where row <= $1 order by kind, rpps`,
    [LISTED],
  )
  const result = {
    arrivals: count('arrival'),
    departures: count('departure'),
    moves: count('move'),
    changes: count('change'),
    list: listed.rows,
  }
  return { ...result, first, before, people, places, nothing: counts.rows.length === 0 }
}

async function countGathered(connection: ImportConnection): Promise<{ people: number; places: number }> {
  const { rows } = await connection.query<{ people: number; places: number }>(
    `select (select count(*)::int from stage_person) as people, (select count(*)::int from stage_place) as places`,
  )
  return rows[0]!
}

/** One row per person, one per person and place, skills together: for a file where a person's lines are apart. */
async function gather(connection: ImportConnection): Promise<void> {
  await connection.query(
    `create temporary table stage_person on commit drop as
     select distinct on (rpps) rpps, ${list(PERSON)} from stage where family_name is not null order by rpps, ctid`,
  )
  await connection.query(
    `create temporary table stage_place on commit drop as
     select distinct on (rpps, place_key) rpps, place_key, ${list(PLACE)} from stage where place_key is not null order by rpps, place_key, ctid`,
  )
  await connection.query(
    `update stage_place p set skill_codes = m.skills
       from (select s.rpps, s.place_key, array_agg(distinct skill order by skill) as skills
               from stage s join (select rpps, place_key from stage where place_key is not null group by 1, 2 having count(*) > 1) d using (rpps, place_key),
                    unnest(s.skill_codes) skill group by 1, 2) m
      where p.rpps = m.rpps and p.place_key = m.place_key and p.skill_codes <> m.skills`,
  )
  await connection.query('analyze stage_person (rpps), stage_place (rpps, place_key)')
}

/** One row per person who came, left, moved or changed. A move is a commune left and another come to. */
const classify = `
  create temporary table person_change on commit drop as
  with touched as (select rpps from person_diff union select rpps from place_diff),
  communes as (
    select t.rpps, b.code as before, a.code as after
      from touched t
      left join lateral (select array_agg(distinct commune_code) filter (where commune_code is not null) as code from ref.practice_place p where p.rpps = t.rpps) b on true
      left join (select rpps, array_agg(distinct commune_code) filter (where commune_code is not null) as code
                   from stage_place where rpps in (select rpps from touched) group by rpps) a on a.rpps = t.rpps
  ),
  edges as (
    select rpps, (select min(c) from unnest(before) c where c <> all (coalesce(after, '{}'))) as commune_from,
                 (select min(c) from unnest(after) c where c <> all (coalesce(before, '{}'))) as commune_to
      from communes
  ),
  counts as (
    select rpps, count(*) filter (where id is null) as added, count(*) filter (where not here) as removed,
           count(*) filter (where here and id is not null) as changed
      from place_diff group by rpps
  )
  select e.rpps, e.commune_from, e.commune_to,
         case when d.here and not d.active then 'arrival' when not d.here then 'departure'
              when e.commune_from is not null and e.commune_to is not null then 'move' else 'change' end as kind,
         coalesce(s.profession_code, p.profession_code) as profession_code,
         jsonb_build_object('places_added', coalesce(c.added, 0), 'places_removed', coalesce(c.removed, 0),
                            'places_changed', coalesce(c.changed, 0), 'person', d.rpps is not null) as detail
    from edges e left join person_diff d using (rpps) left join counts c using (rpps)
    left join stage_person s on s.rpps = e.rpps left join ref.practitioner p on p.rpps = e.rpps`

/** Writes the differences, the run, its rejects and the story of the changes. Fills `run` and `rowsWritten` of the report. */
export async function write(
  connection: ImportConnection,
  report: ImportReport,
  differences: Differences,
  labels: readonly Label[],
  now: Date,
  confirmedBy: string | null,
): Promise<void> {
  let written = 0
  const statement = async (text: string, values: unknown[] = []) => {
    written += (await connection.query(text, values)).rowCount ?? 0
  }
  const day = now.toISOString().slice(0, 10)
  const run = await insertRun(connection, report, now, confirmedBy)
  await statement(
    `insert into ref.nomenclature (kind, code, label) select * from unnest($1::text[], $2::text[], $3::text[])
     on conflict (kind, code) do update set label = excluded.label where ref.nomenclature.label <> excluded.label`,
    [labels.map(l => l.kind), labels.map(l => l.code), labels.map(l => l.label)],
  )
  if (differences.first) {
    await connection.query('call ref.drop_directory_indexes()')
    await statement(`${insertPeople('true')}`, [run, day])
    await statement(`${insertPlaces('true')}`, [run])
    await connection.query('call ref.make_directory_indexes()')
  } else {
    await statement(insertPeople('s.rpps in (select rpps from person_diff where not known)'), [run, day])
    await statement(
      `update ref.practitioner p set (${list(PERSON)}, profession, active, last_seen, run) =
         (${list(PERSON, 's.')}, n.label, true, null, $1::bigint)
         from stage_person s join person_diff d on d.rpps = s.rpps and d.known
         left join ref.nomenclature n on n.kind = 'profession' and n.code = s.profession_code
        where p.rpps = s.rpps`,
      [run],
    )
    await statement(
      `update ref.practitioner set active = false, run = $1, last_seen =
         (select (max(finished_at) at time zone 'Europe/Paris')::date from ref.import_run where kind = 'rpps' and id < $1)
        where rpps in (select rpps from person_diff where not here)`,
      [run],
    )
    await statement('delete from ref.practice_place where id in (select id from place_diff where not here)')
    await statement(
      `update ref.practice_place p set (${list(PLACE)}, run) = (${list(PLACE, 's.')}, $1::bigint)
         from stage_place s join place_diff d on d.rpps = s.rpps and d.place_key = s.place_key and d.id is not null
        where p.id = d.id`,
      [run],
    )
    await statement(insertPlaces('(s.rpps, s.place_key) in (select rpps, place_key from place_diff where id is null)'), [run])
    await statement(
      `insert into ref.directory_change (run, kind, rpps, profession_code, commune_from, commune_to, detail)
       select $1, kind, rpps, profession_code, commune_from, commune_to, detail from person_change`,
      [run],
    )
  }
  await statement(
    'insert into ref.import_reject (run, line, reason, excerpt) select $1, * from unnest($2::bigint[], $3::text[], $4::text[])',
    [run, report.rejects.map(r => r.line), report.rejects.map(r => r.reason), report.rejects.map(r => r.excerpt)],
  )
  report.run = run
  report.rowsWritten = written + 1
}

const insertPeople = (where: string) => `
  insert into ref.practitioner (rpps, ${list(PERSON)}, profession, first_seen, run)
  select s.rpps, ${list(PERSON, 's.')}, n.label, $2::date, $1
    from stage_person s left join ref.nomenclature n on n.kind = 'profession' and n.code = s.profession_code where ${where}`

const insertPlaces = (where: string) => `
  insert into ref.practice_place (rpps, place_key, ${list(PLACE)}, run)
  select s.rpps, s.place_key, ${list(PLACE, 's.')}, $1 from stage_place s where ${where}`

async function insertRun(connection: ImportConnection, report: ImportReport, now: Date, confirmedBy: string | null): Promise<number> {
  const { rows } = await connection.query<{ id: string }>(
    `insert into ref.import_run (kind, file_name, file_sha256, file_bytes, started_at, finished_at, lines, accepted, rejected,
                                 reject_reasons, without_commune, people, arrivals, departures, moves, changes, status, confirmed_by)
     values ('rpps', $1, $2, $3, $4, clock_timestamp(), $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) returning id`,
    [
      report.file.name,
      report.file.sha256,
      report.file.bytes,
      now,
      report.lines,
      report.accepted,
      report.rejected,
      report.rejectReasons,
      report.withoutCommune,
      report.people,
      report.arrivals,
      report.departures,
      report.moves,
      report.changes,
      confirmedBy === null ? 'done' : 'confirmed',
      confirmedBy,
    ],
  )
  return Number(rows[0]!.id)
}
