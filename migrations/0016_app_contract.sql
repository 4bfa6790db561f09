-- The contract of a community with its fund and its agency: what happened to it, under which terms; and the files that prove it.

create table app.stored_file (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  id uuid not null,
  sha256 bytea not null check (sha256 = sha256(bytes)),
  type text not null,
  given_name text not null check (length(given_name) between 1 and 120),
  bytes bytea not null check (length(bytes) between 1 and 10485760),
  at timestamptz not null,
  by_label text not null,
  primary key (cpts_id, id)
);
alter table app.stored_file alter column bytes set storage external;
comment on table app.stored_file is 'Files that people gave, byte for byte; never changed once kept.';
comment on column app.stored_file.cpts_id is 'Community that owns the row (tenant).';
comment on column app.stored_file.id is 'Identifier (UUIDv7).';
comment on column app.stored_file.sha256 is 'SHA-256 of the bytes; the database refuses a row where they disagree.';
comment on column app.stored_file.type is 'What the bytes are, as sniffed; never what the browser said.';
comment on column app.stored_file.given_name is 'Name it came with, cleaned, shown as text; a download has a generated name.';
comment on column app.stored_file.bytes is 'The file, ten megabytes at most.';
comment on column app.stored_file.at is 'When it was kept, UTC.';
comment on column app.stored_file.by_label is 'Who gave it, as shown then.';
call platform.tenant_table('stored_file', 'select, insert');

create table app.contract_event (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  id uuid not null,
  kind text not null check (kind in ('letter', 'letter-accepted', 'project', 'opposition', 'validation', 'signature', 'amendment', 'renewal', 'termination', 'mission-start', 'mission-deployed')),
  mission text check (mission in ('access', 'pathways', 'prevention', 'crisis', 'quality', 'support')),
  day date not null,
  note text check (length(note) between 1 and 500),
  file_id uuid,
  at timestamptz not null,
  by_label text not null,
  withdrawn_at timestamptz,
  withdrawn_label text,
  withdrawn_reason text check (length(withdrawn_reason) between 3 and 300),
  primary key (cpts_id, id),
  foreign key (cpts_id, file_id) references app.stored_file (cpts_id, id),
  check ((mission is not null) = (kind in ('mission-start', 'mission-deployed'))),
  check ((withdrawn_at is null) = (withdrawn_label is null) and (withdrawn_at is null) = (withdrawn_reason is null))
);
comment on table app.contract_event is 'The life of the contract, one row a step: who recorded it, when, with which document. A mistake is withdrawn with a reason, never erased.';
comment on column app.contract_event.cpts_id is 'Community that owns the row (tenant).';
comment on column app.contract_event.id is 'Identifier (UUIDv7).';
comment on column app.contract_event.kind is 'Which step (areas/contract/rules/life.ts).';
comment on column app.contract_event.mission is 'Which mission started or is deployed.';
comment on column app.contract_event.day is 'The day it happened.';
comment on column app.contract_event.note is 'What else is to be known, in words.';
comment on column app.contract_event.file_id is 'The document that proves it.';
comment on column app.contract_event.at is 'When it was recorded, UTC.';
comment on column app.contract_event.by_label is 'Who recorded it, as shown then.';
comment on column app.contract_event.withdrawn_at is 'When it was taken back as a mistake, UTC; null while it holds.';
comment on column app.contract_event.withdrawn_label is 'Who took it back, as shown then.';
comment on column app.contract_event.withdrawn_reason is 'Why.';
-- A second signature, a mission started twice: the statement refuses, whoever was faster.
create unique index contract_event_once on app.contract_event (cpts_id, kind, mission) nulls not distinct
  where withdrawn_at is null and kind in ('letter', 'letter-accepted', 'validation', 'signature', 'termination', 'mission-start', 'mission-deployed');
create index on app.contract_event (cpts_id, day);
call platform.tenant_table('contract_event', 'select, insert, update');

create table app.contract_terms (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  event_id uuid not null,
  from_day date not null,
  agreement text not null check (agreement in ('aci-2019', 'avenant-2')),
  size smallint not null check (size between 1 and 4),
  size_reason text check (length(size_reason) between 3 and 300),
  years smallint not null check (years between 1 and 10),
  missions text[] not null check (missions <@ array['access', 'pathways', 'prevention', 'crisis', 'quality', 'support']::text[] and cardinality(missions) > 0),
  snp_compensation boolean not null,
  primary key (cpts_id, event_id),
  foreign key (cpts_id, event_id) references app.contract_event (cpts_id, id)
);
comment on table app.contract_terms is 'What was agreed by a signature, an amendment or a renewal; a day is ruled by the last terms before it.';
comment on column app.contract_terms.cpts_id is 'Community that owns the row (tenant).';
comment on column app.contract_terms.event_id is 'The signature, amendment or renewal that agreed them.';
comment on column app.contract_terms.from_day is 'First day they hold.';
comment on column app.contract_terms.agreement is 'National text they rest on: aci-2019, or avenant-2 (JO of 31 March 2022).';
comment on column app.contract_terms.size is 'Size written in the contract, 1 to 4.';
comment on column app.contract_terms.size_reason is 'Why this size, when it is not the one the population gives.';
comment on column app.contract_terms.years is 'Years the contract lasts, counted from its signature or renewal.';
comment on column app.contract_terms.missions is 'Missions chosen.';
comment on column app.contract_terms.snp_compensation is 'Whether the compensation of unscheduled care is in the contract.';
call platform.tenant_table('contract_terms', 'select, insert');

create table app.contract_signatory (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  event_id uuid not null,
  party text not null check (party in ('community', 'fund', 'agency')),
  name text not null check (length(name) between 1 and 120),
  primary key (cpts_id, event_id, party),
  foreign key (cpts_id, event_id) references app.contract_event (cpts_id, id)
);
comment on table app.contract_signatory is 'Who signed for each of the three parties.';
comment on column app.contract_signatory.cpts_id is 'Community that owns the row (tenant).';
comment on column app.contract_signatory.event_id is 'The signature, amendment or renewal.';
comment on column app.contract_signatory.party is 'community, fund (CPAM) or agency (ARS).';
comment on column app.contract_signatory.name is 'Name and quality, as written in the contract.';
call platform.tenant_table('contract_signatory', 'select, insert');
