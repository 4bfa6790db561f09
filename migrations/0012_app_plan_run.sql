-- A plan is computed away from the pages: asked, taken by a worker, ended. Its lines and its doctors become rows, so that a page reads
-- the lines it shows; what somebody asks about a line (« why not Dr X? ») is answered by the same worker.

alter table app.plan
  add column state text not null default 'finished' check (state in ('waiting', 'running', 'finished', 'stopped', 'failed', 'lost')),
  add column created_label text,
  add column previous_id uuid,
  add column data_at timestamptz,
  add column started_at timestamptz,
  add column attempts integer not null default 0,
  add column phase text check (phase in ('read', 'pairs', 'solve', 'households', 'explain', 'keep')),
  add column done real check (done between 0 and 1),
  add column elapsed_ms integer check (elapsed_ms >= 0),
  add column estimate_ms integer check (estimate_ms >= 0),
  add column ended_at timestamptz,
  add column ended_label text,
  add column fault text,
  add foreign key (cpts_id, previous_id) references app.plan (cpts_id, id);
comment on table app.plan is 'An optimal assignment of the list as it stood, and the run that computed it. Its lines are in plan_line.';
comment on column app.plan.result is 'What is true of the whole: objective, bound, gap, proof, separated households, how many keep their doctor. JSON null until finished.';
comment on column app.plan.state is 'waiting for a worker, running, or how it ended: finished, stopped by somebody, failed, lost with its worker twice.';
comment on column app.plan.created_label is 'Who asked for it, as shown.';
comment on column app.plan.previous_id is 'The last plan finished before it: what it is compared with.';
comment on column app.plan.data_at is 'Instant at which the list and the places were read, UTC.';
comment on column app.plan.started_at is 'When a worker last took it, UTC.';
comment on column app.plan.attempts is 'How many times a worker took it; a second one only after the first was lost.';
comment on column app.plan.phase is 'What the worker is doing.';
comment on column app.plan.done is 'Share of that phase done, 0 to 1; null when not known.';
comment on column app.plan.elapsed_ms is 'Milliseconds of the last attempt, as its worker last said.';
comment on column app.plan.estimate_ms is 'Milliseconds expected, from the last finished plans; null without any.';
comment on column app.plan.ended_at is 'When it ended, UTC.';
comment on column app.plan.ended_label is 'Who stopped it, as shown.';
comment on column app.plan.fault is 'Class and code of the fault it failed by, never its message.';
-- However many ask at once, a community has one run.
create unique index plan_one_run on app.plan (cpts_id) where state in ('waiting', 'running');

create table app.plan_doctor (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  plan_id uuid not null,
  membership_id uuid not null,
  capacity_id uuid not null,
  places integer not null check (places >= 0),
  given integer not null check (given between 0 and places),
  primary key (cpts_id, plan_id, membership_id),
  foreign key (cpts_id, plan_id) references app.plan (cpts_id, id),
  foreign key (cpts_id, membership_id) references app.membership (cpts_id, id),
  foreign key (cpts_id, capacity_id) references app.capacity (cpts_id, id)
);
comment on table app.plan_doctor is 'The places a plan rested on, doctor by doctor.';
comment on column app.plan_doctor.cpts_id is 'Community that owns the row (tenant).';
comment on column app.plan_doctor.plan_id is 'The plan.';
comment on column app.plan_doctor.membership_id is 'The doctor.';
comment on column app.plan_doctor.capacity_id is 'His statement then.';
comment on column app.plan_doctor.places is 'Places left then, all profiles.';
comment on column app.plan_doctor.given is 'Places the plan gives.';
call platform.tenant_table('plan_doctor', 'select, insert');

