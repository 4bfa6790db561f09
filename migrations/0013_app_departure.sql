-- A doctor leaves: the announcement, how many patients of which commune and profile, the waves in which they are moved.

create table app.departure (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  id uuid not null,
  membership_id uuid not null,
  code text not null check (code ~ '^[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}$'),
  leaves_on date not null,
  patients integer not null check (patients between 1 and 5000),
  announced_at timestamptz not null,
  announced_label text not null,
  cancelled_at timestamptz,
  cancelled_label text,
  primary key (cpts_id, id),
  unique (cpts_id, code),
  foreign key (cpts_id, membership_id) references app.membership (cpts_id, id),
  check ((cancelled_at is null) = (cancelled_label is null))
);
comment on table app.departure is 'A doctor announced that he leaves. His patients are counted here, never named: those who want to, ask for themselves.';
comment on column app.departure.cpts_id is 'Community that owns the row (tenant).';
comment on column app.departure.id is 'Identifier (UUIDv7).';
comment on column app.departure.membership_id is 'The doctor who leaves.';
comment on column app.departure.code is 'In the address that his letter gives to his patients; no look-alike characters.';
comment on column app.departure.leaves_on is 'Last day of his practice.';
comment on column app.departure.patients is 'Patients he follows, as he said.';
comment on column app.departure.announced_at is 'When it was announced: the seniority of each of his patients who asks.';
comment on column app.departure.announced_label is 'Who announced it, as shown.';
comment on column app.departure.cancelled_at is 'When it was called off, UTC.';
comment on column app.departure.cancelled_label is 'Who called it off, as shown.';
create unique index departure_one_at_a_time on app.departure (cpts_id, membership_id) where cancelled_at is null;
call platform.tenant_table('departure', 'select, insert, update');

create table app.departure_count (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  departure_id uuid not null,
  commune_code text not null references ref.commune (code),
  profile text not null check (profile in ('adult', 'child', 'ald', 'home')),
  patients integer not null check (patients > 0),
  primary key (cpts_id, departure_id, commune_code, profile),
  foreign key (cpts_id, departure_id) references app.departure (cpts_id, id)
);
comment on table app.departure_count is 'His patients by commune and profile, when he said so; never restated, so that two publications cannot be compared.';
comment on column app.departure_count.cpts_id is 'Community that owns the row (tenant).';
comment on column app.departure_count.departure_id is 'The departure.';
comment on column app.departure_count.commune_code is 'Commune where they live (INSEE).';
comment on column app.departure_count.profile is 'The one profile each of them counts in.';
comment on column app.departure_count.patients is 'How many.';
call platform.tenant_table('departure_count', 'select, insert');

create table app.departure_wave (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  id uuid not null,
  departure_id uuid not null,
  position integer not null check (position between 1 and 20),
  criteria text[] not null check (cardinality(criteria) > 0 and criteria <@ '{ald,home,age75,pregnancy,child,everybody}'),
  starts_on date not null,
  removed_at timestamptz,
  sent_at timestamptz,
  primary key (cpts_id, id),
  foreign key (cpts_id, departure_id) references app.departure (cpts_id, id)
);
comment on table app.departure_wave is 'A batch of his patients, moved together: who, from which day, towards which doctors. Each patient is in the first wave that takes him.';
comment on column app.departure_wave.cpts_id is 'Community that owns the row (tenant).';
comment on column app.departure_wave.id is 'Identifier (UUIDv7).';
comment on column app.departure_wave.departure_id is 'The departure.';
comment on column app.departure_wave.position is 'Its rank: smaller first.';
comment on column app.departure_wave.criteria is 'Whom it takes: any of these.';
comment on column app.departure_wave.starts_on is 'From which day its proposals may leave; before the departure.';
comment on column app.departure_wave.removed_at is 'When it was taken off, UTC.';
comment on column app.departure_wave.sent_at is 'When its last proposals left, UTC.';
create unique index on app.departure_wave (cpts_id, departure_id, position) where removed_at is null;
call platform.tenant_table('departure_wave', 'select, insert, update');

create table app.departure_wave_doctor (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  wave_id uuid not null,
  membership_id uuid not null,
  group_name text,
  primary key (cpts_id, wave_id, membership_id),
  foreign key (cpts_id, wave_id) references app.departure_wave (cpts_id, id),
  foreign key (cpts_id, membership_id) references app.membership (cpts_id, id)
);
comment on table app.departure_wave_doctor is 'The doctors who are asked to take a wave, alone or with their group; none: every doctor with places.';
comment on column app.departure_wave_doctor.cpts_id is 'Community that owns the row (tenant).';
comment on column app.departure_wave_doctor.wave_id is 'The wave.';
comment on column app.departure_wave_doctor.membership_id is 'The doctor.';
comment on column app.departure_wave_doctor.group_name is 'Group practice or health centre chosen as a whole, as the national directory names it.';
call platform.tenant_table('departure_wave_doctor', 'select, insert');

create table app.departure_request (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  request_id uuid not null,
  departure_id uuid not null,
  joined_at timestamptz not null,
  primary key (cpts_id, request_id),
  foreign key (cpts_id, request_id) references app.request (cpts_id, id),
  foreign key (cpts_id, departure_id) references app.departure (cpts_id, id)
);
comment on table app.departure_request is 'Requests of patients whose doctor leaves: they asked, themselves or through somebody they agreed to.';
comment on column app.departure_request.cpts_id is 'Community that owns the row (tenant).';
comment on column app.departure_request.request_id is 'The request, an ordinary one.';
comment on column app.departure_request.departure_id is 'The departure.';
comment on column app.departure_request.joined_at is 'When he asked, UTC; his seniority is the day of the announcement.';
create index on app.departure_request (cpts_id, departure_id);
call platform.tenant_table('departure_request', 'select, insert');
