-- What a waiting patient is offered in the meantime: a line per patient and route, and the community's own words for each route.

create table app.interim_route (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  request_id uuid not null,
  route text not null check (route in ('slots', 'pharmacist', 'prevention', 'vaccination', 'medication', 'child', 'midwife')),
  offered_at timestamptz not null,
  used_at timestamptz,
  used_label text,
  primary key (cpts_id, request_id, route),
  foreign key (cpts_id, request_id) references app.request (cpts_id, id),
  check ((used_at is null) = (used_label is null))
);
comment on table app.interim_route is 'What a patient is offered while he waits for a doctor, and whether he used it.';
comment on column app.interim_route.cpts_id is 'Community that owns the row (tenant).';
comment on column app.interim_route.request_id is 'The request.';
comment on column app.interim_route.route is 'Which one (areas/gp-access/interim.ts).';
comment on column app.interim_route.offered_at is 'Since when it is on his page, UTC.';
comment on column app.interim_route.used_at is 'When somebody said that it was used, UTC.';
comment on column app.interim_route.used_label is 'Who said so, as shown.';
call platform.tenant_table('interim_route', 'select, insert, update');

create table app.interim_text (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  route text not null check (route in ('slots', 'pharmacist', 'prevention', 'vaccination', 'medication', 'child', 'midwife')),
  text text check (length(text) between 1 and 400),
  phone text check (phone ~ '^\+33[1-9][0-9]{8}$'),
  updated_at timestamptz not null,
  updated_by text not null,
  primary key (cpts_id, route)
);
comment on table app.interim_text is 'A community''s own words and number for a route; without them, the general ones are shown.';
comment on column app.interim_text.cpts_id is 'Community that owns the row (tenant).';
comment on column app.interim_text.route is 'Which one.';
comment on column app.interim_text.text is 'Shown to patients instead of the general sentence.';
comment on column app.interim_text.phone is 'Number to call for it, +33….';
comment on column app.interim_text.updated_at is 'When it was last changed, UTC.';
comment on column app.interim_text.updated_by is 'Who changed it, as shown then.';
call platform.tenant_table('interim_text', 'select, insert, update');