create table app.plan_line (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  plan_id uuid not null,
  request_id uuid not null,
  rank integer not null check (rank > 0),
  membership_id uuid,
  minutes integer,
  points integer not null,
  before_id uuid,
  why jsonb not null,
  primary key (cpts_id, plan_id, request_id),
  unique (cpts_id, plan_id, rank),
  foreign key (cpts_id, plan_id) references app.plan (cpts_id, id),
  foreign key (cpts_id, request_id) references app.request (cpts_id, id),
  foreign key (cpts_id, membership_id) references app.membership (cpts_id, id),
  foreign key (cpts_id, before_id) references app.membership (cpts_id, id),
  check ((membership_id is null) = (minutes is null))
);
comment on table app.plan_line is 'A patient of a plan: the doctor it proposes, or none, and what decided it, worked out with the plan.';
comment on column app.plan_line.cpts_id is 'Community that owns the row (tenant).';
comment on column app.plan_line.plan_id is 'The plan.';
comment on column app.plan_line.request_id is 'The request.';
comment on column app.plan_line.rank is 'Order on screen: those with a doctor by points then travel, then those without.';
comment on column app.plan_line.membership_id is 'The doctor proposed, if any.';
comment on column app.plan_line.minutes is 'Estimated travel to him, in minutes.';
comment on column app.plan_line.points is 'Points under the plan''s rule, that day.';
comment on column app.plan_line.before_id is 'The doctor of the plan before, if any.';
comment on column app.plan_line.why is 'What decided it (areas/gp-access/kept.ts).';
create index on app.plan_line (cpts_id, plan_id, membership_id);
create index on app.plan_line (cpts_id, request_id);
call platform.tenant_table('plan_line', 'select, insert');

create table app.plan_question (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  plan_id uuid not null,
  request_id uuid not null,
  membership_id uuid not null,
  asked_at timestamptz not null,
  asked_label text not null,
  attempts integer not null default 0,
  answer jsonb,
  answered_at timestamptz,
  primary key (cpts_id, plan_id, request_id, membership_id),
  foreign key (cpts_id, plan_id, request_id) references app.plan_line (cpts_id, plan_id, request_id),
  foreign key (cpts_id, membership_id) references app.membership (cpts_id, id),
  check ((answer is null) = (answered_at is null))
);
comment on table app.plan_question is '« Why not Dr X? », asked about a line of a plan and answered by a worker: what imposing the pair would cost the others.';
comment on column app.plan_question.cpts_id is 'Community that owns the row (tenant).';
comment on column app.plan_question.plan_id is 'The plan.';
comment on column app.plan_question.request_id is 'The request.';
comment on column app.plan_question.membership_id is 'The doctor asked about.';
comment on column app.plan_question.asked_at is 'When, UTC.';
comment on column app.plan_question.asked_label is 'Who, as shown.';
comment on column app.plan_question.attempts is 'How many times a worker took it.';
comment on column app.plan_question.answer is 'The answer as domain/assignment gives it; null until then.';
comment on column app.plan_question.answered_at is 'Instant of the list it rests on, UTC.';
create index on app.plan_question (cpts_id, asked_at) where answer is null;
call platform.tenant_table('plan_question', 'select, insert, update');

-- The plans kept until now: their lines leave the JSON. The owner reads every community here, and only here.
alter table app.plan no force row level security;
alter table app.plan_line no force row level security;
insert into app.plan_line (cpts_id, plan_id, request_id, rank, membership_id, minutes, points, why)
  select p.cpts_id, p.id, (x.line ->> 'patient')::uuid, row_number() over (partition by p.cpts_id, p.id order by x.placed desc, x.points desc, (x.line ->> 'minutes')::integer, x.n),
    (x.line ->> 'doctor')::uuid, (x.line ->> 'minutes')::integer, x.points, case when x.placed then '{"unkept": true}' else jsonb_build_object('reason', x.line -> 'reason') end
  from app.plan p
  cross join lateral (
    select line, n, true as placed, (line ->> 'priority')::integer as points from jsonb_array_elements(p.result -> 'pairs') with ordinality as l (line, n)
    union all
    select jsonb_set(line, '{reason,doctors}', to_jsonb(jsonb_array_length(coalesce(line #> '{reason,doctors}', '[]')))), n, false, coalesce((line #>> '{reason,points}')::integer, 0)
      from jsonb_array_elements(p.result -> 'unplaced') with ordinality as l (line, n)
  ) x
  where jsonb_typeof(p.result) = 'object';
update app.plan set
  state = case when jsonb_typeof(result) = 'object' then 'finished' else 'lost' end,
  data_at = created_at, ended_at = created_at,
  result = case when jsonb_typeof(result) = 'object'
    then result - 'pairs' - 'unplaced' - 'rests' || jsonb_build_object('placed', jsonb_array_length(result -> 'pairs'), 'unplaced', jsonb_array_length(result -> 'unplaced'))
    else result end;
alter table app.plan force row level security;
alter table app.plan_line force row level security;
