-- Territory of a community, size of its contract, partners that are not in the national directory, local facts about
-- professionals, and the one search of the directory.

create table app.territory_commune (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  commune_code text collate "C" not null check (commune_code ~ '^[0-9][0-9AB][0-9]{3}$'),
  since date not null,
  added_by text not null,
  primary key (cpts_id, commune_code)
);
comment on table app.territory_commune is 'Communes of the community''s territory. No foreign key to ref.commune: a merged commune stays until somebody decides.';
comment on column app.territory_commune.cpts_id is 'Community that owns the row (tenant).';
comment on column app.territory_commune.commune_code is 'INSEE code, as in ref.commune.';
comment on column app.territory_commune.since is 'Day it was added.';
comment on column app.territory_commune.added_by is 'Who added it, as shown then.';
call platform.tenant_table('territory_commune', 'select, insert, delete');

-- Which communities claim a commune is public knowledge, but a community may read no row of another: the claims are kept
-- apart, without any right for a community, and answered by one function that gives names only.
create table platform.commune_claim (
  commune_code text collate "C" not null,
  cpts_id uuid not null references platform.cpts (id) on delete cascade,
  primary key (commune_code, cpts_id)
);
comment on table platform.commune_claim is 'Every community that has a commune in its territory; kept by a trigger, read through app.communes_also_claimed() only.';
comment on column platform.commune_claim.commune_code is 'INSEE code.';
comment on column platform.commune_claim.cpts_id is 'The community.';
create index on platform.commune_claim (cpts_id);

create function app.claim_commune() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  if tg_op = 'INSERT' then
    insert into platform.commune_claim (commune_code, cpts_id) values (new.commune_code, new.cpts_id) on conflict do nothing;
    return new;
  end if;
  delete from platform.commune_claim where commune_code = old.commune_code and cpts_id = old.cpts_id;
  return old;
end $$;
comment on function app.claim_commune() is 'Keeps platform.commune_claim equal to the territories.';
revoke all on function app.claim_commune() from public;
create trigger claim after insert or delete on app.territory_commune for each row execute function app.claim_commune();

create function app.communes_also_claimed() returns table (commune_code text, cpts_name text)
  language sql stable security definer set search_path = '' as $$
  select theirs.commune_code, c.name
  from platform.commune_claim mine
  join platform.commune_claim theirs on theirs.commune_code = mine.commune_code and theirs.cpts_id <> mine.cpts_id
  join platform.cpts c on c.id = theirs.cpts_id
  -- A demonstration and a real community never hear of one another.
  where mine.cpts_id = app.cpts_id() and c.demo = (select me.demo from platform.cpts me where me.id = mine.cpts_id)
  order by 1, 2
$$;
comment on function app.communes_also_claimed() is 'Communes of the present community that another one also claims, with the name of that one and nothing else.';
revoke all on function app.communes_also_claimed() from public;
grant execute on function app.communes_also_claimed() to trame_tenant;

create table app.contract_size (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  id uuid not null,
  size smallint check (size between 1 and 4),
  reason text not null check (length(reason) between 1 and 500),
  decided_on date not null,
  by text not null,
  at timestamptz not null,
  primary key (cpts_id, id)
);
comment on table app.contract_size is 'Sizes written in the contract when they differ from the deduced one: records, the last one holds.';
comment on column app.contract_size.cpts_id is 'Community that owns the row (tenant).';
comment on column app.contract_size.id is 'Identifier (UUIDv7).';
comment on column app.contract_size.size is 'Size of the contract; null to come back to the size deduced from the population.';
comment on column app.contract_size.reason is 'Why, in words: article, amendment, letter of the CPAM.';
comment on column app.contract_size.decided_on is 'Day of the contract or of the decision.';
comment on column app.contract_size.by is 'Who recorded it, as shown then.';
comment on column app.contract_size.at is 'When it was recorded, UTC.';
create index on app.contract_size (cpts_id, at desc);
call platform.tenant_table('contract_size', 'select, insert');

