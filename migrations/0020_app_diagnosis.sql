-- Figures of the territorial diagnosis, kept year by year with their sources; the files they came in; which source the community uses.

create table app.diagnosis_import (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  id uuid not null,
  file_id uuid not null,
  at timestamptz not null,
  by_label text not null,
  closed_at timestamptz,
  closed_label text,
  closed_how text check (closed_how in ('written', 'given-up')),
  written integer check (written >= 0),
  refused integer check (refused >= 0),
  primary key (cpts_id, id),
  foreign key (cpts_id, file_id) references app.stored_file (cpts_id, id),
  check ((closed_at is null) = (closed_label is null) and (closed_at is null) = (closed_how is null)),
  check ((closed_how is not distinct from 'written') = (written is not null) and (written is null) = (refused is null))
);
comment on table app.diagnosis_import is 'A file of figures that was given: read and shown first, then written or given up.';
comment on column app.diagnosis_import.cpts_id is 'Community that owns the row (tenant).';
comment on column app.diagnosis_import.id is 'Identifier (UUIDv7).';
comment on column app.diagnosis_import.file_id is 'The file, byte for byte; the document of its figures.';
comment on column app.diagnosis_import.at is 'When it was given, UTC.';
comment on column app.diagnosis_import.by_label is 'Who gave it, as shown then.';
comment on column app.diagnosis_import.closed_at is 'When it was written or given up, UTC; null while it waits.';
comment on column app.diagnosis_import.closed_label is 'Who decided, as shown then.';
comment on column app.diagnosis_import.closed_how is 'written or given-up.';
comment on column app.diagnosis_import.written is 'Figures written.';
comment on column app.diagnosis_import.refused is 'Lines left out with a reason.';
create index on app.diagnosis_import (cpts_id, at desc);
call platform.tenant_table('diagnosis_import', 'select, insert, update');

create table app.diagnosis_figure (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  id uuid not null,
  code text not null check (code ~ '^[a-z0-9-]{1,40}$'),
  level text not null check (level in ('commune', 'community', 'department', 'region', 'country')),
  place text not null check (length(place) <= 5),
  year smallint not null check (year between 2000 and 2100),
  numerator integer check (numerator >= 0),
  denominator integer check (denominator > 0),
  thousandths bigint check (thousandths between 0 and 1000000000000),
  unavailable text check (length(unavailable) between 3 and 300),
  source text not null check (length(source) between 3 and 120),
  extracted_on date not null,
  file_id uuid,
  import_id uuid,
  at timestamptz not null,
  by_label text not null,
  withdrawn_at timestamptz,
  withdrawn_label text,
  withdrawn_reason text check (length(withdrawn_reason) between 3 and 300),
  primary key (cpts_id, id),
  foreign key (cpts_id, file_id) references app.stored_file (cpts_id, id),
  foreign key (cpts_id, import_id) references app.diagnosis_import (cpts_id, id),
  check ((level in ('community', 'country')) = (place = '')),
  check ((numerator is null) = (denominator is null)),
  check (num_nonnulls(numerator, thousandths, unavailable) = 1),
  check ((withdrawn_at is null) = (withdrawn_label is null) and (withdrawn_at is null) = (withdrawn_reason is null))
);
comment on table app.diagnosis_figure is 'One indicator of one place in one year according to one source, or why there is no figure. Nothing is overwritten: of one source the latest extraction holds, and two sources may disagree.';
comment on column app.diagnosis_figure.cpts_id is 'Community that owns the row (tenant).';
comment on column app.diagnosis_figure.id is 'Identifier (UUIDv7).';
comment on column app.diagnosis_figure.code is 'Which indicator (areas/territory/rules/diagnosis.ts).';
comment on column app.diagnosis_figure.level is 'commune, community, department, region or country.';
comment on column app.diagnosis_figure.place is 'INSEE code of the commune, department or region; empty for the community and for France.';
comment on column app.diagnosis_figure.year is 'Civil year that the figure is about.';
comment on column app.diagnosis_figure.numerator is 'What was counted.';
comment on column app.diagnosis_figure.denominator is 'Out of how many.';
comment on column app.diagnosis_figure.thousandths is 'The value alone, in thousandths of the unit of the indicator.';
comment on column app.diagnosis_figure.unavailable is 'Why there is no figure; never zero.';
comment on column app.diagnosis_figure.source is 'Where it comes from.';
comment on column app.diagnosis_figure.extracted_on is 'Day the source was read.';
comment on column app.diagnosis_figure.file_id is 'The document.';
comment on column app.diagnosis_figure.import_id is 'The import that wrote it; null: typed by hand.';
comment on column app.diagnosis_figure.at is 'When it was written, UTC.';
comment on column app.diagnosis_figure.by_label is 'Who wrote it, as shown then.';
comment on column app.diagnosis_figure.withdrawn_at is 'When it was taken back as a mistake, UTC; null while it counts.';
comment on column app.diagnosis_figure.withdrawn_label is 'Who took it back, as shown then.';
comment on column app.diagnosis_figure.withdrawn_reason is 'Why.';
-- The same figure is written once, whoever sends it twice or at the same time.
create unique index diagnosis_figure_once on app.diagnosis_figure
  (cpts_id, code, level, place, year, source, extracted_on, (coalesce(numerator, -1)), (coalesce(denominator, -1)), (coalesce(thousandths, -1)), (coalesce(unavailable, '')))
  where withdrawn_at is null;
