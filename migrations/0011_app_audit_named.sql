-- A list is one line of the record that names everybody it showed. Looking for one of them in every line would be long: the worker
-- that seals the lines adds them up, in the transaction of the batch.

create table app.audit_named (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  subject_id uuid not null,
  actor_label text not null,
  times integer not null check (times > 0),
  last_at timestamptz not null,
  primary key (cpts_id, subject_id, actor_label)
) with (fillfactor = 70);
comment on table app.audit_named is 'In how many lists somebody was shown, and to whom: summed from the sealed lines of the record, verified with them.';
comment on column app.audit_named.cpts_id is 'Community that owns the row (tenant).';
comment on column app.audit_named.subject_id is 'Who was shown.';
comment on column app.audit_named.actor_label is 'Name and role of who read the lists, as they were then.';
comment on column app.audit_named.times is 'How many lists.';
comment on column app.audit_named.last_at is 'When the last one was read, UTC.';
call platform.tenant_table('audit_named', 'select, insert, update');