create table app.partner (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  id uuid not null,
  kind text not null check (kind in ('town-hall', 'ccas', 'dac', 'cmp', 'msp', 'esp', 'health-centre', 'hospital', 'ehpad', 'home-care', 'ambulance', 'pharmacy-group', 'association', 'other')),
  name text not null check (length(name) between 1 and 120),
  commune_code text collate "C" check (commune_code ~ '^[0-9][0-9AB][0-9]{3}$'),
  address text,
  phone text,
  email text,
  ambulances integer check (ambulances between 0 and 500),
  vsl integer check (vsl between 0 and 500),
  source text not null,
  verified_at date not null,
  verified_by text not null,
  created_at timestamptz not null,
  removed_at timestamptz,
  search text not null generated always as (ref.fold(name || ' ' || coalesce(address, ''))) stored,
  primary key (cpts_id, id)
);
comment on table app.partner is 'Partners that the national directory does not have: town halls, CCAS, DAC, CMP, MSP, ESP, ambulance companies, EHPAD, hospitals…';
comment on column app.partner.cpts_id is 'Community that owns the row (tenant).';
comment on column app.partner.id is 'Identifier (UUIDv7).';
comment on column app.partner.kind is 'What it is; the words are in src/areas/directory/rules.ts.';
comment on column app.partner.name is 'Name as shown.';
comment on column app.partner.commune_code is 'Commune (INSEE code); it may be outside the territory (a hospital).';
comment on column app.partner.address is 'Number and street, public.';
comment on column app.partner.phone is 'Public phone number, +33….';
comment on column app.partner.email is 'Public address, lower case.';
comment on column app.partner.ambulances is 'Ambulances of an ambulance company.';
comment on column app.partner.vsl is 'Light medical cars (VSL) of an ambulance company.';
comment on column app.partner.source is 'Where it comes from: web site, phone call, list of the CPAM.';
comment on column app.partner.verified_at is 'Day it was last verified.';
comment on column app.partner.verified_by is 'Who verified it, as shown then.';
comment on column app.partner.created_at is 'When the row was made, UTC.';
comment on column app.partner.removed_at is 'When it left the directory; null while it is there.';
comment on column app.partner.search is 'Name and address as they are searched (ref.fold).';
create index on app.partner (cpts_id, kind) where removed_at is null;
call platform.tenant_table('partner', 'select, insert, update');

create table app.directory_note (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  id uuid not null,
  rpps text collate "C" not null check (rpps ~ '^\d{11}$'),
  field text not null check (field in ('phone', 'commune', 'stopped')),
  value text not null check (length(value) between 1 and 120),
  source text not null,
  verified_at date not null,
  verified_by text not null,
  at timestamptz not null,
  withdrawn_at timestamptz,
  primary key (cpts_id, id)
);
comment on table app.directory_note is 'What the community knows of a professional and the national directory does not say, or says otherwise. Never merged: both are shown.';
comment on column app.directory_note.cpts_id is 'Community that owns the row (tenant).';
comment on column app.directory_note.id is 'Identifier (UUIDv7).';
comment on column app.directory_note.rpps is 'The professional (ref.practitioner).';
comment on column app.directory_note.field is 'phone (public number, +33…), commune (INSEE code where they practise), stopped (day they stopped practising in the territory).';
comment on column app.directory_note.value is 'The local fact.';
comment on column app.directory_note.source is 'Where it comes from.';
comment on column app.directory_note.verified_at is 'Day it was last verified.';
comment on column app.directory_note.verified_by is 'Who verified it, as shown then.';
comment on column app.directory_note.at is 'When it was recorded, UTC.';
comment on column app.directory_note.withdrawn_at is 'When it was replaced or withdrawn; null while it holds.';
create unique index directory_note_current on app.directory_note (cpts_id, rpps, field) where withdrawn_at is null;
call platform.tenant_table('directory_note', 'select, insert, update');

