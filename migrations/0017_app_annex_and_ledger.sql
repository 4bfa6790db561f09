-- Amounts of the signed annex, typed once; and the ledger: books of lines chained by their hashes, where proofs are filed.

create table app.contract_annex (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  id uuid not null,
  event_id uuid not null,
  file_id uuid not null,
  at timestamptz not null,
  by_label text not null,
  withdrawn_at timestamptz,
  withdrawn_label text,
  withdrawn_reason text check (length(withdrawn_reason) between 3 and 300),
  primary key (cpts_id, id),
  foreign key (cpts_id, event_id) references app.contract_terms (cpts_id, event_id),
  foreign key (cpts_id, file_id) references app.stored_file (cpts_id, id),
  check ((withdrawn_at is null) = (withdrawn_label is null) and (withdrawn_at is null) = (withdrawn_reason is null))
);
comment on table app.contract_annex is 'The signed annex of a contract or amendment, typed once and locked; a mistake is withdrawn with a reason, then typed again.';
comment on column app.contract_annex.cpts_id is 'Community that owns the row (tenant).';
comment on column app.contract_annex.id is 'Identifier (UUIDv7).';
comment on column app.contract_annex.event_id is 'The signature, amendment or renewal that it belongs to.';
comment on column app.contract_annex.file_id is 'The signed paper.';
comment on column app.contract_annex.at is 'When it was typed and locked, UTC.';
comment on column app.contract_annex.by_label is 'Who typed it, as shown then.';
comment on column app.contract_annex.withdrawn_at is 'When it was taken back as a mistake, UTC; null while it holds.';
comment on column app.contract_annex.withdrawn_label is 'Who took it back, as shown then.';
comment on column app.contract_annex.withdrawn_reason is 'Why.';
create unique index contract_annex_held on app.contract_annex (cpts_id, event_id) where withdrawn_at is null;
call platform.tenant_table('contract_annex', 'select, insert, update');

create table app.contract_amount (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  annex_id uuid not null,
  heading text not null check (heading in ('running', 'access', 'pathways', 'prevention', 'crisis', 'quality', 'support')),
  part text not null check (part in ('running', 'fixed', 'variable', 'compensation', 'plan', 'occurrence')),
  period text not null check (period in ('year', 'first-year', 'later-year', 'event')),
  cents bigint not null check (cents between 0 and 100000000000),
  primary key (cpts_id, annex_id, heading, part, period),
  foreign key (cpts_id, annex_id) references app.contract_annex (cpts_id, id)
);
comment on table app.contract_amount is 'One amount of a signed annex; it wins over the national table. Never changed.';
comment on column app.contract_amount.cpts_id is 'Community that owns the row (tenant).';
comment on column app.contract_amount.annex_id is 'The annex.';
comment on column app.contract_amount.heading is 'Running, or a mission.';
comment on column app.contract_amount.part is 'Which part of it (domain/contract).';
comment on column app.contract_amount.period is 'For a year, for the first or a later year of the mission, or for an event.';
comment on column app.contract_amount.cents is 'Amount in euro cents.';
call platform.tenant_table('contract_amount', 'select, insert');

create table app.ledger_entry (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  book text not null check (book ~ '^[a-z-]{1,40}$'),
  no integer not null check (no > 0),
  payload text not null,
  previous text not null check (previous ~ '^[0-9a-f]{64}$'),
  hash text not null check (hash ~ '^[0-9a-f]{64}$'),
  primary key (cpts_id, book, no)
);
comment on table app.ledger_entry is 'Books of lines chained by their hashes: hash = sha256(previous, line feed, payload). Only ever added to.';
comment on column app.ledger_entry.cpts_id is 'Community that owns the row (tenant).';
comment on column app.ledger_entry.book is 'Which book: proofs.';
comment on column app.ledger_entry.no is 'Counts from 1, without a gap.';
comment on column app.ledger_entry.payload is 'The line, as JSON text, byte for byte what was hashed; it holds its number, who, when, and the hash of its file.';
comment on column app.ledger_entry.previous is 'Hash of the line before; sixty-four zeros for the first.';
comment on column app.ledger_entry.hash is 'Hash of this line.';
call platform.tenant_table('ledger_entry', 'select, insert');

create function app.ledger_append_only() returns trigger language plpgsql as $$
begin raise exception 'the ledger is append-only'; end $$;
create trigger append_only before update or delete on app.ledger_entry for each row execute function app.ledger_append_only();
create trigger append_only_all before truncate on app.ledger_entry for each statement execute function app.ledger_append_only();

create table app.ledger_head (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  book text not null,
  no integer not null,
  hash text not null,
  primary key (cpts_id, book)
);
comment on table app.ledger_head is 'Last line of each book: gives the next number to one writer at a time, and finds a truncated book.';
comment on column app.ledger_head.cpts_id is 'Community that owns the row (tenant).';
comment on column app.ledger_head.book is 'Which book.';
comment on column app.ledger_head.no is 'Number of the last line.';
comment on column app.ledger_head.hash is 'Hash of the last line.';
call platform.tenant_table('ledger_head', 'select, insert, update');
