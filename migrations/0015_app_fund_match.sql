-- The sickness fund's list of people with an ALD and no treating doctor, compared with ours through pseudonyms. No name, and for thirty days.

create table app.fund_file (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  id uuid not null,
  at timestamptz not null,
  by_label text not null,
  key_print text not null check (length(key_print) = 22),
  people integer not null check (people >= 0),
  matched integer not null check (matched >= 0),
  probable integer not null check (probable >= 0),
  several integer not null check (several >= 0),
  absent integer not null check (absent >= 0),
  erase_at timestamptz not null,
  erased_at timestamptz,
  primary key (cpts_id, id),
  check (people = matched + probable + several + absent)
);
comment on table app.fund_file is 'A file of pseudonyms from the sickness fund, compared with the waiting list; its lines are erased after thirty days, its counts stay.';
comment on column app.fund_file.cpts_id is 'Community that owns the row (tenant).';
comment on column app.fund_file.id is 'Identifier (UUIDv7).';
comment on column app.fund_file.at is 'When it was compared, UTC.';
comment on column app.fund_file.by_label is 'Who gave it, as shown.';
comment on column app.fund_file.key_print is 'Says which key it was made with, and nothing of the key, which is never kept.';
comment on column app.fund_file.people is 'People in the file.';
comment on column app.fund_file.matched is 'Found in the list, all of it alike.';
comment on column app.fund_file.probable is 'Found in the list but for one difference.';
comment on column app.fund_file.several is 'Could be more than one person.';
comment on column app.fund_file.absent is 'Not in the list.';
comment on column app.fund_file.erase_at is 'When its lines are erased, UTC.';
comment on column app.fund_file.erased_at is 'When they were, UTC.';
call platform.tenant_table('fund_file', 'select, insert, update');

create table app.fund_line (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  file_id uuid not null,
  no integer not null,
  pseudonym text not null check (pseudonym ~ '^[A-Za-z0-9_-]{22}$'),
  commune_code text not null references ref.commune (code),
  ald boolean not null,
  status text not null check (status in ('matched', 'probable', 'several', 'absent')),
  why text check (why in ('used', 'given', 'swapped', 'homonyms', 'shared', 'twice')),
  request_id uuid,
  primary key (cpts_id, file_id, no),
  foreign key (cpts_id, file_id) references app.fund_file (cpts_id, id),
  foreign key (cpts_id, request_id) references app.request (cpts_id, id),
  check ((request_id is not null) = (status in ('matched', 'probable')))
);
comment on table app.fund_line is 'One person of the fund''s file: a pseudonym, its answer, and the request when there is one. Erased after thirty days.';
comment on column app.fund_line.cpts_id is 'Community that owns the row (tenant).';
comment on column app.fund_line.file_id is 'The file.';
comment on column app.fund_line.no is 'Place in the file, which is in the order of the pseudonyms.';
comment on column app.fund_line.pseudonym is 'The strict pseudonym: what the answer to the fund is about.';
comment on column app.fund_line.commune_code is 'Commune of residence according to the fund (INSEE).';
comment on column app.fund_line.ald is 'Said by the fund: affection de longue durée, yes or no, never which.';
comment on column app.fund_line.status is 'What the comparison found.';
comment on column app.fund_line.why is 'What differs, or why it is not certain.';
comment on column app.fund_line.request_id is 'The request of this person.';
create index on app.fund_line (cpts_id, request_id) where request_id is not null;
call platform.tenant_table('fund_line', 'select, insert, delete');