-- The directory of the present community, one page of it and its counts, in one statement. Row-level security would keep
-- LIKE away from the indexes: the function has the owner's rights and says the community itself, which nobody can choose.
-- p_professions null: every profession and the partners; '{}': partners only.
create function app.directory_page(
  p_text text, p_commune text, p_professions text[], p_skills text[], p_other_than text[], p_partner_kinds text[], p_exercise text,
  p_limit integer, p_offset integer
) returns jsonb language sql stable security definer set search_path = '' as $$
  with words as materialized (
    select coalesce(array_agg('%' || replace(replace(replace(w, '\', '\\'), '%', '\%'), '_', '\_') || '%'), '{}') as patterns
    from string_to_table(ref.fold(p_text), ' ') w where length(w) > 1
  ), territory as materialized (
    select t.commune_code as code, coalesce(c.name, t.commune_code) as name, coalesce(c.search, '') as search
    from app.territory_commune t left join ref.commune c on c.code = t.commune_code
    where t.cpts_id = app.cpts_id()
  ), line as materialized (
    -- Few columns: the whole territory passes here, for the counts; what a page shows is read for its lines only.
    select true as person, p.rpps as id, p.search as sort_key, o.id as place_id, t.code as commune_code, o.profession_code, o.skill_codes,
      (p_professions is null or o.profession_code = any (p_professions))
        and (p_skills is null or o.skill_codes && p_skills) and (p_other_than is null or not o.skill_codes && p_other_than) as needed,
      (p_commune is null or t.code = p_commune) as there
    from territory t
    cross join words
    join ref.practice_place o on o.commune_code = t.code
    join ref.practitioner p on p.rpps = o.rpps and p.active and p.category_code is distinct from 'E'
    where (p_exercise = 'all' or o.mode_code = 'L' or (p_exercise = 'town' and o.sector_code in ('SA05', 'SA07', 'SA08', 'SA33')))
      and (cardinality(words.patterns) = 0
        or p.search || ' ' || t.search like all (words.patterns)
        or p.search || ' ' || t.search || ' ' || ref.fold(concat_ws(' ', o.name, o.sign, o.street)) like all (words.patterns))
    union all
    select false, r.id::text, r.search, 0, r.commune_code, r.kind, '{}', p_professions is null or r.kind = any (p_partner_kinds),
      p_commune is null or r.commune_code = p_commune
    from app.partner r
    cross join words
    left join ref.commune c on c.code = r.commune_code
    where r.cpts_id = app.cpts_id() and r.removed_at is null
      and (cardinality(words.patterns) = 0 or r.search || ' ' || coalesce(c.search, '') like all (words.patterns))
  ), page as (
    select * from line where needed and there order by sort_key collate "C", id, place_id limit p_limit offset p_offset
  ), shown as (
    select page.*, p.family_name, p.given_name, p.civility, p.profession, o.mode_code, o.name as place, o.sign, o.address_extra, o.street,
      o.postal_code, coalesce(o.phone, r.phone) as phone, r.name as partner_name, r.kind as partner_kind, r.address, r.email, r.ambulances, r.vsl,
      r.source, r.verified_at, r.verified_by, c.name as commune
    from page
    left join ref.practitioner p on page.person and p.rpps = page.id
    left join ref.practice_place o on page.person and o.id = page.place_id
    left join app.partner r on not page.person and r.cpts_id = app.cpts_id() and r.id = case when page.person then null else page.id::uuid end
    left join ref.commune c on c.code = page.commune_code
  )
  select jsonb_build_object(
    'total', (select count(*) from line where needed and there),
    'people', (select count(*) from (select from line where needed and there and person group by id) one_each),
    'lines', (select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
        'kind', case when person then 'person' else 'partner' end, 'id', id, 'familyName', coalesce(family_name, partner_name),
        'givenName', given_name, 'civility', civility, 'professionCode', profession_code, 'profession', profession, 'skills', skill_codes,
        'mode', mode_code, 'place', place, 'sign', sign, 'extra', address_extra, 'street', coalesce(street, address),
        'postalCode', postal_code, 'communeCode', commune_code, 'commune', coalesce(commune, commune_code), 'phone', phone,
        'partnerKind', partner_kind, 'email', email, 'ambulances', ambulances, 'vsl', vsl,
        'source', source, 'verifiedAt', verified_at, 'verifiedBy', verified_by
      )) order by sort_key collate "C", id, place_id), '[]') from shown),
    'professions', (select coalesce(jsonb_agg(f), '[]') from (
        select counted.*, n.label from (
          select profession_code as code, skills, count(*) as n from (
            select profession_code, max(skill_codes) as skills from line where there and person group by id, profession_code) each_person
          group by profession_code, skills) counted
        left join ref.nomenclature n on n.kind = 'profession' and n.code = counted.code) f),
    'partners', (select coalesce(jsonb_agg(f), '[]') from (
        select profession_code as kind, count(*) as n from line where there and not person group by 1) f),
    'communes', (select coalesce(jsonb_agg(f), '[]') from (
        select t.code, t.name, coalesce(l.n, 0) as n from territory t left join (
          select commune_code, count(*) as n from (select commune_code from line where needed group by commune_code, id) one_each
          group by commune_code) l on l.commune_code = t.code order by t.search collate "C") f),
    'asOf', (select max(finished_at) from ref.import_run where kind = 'rpps')
  )
$$;
comment on function app.directory_page(text, text, text[], text[], text[], text[], text, integer, integer) is
  'One page of the present community''s directory with its counts by profession, partner kind and commune.';
revoke all on function app.directory_page(text, text, text[], text[], text[], text[], text, integer, integer) from public;
grant execute on function app.directory_page(text, text, text[], text[], text[], text[], text, integer, integer) to trame_tenant;
