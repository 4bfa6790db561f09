-- What the contract counts: indicators chosen with their weights, figures from outside, money that came, decisions of the yearly
-- review; and the plan of actions. Figures from the requests and the proofs are worked out, never kept.

create table app.contract_indicator (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  id uuid not null,
  code text not null check (code ~ '^[a-z0-9-]{1,40}$'),
  weight integer not null check (weight between 0 and 10000),
  target_numerator integer check (target_numerator >= 0),
  target_denominator integer check (target_denominator > 0),
  baseline_numerator integer check (baseline_numerator >= 0),
  baseline_denominator integer check (baseline_denominator > 0),
  baseline_missing text check (length(baseline_missing) between 3 and 300),
  at timestamptz not null,
  by_label text not null,
  primary key (cpts_id, id),
  check ((target_numerator is null) = (target_denominator is null)),
  check ((baseline_numerator is null) = (baseline_denominator is null)),
  check (baseline_missing is null or baseline_numerator is null)
);
comment on table app.contract_indicator is 'What the contract says of an indicator: weight, target, starting point. The last row of a code holds; a weight of zero takes it out.';
comment on column app.contract_indicator.cpts_id is 'Community that owns the row (tenant).';
comment on column app.contract_indicator.id is 'Identifier (UUIDv7).';
comment on column app.contract_indicator.code is 'Which indicator (areas/contract/rules/indicators.ts).';
comment on column app.contract_indicator.weight is 'In hundredths of a percent of the variable part of its mission.';
comment on column app.contract_indicator.target_numerator is 'Target: 80 % is 80 out of 100, 12 meetings 12 out of 1.';
comment on column app.contract_indicator.target_denominator is 'See target_numerator.';
comment on column app.contract_indicator.baseline_numerator is 'Starting point (T0), in the same way.';
comment on column app.contract_indicator.baseline_denominator is 'See baseline_numerator.';
comment on column app.contract_indicator.baseline_missing is 'Why there is no starting point; never zero.';
comment on column app.contract_indicator.at is 'When it was written, UTC.';
comment on column app.contract_indicator.by_label is 'Who wrote it, as shown then.';
create index on app.contract_indicator (cpts_id, code, at desc);
call platform.tenant_table('contract_indicator', 'select, insert');

create table app.contract_figure (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  id uuid not null,
  code text not null check (code ~ '^[a-z0-9-]{1,40}$'),
  year smallint not null check (year between 1 and 50),
  numerator integer check (numerator >= 0),
  denominator integer check (denominator > 0),
  unavailable text check (length(unavailable) between 3 and 300),
  source text not null check (length(source) between 3 and 200),
  extracted_on date not null,
  file_id uuid,
  at timestamptz not null,
  by_label text not null,
  primary key (cpts_id, id),
  foreign key (cpts_id, file_id) references app.stored_file (cpts_id, id),
  check ((numerator is null) = (denominator is null)),
  check ((unavailable is null) <> (numerator is null))
);
comment on table app.contract_figure is 'A figure of the fund or the agency for a contract year, with its date and its document; or why there is none. The last row holds, the others stay.';
comment on column app.contract_figure.cpts_id is 'Community that owns the row (tenant).';
comment on column app.contract_figure.id is 'Identifier (UUIDv7).';
comment on column app.contract_figure.code is 'Which indicator.';
comment on column app.contract_figure.year is 'Contract year, from 1.';
comment on column app.contract_figure.numerator is 'What was counted.';
comment on column app.contract_figure.denominator is 'Out of how many.';
comment on column app.contract_figure.unavailable is 'Why there is no figure; never zero.';
comment on column app.contract_figure.source is 'Where it comes from.';
comment on column app.contract_figure.extracted_on is 'Day the source was read.';
comment on column app.contract_figure.file_id is 'The document.';
comment on column app.contract_figure.at is 'When it was entered, UTC.';
comment on column app.contract_figure.by_label is 'Who entered it, as shown then.';
create index on app.contract_figure (cpts_id, code, year, at desc);
call platform.tenant_table('contract_figure', 'select, insert');

