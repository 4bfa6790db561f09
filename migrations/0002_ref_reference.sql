-- Shared reference data: communes, the national directory of health professionals, and the story of its imports.
-- Written by trame_import only (src/areas/directory/import), read by every community.

-- Trigrams serve the search « two fragments of a name, accents or not ». The extension is trusted (no superuser needed)
-- and ships with PostgreSQL's contrib; a server without it still works, searching by beginning of name.
do $$
begin
  create extension if not exists pg_trgm schema ref;
exception when others then
  raise notice 'pg_trgm is not available (%): names are searched by their beginning only', sqlerrm;
end $$;

-- Text as it is searched: blind to case, accents, apostrophes (U+2019 = U+0027), hyphens and ligatures, whatever the
-- server's locale. Plain expressions that the planner inlines, ASCII first: 1 µs a name (translate() and PL/pgSQL took 26).
-- src/areas/directory/import/fold.ts is the same in TypeScript, checked against this one by a test.
create function ref.unaccent(value text) returns text language sql immutable parallel safe as $$
  select replace(replace(replace(replace(replace(replace(replace(replace(replace(
    regexp_replace(normalize(value, NFKD), '[\u0300-\u036f]', '', 'g'),
    '’', ''''), '‘', ''''), 'ʼ', ''''), '–', '-'), 'œ', 'oe'), 'Œ', 'oe'), 'æ', 'ae'), 'Æ', 'ae'), 'ß', 'ss')
$$;
comment on function ref.unaccent(text) is 'Text without accents, ligatures, or apostrophes other than U+0027.';
create function ref.fold(value text) returns text language sql immutable parallel safe as $$
  select btrim(replace(replace(replace(replace(replace(lower(
    case when octet_length(value) = char_length(value) then value else ref.unaccent(value) end
    collate "C"), '''', ' '), '-', ' '), '.', ' '), '  ', ' '), '  ', ' '))
$$;
comment on function ref.fold(text) is 'Text as it is searched: lower case, no accents, apostrophes, hyphens and full stops as spaces.';

create table ref.import_run (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('communes', 'rpps')),
  file_name text not null,
  file_sha256 text not null check (file_sha256 ~ '^[0-9a-f]{64}$'),
  file_bytes bigint not null,
  started_at timestamptz not null,
  finished_at timestamptz not null,
  lines bigint not null,
  accepted bigint not null,
  rejected bigint not null,
  reject_reasons jsonb not null default '{}',
  without_commune bigint not null default 0,
  people bigint not null default 0,
  arrivals bigint not null default 0,
  departures bigint not null default 0,
  moves bigint not null default 0,
  changes bigint not null default 0,
  status text not null check (status in ('done', 'confirmed')),
  confirmed_by text
);
comment on table ref.import_run is 'An import that was written; one that was refused or stopped leaves no row, having changed nothing.';
comment on column ref.import_run.id is 'Number of the import, growing.';
comment on column ref.import_run.kind is 'communes: list of communes; rpps: national directory of professionals.';
comment on column ref.import_run.file_name is 'Name of the file, without its folder.';
comment on column ref.import_run.file_sha256 is 'SHA-256 of the file; the same file again writes nothing.';
comment on column ref.import_run.file_bytes is 'Size of the file in bytes.';
comment on column ref.import_run.started_at is 'When reading began, UTC.';
comment on column ref.import_run.finished_at is 'When it was committed, UTC.';
comment on column ref.import_run.lines is 'Lines read, without the header.';
comment on column ref.import_run.accepted is 'Lines kept.';
comment on column ref.import_run.rejected is 'Lines set aside, each with a reason.';
comment on column ref.import_run.reject_reasons is 'Number of rejected lines by reason code.';
comment on column ref.import_run.without_commune is 'Places kept although no commune could be found for them.';
comment on column ref.import_run.people is 'People in the file.';
comment on column ref.import_run.arrivals is 'People who were not there before.';
comment on column ref.import_run.departures is 'People who are no longer there.';
comment on column ref.import_run.moves is 'People who left a commune for another.';
comment on column ref.import_run.changes is 'People otherwise changed (name, profession, places, phone…).';
comment on column ref.import_run.status is 'done, or confirmed when more than 5 % of people changed and somebody said yes.';
comment on column ref.import_run.confirmed_by is 'Who said yes; null otherwise.';
create index on ref.import_run (kind, id desc);

create table ref.import_reject (
  run bigint not null references ref.import_run (id) on delete cascade,
  line bigint not null,
  reason text not null,
  excerpt text not null,
  primary key (run, line)
);
comment on table ref.import_reject is 'Lines set aside by an import, the first thousand of them.';
comment on column ref.import_reject.run is 'The import.';
comment on column ref.import_reject.line is 'Number of the line in the file; the header is line 1.';
comment on column ref.import_reject.reason is 'Reason code: columns, identifier-kind, rpps-key, family-name, profession, too-many-places.';
comment on column ref.import_reject.excerpt is 'Kind and number of the identifier only: never a name.';

create table ref.commune (
  code text collate "C" primary key,
  name text not null,
  department text not null,
  postal_codes text[] not null,
  epci_siren text,
  epci_name text,
  city_code text collate "C",
  population integer,
  population_year integer,
  lon numeric(8, 5),
  lat numeric(7, 5),
  search text not null generated always as (ref.fold(name)) stored
);
comment on table ref.commune is 'Communes of France and the municipal districts of Paris, Lyon and Marseille (etalab, INSEE, DGCL, La Poste, IGN).';
comment on column ref.commune.code is 'INSEE code (code officiel géographique).';
comment on column ref.commune.name is 'Name with its accents.';
comment on column ref.commune.department is 'Department: two characters, three overseas.';
comment on column ref.commune.postal_codes is 'Postal codes of the commune (La Poste).';
comment on column ref.commune.epci_siren is 'SIREN of its intercommunal body with own taxation; null when in none.';
comment on column ref.commune.epci_name is 'Name of that body.';
comment on column ref.commune.city_code is 'For a municipal district, the commune it is part of: do not add both populations.';
comment on column ref.commune.population is 'Municipal population (population de référence, INSEE).';
comment on column ref.commune.population_year is 'Year of that population.';
comment on column ref.commune.lon is 'Longitude of the centre of its area, degrees, WGS 84.';
comment on column ref.commune.lat is 'Latitude of the centre of its area, degrees, WGS 84.';
comment on column ref.commune.search is 'Name as it is searched (ref.fold).';
create index on ref.commune (epci_siren);
create index on ref.commune using gin (postal_codes);

create table ref.commune_alias (
  old_code text collate "C" primary key,
  code text collate "C" not null references ref.commune (code) on delete cascade
);
comment on table ref.commune_alias is 'Codes of communes that were merged or renumbered, and the commune they are in now.';
comment on column ref.commune_alias.old_code is 'Former code, delegated or associated commune.';
comment on column ref.commune_alias.code is 'Present commune.';

create table ref.nomenclature (
  kind text collate "C" not null check (kind in ('profession', 'category', 'skill', 'mode', 'sector', 'role', 'activity')),
  code text collate "C" not null,
  label text not null,
  primary key (kind, code)
);
comment on table ref.nomenclature is 'Labels of the codes of the national directory, as its extract gives them.';
comment on column ref.nomenclature.kind is 'profession, category, skill (savoir-faire), mode (mode d''exercice), sector (secteur d''activité), role, activity (genre d''activité).';
comment on column ref.nomenclature.code is 'Code in the ANS nomenclature (TRE_G15, R09, R38…, R23, R02, R21, R22).';
comment on column ref.nomenclature.label is 'French label.';

create table ref.practitioner (
  rpps text collate "C" not null check (length(rpps) = 11),
  family_name text not null,
  given_name text,
  civility text,
  profession_code text collate "C" not null,
  profession text,
  category_code text collate "C",
  active boolean not null default true,
  first_seen date not null,
  last_seen date,
  run bigint not null,
  search text not null generated always as (ref.fold(family_name || ' ' || coalesce(given_name, ''))) stored
);
comment on table ref.practitioner is 'People of the national directory (RPPS, public extract of Annuaire Santé). Without e-mail: least data.';
comment on column ref.practitioner.rpps is 'RPPS number, eleven digits, key checked.';
comment on column ref.practitioner.family_name is 'Family name used in practice.';
comment on column ref.practitioner.given_name is 'Given name used in practice.';
comment on column ref.practitioner.civility is 'DR, PR when the profession has one, otherwise M or MME.';
comment on column ref.practitioner.profession_code is 'Profession (TRE_G15: 10 doctor, 21 pharmacist, 40 dentist, 50 midwife, 60 nurse, 70 physiotherapist, 91 speech therapist…); the first one when there are several.';
comment on column ref.practitioner.profession is 'Label of the profession.';
comment on column ref.practitioner.category_code is 'C civilian, M military, E student.';
comment on column ref.practitioner.active is 'False once gone from the extract; the row stays for what refers to it, its places do not.';
comment on column ref.practitioner.first_seen is 'Day of the first import that had the person.';
comment on column ref.practitioner.last_seen is 'Day of the last import that had the person; null while the person is there (the last run says it).';
comment on column ref.practitioner.run is 'Import that last changed the row (ref.import_run; no foreign key: it would be checked millions of times for one number).';
comment on column ref.practitioner.search is 'Family and given name as they are searched (ref.fold).';

create table ref.practice_place (
  id bigint generated always as identity,
  rpps text collate "C" not null,
  place_key text collate "C" not null,
  profession_code text collate "C" not null,
  mode_code text collate "C",
  sector_code text collate "C",
  role_code text collate "C",
  activity_code text collate "C",
  skill_codes text[] collate "C" not null default '{}',
  structure_id text collate "C",
  finess text collate "C",
  siret text collate "C",
  name text,
  sign text,
  address_extra text,
  street text,
  distribution text,
  postal_code text collate "C",
  commune_code text collate "C",
  commune_label text,
  phone text,
  run bigint not null
);
comment on table ref.practice_place is 'Where people of the directory practise: one row per person and place. Second phone, fax and e-mail are not kept.';
comment on column ref.practice_place.id is 'Stays the same as long as the person stays at the place.';
comment on column ref.practice_place.rpps is 'The person.';
comment on column ref.practice_place.place_key is 'What makes it the same place from one extract to the next: structure (or SIRET, FINESS, address), mode, profession.';
comment on column ref.practice_place.profession_code is 'Profession practised there (TRE_G15).';
comment on column ref.practice_place.mode_code is 'L self-employed (libéral), S employed, B volunteer (TRE_R23).';
comment on column ref.practice_place.sector_code is 'Sector of activity (TRE_R02: SA07 own practice, SA08 group practice, SA05 health centre…).';
comment on column ref.practice_place.role_code is 'Role there (TRE_R21); null in extracts before 2022.';
comment on column ref.practice_place.activity_code is 'Kind of activity (TRE_R22: GENR01 ordinary care); null in extracts before 2022.';
comment on column ref.practice_place.skill_codes is 'Skills (savoir-faire, TRE_R38 and others), sorted; SM26, SM53 and SM54 are general medicine.';
comment on column ref.practice_place.structure_id is 'Technical identifier of the structure in the extract.';
comment on column ref.practice_place.finess is 'FINESS number of the site.';
comment on column ref.practice_place.siret is 'SIRET number of the site.';
comment on column ref.practice_place.name is 'Name of the structure.';
comment on column ref.practice_place.sign is 'Trade name over the door (enseigne).';
comment on column ref.practice_place.address_extra is 'Building, floor, entrance.';
comment on column ref.practice_place.street is 'Number and street.';
comment on column ref.practice_place.distribution is 'Hamlet, post box.';
comment on column ref.practice_place.postal_code is 'Postal code.';
comment on column ref.practice_place.commune_code is 'Present commune (ref.commune): given, or found from an old code or from postal code and name; null when not found.';
comment on column ref.practice_place.commune_label is 'Commune as written in the extract.';
comment on column ref.practice_place.phone is 'Public phone number of the place.';
comment on column ref.practice_place.run is 'Import that last changed the row.';

create table ref.directory_change (
  id bigint generated always as identity primary key,
  run bigint not null references ref.import_run (id),
  kind text not null check (kind in ('arrival', 'departure', 'move', 'change')),
  rpps text collate "C" not null,
  profession_code text collate "C" not null,
  commune_from text collate "C",
  commune_to text collate "C",
  detail jsonb not null default '{}'
);
comment on table ref.directory_change is 'Who came, left, moved or changed at each import; one row per person and import. The first import, where everybody arrives, writes none.';
comment on column ref.directory_change.id is 'Number, growing.';
comment on column ref.directory_change.run is 'The import that saw it.';
comment on column ref.directory_change.kind is 'arrival, departure, move (left a commune for another), change (anything else).';
comment on column ref.directory_change.rpps is 'The person.';
comment on column ref.directory_change.profession_code is 'Profession of the person.';
comment on column ref.directory_change.commune_from is 'Commune left (departure, move): the first by code when several.';
comment on column ref.directory_change.commune_to is 'Commune come to (arrival, move): the first by code when several.';
comment on column ref.directory_change.detail is 'places_added, places_removed, places_changed (numbers), person (true when name, civility or profession changed).';
create index on ref.directory_change (run, kind);
create index on ref.directory_change (rpps);
create index on ref.directory_change (commune_from, run) where commune_from is not null;
create index on ref.directory_change (commune_to, run) where commune_to is not null;

-- Keys and indexes that a first load makes once at the end instead of row by row: half the time. They are written here once
-- for the migration and for the importer.
create procedure ref.make_directory_indexes() language plpgsql security definer set search_path = '' as $$
declare trigrams text;
begin
  alter table ref.practitioner add constraint practitioner_pkey primary key (rpps);
  alter table ref.practice_place add constraint practice_place_pkey primary key (id);
  create unique index practice_place_rpps_place_key on ref.practice_place (rpps, place_key);
  create index practice_place_commune on ref.practice_place (commune_code, profession_code);
  select format('%I.gin_trgm_ops', n.nspname) into trigrams
    from pg_catalog.pg_opclass o join pg_catalog.pg_namespace n on n.oid = o.opcnamespace where o.opcname = 'gin_trgm_ops';
  if trigrams is null then
    create index practitioner_search on ref.practitioner (search text_pattern_ops);
  else
    execute 'create index practitioner_search on ref.practitioner using gin (search ' || trigrams || ')';
  end if;
  alter table ref.practice_place add constraint practice_place_rpps_fkey foreign key (rpps) references ref.practitioner (rpps);
end $$;
comment on procedure ref.make_directory_indexes() is 'Makes the keys and indexes of the directory.';

create procedure ref.drop_directory_indexes() language plpgsql security definer set search_path = '' as $$
begin
  if exists (select from ref.practitioner) then
    raise exception 'the directory is not empty: its indexes stay';
  end if;
  alter table ref.practice_place drop constraint practice_place_rpps_fkey;
  alter table ref.practitioner drop constraint practitioner_pkey;
  alter table ref.practice_place drop constraint practice_place_pkey;
  drop index ref.practitioner_search, ref.practice_place_commune, ref.practice_place_rpps_place_key;
end $$;
comment on procedure ref.drop_directory_indexes() is 'Drops them before a first load; refuses on a directory that has people.';

revoke all on procedure ref.make_directory_indexes(), ref.drop_directory_indexes() from public;
grant execute on procedure ref.make_directory_indexes(), ref.drop_directory_indexes() to trame_import;
call ref.make_directory_indexes();

do $$
declare trigrams text;
begin
  select format('%I.gin_trgm_ops', n.nspname) into trigrams
    from pg_opclass o join pg_namespace n on n.oid = o.opcnamespace where o.opcname = 'gin_trgm_ops';
  if trigrams is null then
    create index commune_search on ref.commune (search text_pattern_ops);
  else
    execute 'create index commune_search on ref.commune using gin (search ' || trigrams || ')';
  end if;
end $$;

grant select on all tables in schema ref to trame_tenant, trame_site;
grant select, insert, update, delete on all tables in schema ref to trame_import;
