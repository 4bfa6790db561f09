-- Rates compared between communities of one size: who agrees, what each gave, what is told of a group. Nothing here is about a person:
-- a rate leaves its community as a level of a coarse scale (src/domain/comparison.ts), and only what is told of a group is shared.

create table app.comparison_choice (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  id uuid not null,
  agrees boolean not null,
  decision text not null check (length(decision) between 3 and 200),
  at timestamptz not null,
  by_label text not null,
  primary key (cpts_id, id)
);
comment on table app.comparison_choice is 'Whether the community gives its rates to the comparison, one row a decision, never changed. The last one holds, from the next publication on.';
comment on column app.comparison_choice.cpts_id is 'Community that owns the row (tenant).';
comment on column app.comparison_choice.id is 'Identifier (UUIDv7).';
comment on column app.comparison_choice.agrees is 'True: it gives them; false: it no longer does.';
comment on column app.comparison_choice.decision is 'What was decided by whom: the meeting, its date.';
comment on column app.comparison_choice.at is 'When it was recorded, UTC.';
comment on column app.comparison_choice.by_label is 'Who recorded it, as shown then.';
create index on app.comparison_choice (cpts_id, at desc, id desc);
call platform.tenant_table('comparison_choice', 'select, insert');

create table app.comparison_rate (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  year smallint not null check (year between 2019 and 2100),
  code text not null check (code ~ '^[a-z0-9-]{1,40}$'),
  size smallint not null check (size between 1 and 4),
  level smallint not null check (level between 0 and 100),
  at timestamptz not null,
  primary key (cpts_id, year, code)
);
comment on table app.comparison_rate is 'What the community gave to a publication: all that left it. Kept here, in the community, for it to read, and for the next publication to be checked against.';
comment on column app.comparison_rate.cpts_id is 'Community that owns the row (tenant).';
comment on column app.comparison_rate.year is 'Calendar year in which the contract year ended.';
comment on column app.comparison_rate.code is 'Which indicator.';
comment on column app.comparison_rate.size is 'Size of the community at the end of that year.';
comment on column app.comparison_rate.level is 'Place of the rate on the scale; never the rate, nor what it was counted on.';
comment on column app.comparison_rate.at is 'When it left, UTC.';
call platform.tenant_table('comparison_rate', 'select, insert, update');

create table platform.comparison_band (
  year smallint not null check (year between 2019 and 2100),
  size smallint not null check (size between 1 and 4),
  code text not null check (code ~ '^[a-z0-9-]{1,40}$'),
  communities integer not null check (communities >= 5),
  low smallint,
  middle smallint not null,
  high smallint,
  published_at timestamptz not null,
  primary key (year, size, code),
  check ((low is null) = (high is null)),
  check (low <= middle and middle <= high)
);
comment on table platform.comparison_band is 'What is told of the communities of a size, for an indicator and a year; written once, never changed. What may not be told has no row.';
comment on column platform.comparison_band.year is 'Calendar year in which the contract years ended.';
comment on column platform.comparison_band.size is 'Size of the communities.';
comment on column platform.comparison_band.code is 'Which indicator.';
comment on column platform.comparison_band.communities is 'How many gave their rate.';
comment on column platform.comparison_band.low is 'Level that a quarter of them reach at most; null when only the middle may be told.';
comment on column platform.comparison_band.middle is 'Level that half of them reach at most.';
comment on column platform.comparison_band.high is 'Level that three quarters of them reach at most; null when only the middle may be told.';
comment on column platform.comparison_band.published_at is 'When it was published, UTC.';
grant select on platform.comparison_band to trame_tenant, trame_site;
grant insert on platform.comparison_band to trame_site;

-- A run that is not of one community proves that it holds its work too.
grant execute on function platform.holds_job(text, uuid, integer) to trame_site;