create table app.contract_receipt (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  id uuid not null,
  day date not null,
  heading text not null check (heading in ('running', 'access', 'pathways', 'prevention', 'crisis', 'quality', 'support')),
  cents bigint not null check (cents <> 0 and abs(cents) <= 100000000000),
  note text check (length(note) between 1 and 300),
  at timestamptz not null,
  by_label text not null,
  withdrawn_at timestamptz,
  withdrawn_label text,
  withdrawn_reason text check (length(withdrawn_reason) between 3 and 300),
  primary key (cpts_id, id),
  check ((withdrawn_at is null) = (withdrawn_label is null) and (withdrawn_at is null) = (withdrawn_reason is null))
);
comment on table app.contract_receipt is 'Money that came from the fund under the contract, by heading; negative when it was given back.';
comment on column app.contract_receipt.cpts_id is 'Community that owns the row (tenant).';
comment on column app.contract_receipt.id is 'Identifier (UUIDv7).';
comment on column app.contract_receipt.day is 'Day it came, as on the statement of account.';
comment on column app.contract_receipt.heading is 'Running, or the mission that it pays.';
comment on column app.contract_receipt.cents is 'Amount in euro cents.';
comment on column app.contract_receipt.note is 'Reference of the transfer, what the letter says.';
comment on column app.contract_receipt.at is 'When it was recorded, UTC.';
comment on column app.contract_receipt.by_label is 'Who recorded it, as shown then.';
comment on column app.contract_receipt.withdrawn_at is 'When it was taken back as a mistake, UTC; null while it holds.';
comment on column app.contract_receipt.withdrawn_label is 'Who took it back, as shown then.';
comment on column app.contract_receipt.withdrawn_reason is 'Why.';
create index on app.contract_receipt (cpts_id, day);
call platform.tenant_table('contract_receipt', 'select, insert, update');

create table app.action_sheet (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  id uuid not null,
  mission text not null check (mission in ('access', 'pathways', 'prevention', 'crisis', 'quality', 'support')),
  title text not null check (length(title) between 3 and 160),
  owner text not null check (length(owner) between 2 and 120),
  beneficiaries text[] not null check (beneficiaries <@ array['patients', 'patient-lists', 'population', 'professionals']::text[] and cardinality(beneficiaries) > 0),
  starts_on date not null,
  ends_on date not null,
  budget_cents bigint check (budget_cents between 0 and 100000000000),
  indicators text[] not null default '{}',
  hours integer check (hours between 1 and 100000),
  units integer check (units between 1 and 100000),
  created_at timestamptz not null,
  by_label text not null,
  closed_on date,
  closed_how text check (closed_how in ('done', 'given-up')),
  closed_note text check (length(closed_note) between 3 and 500),
  closed_at timestamptz,
  closed_label text,
  primary key (cpts_id, id),
  check (ends_on >= starts_on),
  check ((closed_on is null) = (closed_how is null) and (closed_on is null) = (closed_note is null) and (closed_on is null) = (closed_at is null)
    and (closed_on is null) = (closed_label is null))
);
comment on table app.action_sheet is 'Plan of actions (fiches action): what is done for a mission, by whom, when, for whom, with what money, for which figures.';
comment on column app.action_sheet.cpts_id is 'Community that owns the row (tenant).';
comment on column app.action_sheet.id is 'Identifier (UUIDv7).';
comment on column app.action_sheet.mission is 'The mission.';
comment on column app.action_sheet.title is 'The action.';
comment on column app.action_sheet.owner is 'Who carries it.';
comment on column app.action_sheet.beneficiaries is 'Patients, patient lists of the professionals, population, professionals.';
comment on column app.action_sheet.starts_on is 'First day planned.';
comment on column app.action_sheet.ends_on is 'Last day planned.';
comment on column app.action_sheet.budget_cents is 'Budget in euro cents; null when none is set.';
comment on column app.action_sheet.indicators is 'Indicators it serves.';
comment on column app.action_sheet.hours is 'Hours of work it asks; null: not estimated.';
comment on column app.action_sheet.units is 'What it adds to the numerator of its first indicator; null: not estimated.';
comment on column app.action_sheet.created_at is 'When it was written, UTC.';
comment on column app.action_sheet.by_label is 'Who wrote it, as shown then.';
comment on column app.action_sheet.closed_on is 'Day it ended; null while it runs.';
comment on column app.action_sheet.closed_how is 'done or given-up.';
comment on column app.action_sheet.closed_note is 'What came of it.';
comment on column app.action_sheet.closed_at is 'When its end was recorded, UTC.';
comment on column app.action_sheet.closed_label is 'Who recorded its end, as shown then.';
create index on app.action_sheet (cpts_id, mission, starts_on);
call platform.tenant_table('action_sheet', 'select, insert, update');
