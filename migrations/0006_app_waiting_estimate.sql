-- How long people like one wait: curves by group, worked out at night from the events of the last twelve months.

create table app.waiting_estimate (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  cell text not null,
  people integer not null check (people > 0),
  served integer not null check (served >= 11),
  steps jsonb not null,
  computed_at timestamptz not null,
  primary key (cpts_id, cell)
);
comment on table app.waiting_estimate is 'Product-limit curve of the waits of a group, last twelve months. Follows from request_event alone: replaced each night, and can be worked out again for any past day.';
comment on column app.waiting_estimate.cpts_id is 'Community that owns the row (tenant).';
comment on column app.waiting_estimate.cell is 'The group: care, age band and place, each or *, as areas/gp-access/waiting.ts writes them.';
comment on column app.waiting_estimate.people is 'People seen waiting in the twelve months.';
comment on column app.waiting_estimate.served is 'Of whom a doctor accepted; groups of fewer than eleven are not kept.';
comment on column app.waiting_estimate.steps is 'Days on which somebody was accepted: [day, seen waiting, accepted]…';
comment on column app.waiting_estimate.computed_at is 'When it was worked out, UTC.';
call platform.tenant_table('waiting_estimate', 'select, insert, delete');