create index on app.diagnosis_figure (cpts_id, import_id) where import_id is not null;
call platform.tenant_table('diagnosis_figure', 'select, insert, update');

create table app.diagnosis_choice (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  id uuid not null,
  code text not null check (code ~ '^[a-z0-9-]{1,40}$'),
  level text not null check (level in ('commune', 'community', 'department', 'region', 'country')),
  place text not null check (length(place) <= 5),
  year smallint not null check (year between 2000 and 2100),
  source text check (length(source) between 3 and 120),
  reason text not null check (length(reason) between 3 and 300),
  at timestamptz not null,
  by_label text not null,
  primary key (cpts_id, id)
);
comment on table app.diagnosis_choice is 'Which of several sources the community uses for a figure, and why. The last decision holds; one without a source undoes it.';
comment on column app.diagnosis_choice.cpts_id is 'Community that owns the row (tenant).';
comment on column app.diagnosis_choice.id is 'Identifier (UUIDv7).';
comment on column app.diagnosis_choice.code is 'Which indicator.';
comment on column app.diagnosis_choice.level is 'See diagnosis_figure.';
comment on column app.diagnosis_choice.place is 'See diagnosis_figure.';
comment on column app.diagnosis_choice.year is 'Civil year.';
comment on column app.diagnosis_choice.source is 'The source used; null: back to the latest extraction.';
comment on column app.diagnosis_choice.reason is 'Why.';
comment on column app.diagnosis_choice.at is 'When it was decided, UTC.';
comment on column app.diagnosis_choice.by_label is 'Who decided, as shown then.';
create index on app.diagnosis_choice (cpts_id, code, at desc);
call platform.tenant_table('diagnosis_choice', 'select, insert');

alter table app.contract_figure add column diagnosis_figure_id uuid;
alter table app.contract_figure add foreign key (cpts_id, diagnosis_figure_id) references app.diagnosis_figure (cpts_id, id);
comment on column app.contract_figure.diagnosis_figure_id is 'The figure of the diagnosis that it was taken from.';
alter table app.contract_indicator add column baseline_figure_id uuid;
alter table app.contract_indicator add foreign key (cpts_id, baseline_figure_id) references app.diagnosis_figure (cpts_id, id);
comment on column app.contract_indicator.baseline_figure_id is 'The figure of the diagnosis that the starting point was taken from.';
