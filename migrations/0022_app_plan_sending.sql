-- Sending a plan of thousands is a run of its own: asked on a page, done by a worker some lines at a time, followed and stopped like the computation.

create table app.plan_sending (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  id uuid not null,
  plan_id uuid not null,
  asked_at timestamptz not null,
  asked_label text not null,
  state text not null default 'waiting' check (state in ('waiting', 'running', 'finished', 'stopped', 'failed', 'lost')),
  attempts integer not null default 0,
  total integer not null check (total > 0),
  sent integer not null default 0,
  unsent integer not null default 0,
  ended_at timestamptz,
  ended_label text,
  fault text,
  primary key (cpts_id, id),
  foreign key (cpts_id, plan_id) references app.plan (cpts_id, id),
  check (sent >= 0 and unsent >= 0 and sent + unsent <= total),
  check ((state in ('waiting', 'running')) = (ended_at is null))
);
comment on table app.plan_sending is 'Somebody asked to send many lines of a plan: where the worker is, how it ended.';
comment on column app.plan_sending.cpts_id is 'Community that owns the row (tenant).';
comment on column app.plan_sending.id is 'The sending.';
comment on column app.plan_sending.plan_id is 'The plan.';
comment on column app.plan_sending.asked_at is 'When it was asked, UTC.';
comment on column app.plan_sending.asked_label is 'Who asked, as shown; the proposals are sent in this name.';
comment on column app.plan_sending.state is 'waiting for a worker, running, or how it ended: finished, stopped by somebody, failed, lost with its workers.';
comment on column app.plan_sending.attempts is 'How many times a worker took it; again only after the one before was lost.';
comment on column app.plan_sending.total is 'Lines to send.';
comment on column app.plan_sending.sent is 'Lines sent.';
comment on column app.plan_sending.unsent is 'Lines that could no longer be sent.';
comment on column app.plan_sending.ended_at is 'When it ended, UTC.';
comment on column app.plan_sending.ended_label is 'Who stopped it, as shown.';
comment on column app.plan_sending.fault is 'Class and code of the fault it failed by, never its message.';
-- However many ask at once, a community has one.
create unique index plan_one_sending on app.plan_sending (cpts_id) where state in ('waiting', 'running');
create index on app.plan_sending (cpts_id, plan_id);
call platform.tenant_table('plan_sending', 'select, insert, update');

create table app.plan_sending_line (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  sending_id uuid not null,
  request_id uuid not null,
  rank integer not null check (rank > 0),
  settled boolean not null default false,
  sentence text check (settled or sentence is null),
  primary key (cpts_id, sending_id, request_id),
  foreign key (cpts_id, sending_id) references app.plan_sending (cpts_id, id),
  foreign key (cpts_id, request_id) references app.request (cpts_id, id)
);
comment on table app.plan_sending_line is 'A line to send: settled in the transaction of its proposal, so that a worker that dies loses and doubles nothing.';
comment on column app.plan_sending_line.cpts_id is 'Community that owns the row (tenant).';
comment on column app.plan_sending_line.sending_id is 'The sending.';
comment on column app.plan_sending_line.request_id is 'The request.';
comment on column app.plan_sending_line.rank is 'Its rank in the plan: the first are sent first.';
comment on column app.plan_sending_line.settled is 'Sent, or found impossible.';
comment on column app.plan_sending_line.sentence is 'Why it was not sent; null = sent, or not yet.';
create index on app.plan_sending_line (cpts_id, sending_id, rank) where not settled;
create index on app.plan_sending_line (cpts_id, request_id);
call platform.tenant_table('plan_sending_line', 'select, insert, update');

-- What was said of a line (an age, a language, a profile) goes with the rest when its patient is erased.
create or replace function app.forget_in_plans(p_request uuid) returns void
  language sql security definer set search_path = ''
  as $$
    update app.plan_line set points = 0, why = '{"unkept": true}' where cpts_id = app.cpts_id() and request_id = p_request;
    update app.plan_sending_line set sentence = '' where cpts_id = app.cpts_id() and request_id = p_request and sentence is not null;
    delete from app.plan_question where cpts_id = app.cpts_id() and request_id = p_request;
  $$;
