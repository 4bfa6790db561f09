-- A priority changed by hand: points up or down, by whom, why, and taken back or not.

create table app.priority_change (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  id uuid not null,
  request_id uuid not null,
  points integer not null check (points <> 0 and points between -50 and 50),
  reason text not null check (length(reason) between 10 and 300),
  at timestamptz not null,
  by_label text not null,
  undone_at timestamptz,
  undone_label text,
  primary key (cpts_id, id),
  foreign key (cpts_id, request_id) references app.request (cpts_id, id),
  check ((undone_at is null) = (undone_label is null))
);
comment on table app.priority_change is 'Points added or taken by hand, each with its written reason; taking one back is a date on its row, never an erasure.';
comment on column app.priority_change.cpts_id is 'Community that owns the row (tenant).';
comment on column app.priority_change.id is 'Identifier (UUIDv7).';
comment on column app.priority_change.request_id is 'The request.';
comment on column app.priority_change.points is 'Points added, or taken when negative.';
comment on column app.priority_change.reason is 'Why, in words that the patient reads; no diagnosis.';
comment on column app.priority_change.at is 'When, UTC.';
comment on column app.priority_change.by_label is 'Who, as shown.';
comment on column app.priority_change.undone_at is 'When it was taken back, UTC.';
comment on column app.priority_change.undone_label is 'Who took it back, as shown.';
create index on app.priority_change (cpts_id, request_id);
create index on app.priority_change (cpts_id, at desc);
call platform.tenant_table('priority_change', 'select, insert, update');

alter table app.request add column by_hand integer not null default 0 check (by_hand between -100 and 100);
comment on column app.request.by_hand is 'Sum of the points changed by hand and not taken back; set with the change, in the same transaction.';
