-- Waits published each month: what is shown, frozen, and beside it the exact counts that the next publication is checked against.

create table app.publication (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  month date not null check (extract(day from month) = 1),
  published_at timestamptz not null,
  people integer not null,
  tables jsonb not null,
  counts jsonb not null,
  primary key (cpts_id, month)
);
comment on table app.publication is 'Waits published by a community, one row a month, never changed: open pages show these rows and nothing else.';
comment on column app.publication.cpts_id is 'Community that owns the row (tenant).';
comment on column app.publication.month is 'First day of the last month that it counts.';
comment on column app.publication.published_at is 'When it was published, UTC.';
comment on column app.publication.people is 'People counted, all cells together, rounded to ten.';
comment on column app.publication.tables is 'What is shown: rounded counts and medians in weeks; nothing where a cell is hidden.';
comment on column app.publication.counts is 'Exact counts and hidden cells of each table. Never shown: it is what the next publication is attacked with.';
call platform.tenant_table('publication', 'select, insert');
