-- Access to a treating doctor: requests, households, capacities, proposals, plans, and the record of each step.

create table app.gp_settings (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  proposal_hours integer not null default 72 check (proposal_hours between 1 and 720),
  travel_minutes integer not null default 30 check (travel_minutes between 5 and 240),
  far_minutes integer not null default 60 check (far_minutes between 5 and 240),
  capacity_days integer not null default 60 check (capacity_days between 1 and 366),
  phone text,
  updated_at timestamptz not null default now(),
  primary key (cpts_id)
);
comment on table app.gp_settings is 'Clocks and caps of the access to a treating doctor; each community sets its own.';
comment on column app.gp_settings.proposal_hours is 'Hours a doctor has to answer a proposal.';
comment on column app.gp_settings.travel_minutes is 'Longest estimated travel proposed, in minutes, unless the patient ticked farther.';
comment on column app.gp_settings.far_minutes is 'Longest estimated travel for a patient who ticked farther, in minutes.';
comment on column app.gp_settings.capacity_days is 'Days after which a doctor''s statement expires unless he said otherwise.';
comment on column app.gp_settings.phone is 'Number a patient calls to speak to somebody (+33…).';
call platform.tenant_table('gp_settings', 'select, insert, update');

create table app.priority_rule (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  version integer not null check (version > 0),
  decision text not null check (length(decision) > 0),
  decided_on date not null,
  rule jsonb not null,
  created_at timestamptz not null,
  primary key (cpts_id, version)
);
comment on table app.priority_rule is 'The voted order of the list, one row per version; the last one is in force, the others replay the past.';
comment on column app.priority_rule.decision is 'Number of the decision that voted it.';
comment on column app.priority_rule.decided_on is 'Day of the vote.';
comment on column app.priority_rule.rule is 'Lines and points, as domain/priority reads them.';
comment on column app.priority_rule.version is 'Counts from 1.';
call platform.tenant_table('priority_rule', 'select, insert');

create table app.household (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  id uuid not null,
  created_at timestamptz not null,
  primary key (cpts_id, id)
);
comment on table app.household is 'People who live together and are proposed to one doctor.';
call platform.tenant_table('household', 'select, insert');

create table app.request (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  id uuid not null,
  number text not null check (number ~ '^[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}$'),
  state text not null check (state in ('received', 'incomplete', 'admissible', 'prioritised', 'proposed', 'accepted', 'appointed', 'seen', 'declared', 'closed', 'exited')),
  exit text check (exit in ('out_of_territory', 'duplicate', 'has_doctor', 'unreachable', 'gave_up', 'deceased', 'redirected_dac', 'redirected_mas')),
  since timestamptz not null,
  state_at timestamptz not null,
  origin text not null check (origin in ('patient', 'proxy', 'coordinator', 'import')),
  proxy_name text,
  proxy_kind text check (proxy_kind in ('family', 'pharmacist', 'nurse', 'professional', 'social', 'town_hall', 'other')),
  proxy_contact text,
  birth_name text not null,
  used_name text,
  given_names text not null,
  birth_date date not null,
  sex text check (sex in ('F', 'M')),
  phone text,
  email text,
  commune_code text not null references ref.commune (code),
  preferred_contact text not null default 'phone' check (preferred_contact in ('phone', 'email', 'proxy')),
  ald boolean not null default false,
  treatment boolean not null default false,
  specialist boolean not null default false,
  pregnancy boolean not null default false,
  reduced_mobility boolean not null default false,
  home_visit boolean not null default false,
  precarity boolean not null default false,
  isolation boolean not null default false,
  doctor_left boolean not null default false,
  hospital_exit boolean not null default false,
  languages text[] not null default '{}',
  wheelchair boolean not null default false,
  farther boolean not null default false,
  household_id uuid,
  consent_at timestamptz not null,
  consent_by text not null check (consent_by in ('patient', 'proxy', 'coordinator')),
  duplicate_of uuid,
  match_key text not null,
  points integer not null default 0,
  rule_version integer,
  doctor_membership_id uuid,
  appointment_on date,
  seen_on date,
  declared_on date,
  declared_by text check (declared_by in ('patient', 'doctor', 'fund', 'coordinator')),
  created_at timestamptz not null,
  primary key (cpts_id, id),
  unique (cpts_id, number),
  foreign key (cpts_id, household_id) references app.household (cpts_id, id),
  foreign key (cpts_id, duplicate_of) references app.request (cpts_id, id),
  foreign key (cpts_id, doctor_membership_id) references app.membership (cpts_id, id),
  check ((state = 'exited') = (exit is not null)),
  check (state not in ('accepted', 'appointed', 'seen', 'declared', 'closed') or doctor_membership_id is not null),
  -- Closed means seen and declared.
  check (state <> 'closed' or (seen_on is not null and declared_on is not null))
);
comment on table app.request is 'Somebody looking for a treating doctor: what he said of himself, where the request stands.';
comment on column app.request.number is 'Tracking number given to the patient; no look-alike characters.';
comment on column app.request.state is 'Where it stands (see areas/gp-access/rules.ts).';
comment on column app.request.exit is 'Side exit, when state is exited.';
comment on column app.request.since is 'Seniority: never moves forward, whatever happens to the request.';
comment on column app.request.state_at is 'Since when it stands there.';
comment on column app.request.origin is 'Who entered it.';
comment on column app.request.proxy_name is 'Who entered it for the patient.';
comment on column app.request.proxy_kind is 'In what quality.';
comment on column app.request.proxy_contact is 'How to reach the proxy (phone or e-mail).';
comment on column app.request.birth_name is 'Nom de naissance.';
comment on column app.request.used_name is 'Nom utilisé, when different.';
comment on column app.request.given_names is 'Prénoms.';
comment on column app.request.birth_date is 'Date of birth; with the number it opens the patient''s page.';
comment on column app.request.sex is 'F or M, when given.';
comment on column app.request.phone is 'Phone, +33….';
comment on column app.request.email is 'Address, when given.';
comment on column app.request.commune_code is 'Commune of residence (INSEE).';
comment on column app.request.preferred_contact is 'How the patient wants to hear from us.';
comment on column app.request.ald is 'Said by the patient: affection de longue durée, yes or no, never which.';
comment on column app.request.treatment is 'Said by the patient: daily treatment.';
comment on column app.request.specialist is 'Said by the patient: followed by a specialist.';
comment on column app.request.pregnancy is 'Said by the patient: pregnancy.';
comment on column app.request.reduced_mobility is 'Said by the patient: hard to move about.';
comment on column app.request.home_visit is 'Cannot leave home: needs home visits.';
comment on column app.request.precarity is 'Said by the patient: C2S or AME.';
comment on column app.request.isolation is 'Said by the patient: lives alone, nobody to help.';
comment on column app.request.doctor_left is 'His doctor retired or left.';
comment on column app.request.hospital_exit is 'Left hospital less than three months ago.';
comment on column app.request.languages is 'Languages, one of which the doctor must speak (ISO 639-1); empty: French will do.';
comment on column app.request.wheelchair is 'Needs premises open to a wheelchair.';
comment on column app.request.farther is 'Ticked: accepts a doctor farther than the usual cap.';
comment on column app.request.household_id is 'Household, when linked.';
comment on column app.request.consent_at is 'When the person agreed to what the form says.';
comment on column app.request.consent_by is 'Who agreed.';
comment on column app.request.duplicate_of is 'Older request of the same person: suspected until state is exited as duplicate.';
comment on column app.request.match_key is 'Folded birth name, first given name and birth date: finds the same person twice.';
comment on column app.request.points is 'Points of the voted rule without seniority (seniority moves with time and is added when read).';
comment on column app.request.rule_version is 'Version of the rule that gave the points.';
comment on column app.request.doctor_membership_id is 'The doctor who said yes.';
comment on column app.request.appointment_on is 'First visit arranged for.';
comment on column app.request.seen_on is 'First visit held.';
comment on column app.request.declared_on is 'Treating-doctor declaration confirmed.';
comment on column app.request.declared_by is 'Who confirmed the declaration.';
create index on app.request (cpts_id, state, since);
create index on app.request (cpts_id, match_key);
create index on app.request (cpts_id, household_id) where household_id is not null;
create index on app.request (cpts_id, doctor_membership_id) where doctor_membership_id is not null;
call platform.tenant_table('request', 'select, insert, update');

-- Seniority never moves forward, whoever writes.
create function app.request_keeps_seniority() returns trigger language plpgsql as $$
begin
  if new.since > old.since then raise exception 'seniority never decreases' using errcode = 'check_violation'; end if;
  return new;
end $$;
create trigger keeps_seniority before update of since on app.request for each row execute function app.request_keeps_seniority();

create table app.request_draft (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  id uuid not null,
  data jsonb not null default '{}',
  created_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (cpts_id, id)
);
comment on table app.request_draft is 'A public form between its first and last page; deleted when sent, or two hours later.';
comment on column app.request_draft.data is 'Answers given so far.';
call platform.tenant_table('request_draft', 'select, insert, update, delete');

create table app.request_event (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  id uuid not null,
  request_id uuid not null,
  at timestamptz not null,
  kind text not null,
  from_state text,
  to_state text,
  reason text,
  actor_label text not null,
  primary key (cpts_id, id),
  foreign key (cpts_id, request_id) references app.request (cpts_id, id)
);
comment on table app.request_event is 'What happened to a request, in order: its history on screen.';
comment on column app.request_event.kind is 'transition, contact, edit, merge, household, note of a refusal…';
comment on column app.request_event.from_state is 'State before, for a transition.';
comment on column app.request_event.to_state is 'State after, for a transition.';
comment on column app.request_event.reason is 'Why: a code, or a sentence written by the coordinator.';
comment on column app.request_event.actor_label is 'Who, as shown.';
comment on column app.request_event.request_id is 'The request.';
create index on app.request_event (cpts_id, request_id, at);
call platform.tenant_table('request_event', 'select, insert');

create table app.capacity (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  id uuid not null,
  membership_id uuid not null,
  commune_code text not null references ref.commune (code),
  total integer not null check (total between 0 and 999),
  adult integer check (adult >= 0),
  child integer check (child >= 0),
  ald integer check (ald >= 0),
  home integer check (home >= 0),
  used integer not null default 0,
  used_adult integer not null default 0,
  used_child integer not null default 0,
  used_ald integer not null default 0,
  used_home integer not null default 0,
  min_age integer check (min_age between 0 and 120),
  max_age integer check (max_age between 0 and 120),
  communes text[] not null default '{}',
  languages text[] not null default '{}',
  wheelchair boolean not null default false,
  until date not null,
  stated_at timestamptz not null,
  stated_by text not null check (stated_by in ('doctor', 'coordinator')),
  superseded_at timestamptz,
  primary key (cpts_id, id),
  foreign key (cpts_id, membership_id) references app.membership (cpts_id, id),
  -- Never more patients than places, whoever writes.
  check (used between 0 and total),
  check (adult is null or used_adult <= adult),
  check (child is null or used_child <= child),
  check (ald is null or used_ald <= ald),
  check (home is null or used_home <= home),
  check (used = used_adult + used_child + used_ald + used_home)
);
comment on table app.capacity is 'A doctor''s statement: how many new patients, which ones, until when. A new statement supersedes the last.';
comment on column app.capacity.membership_id is 'The doctor.';
comment on column app.capacity.commune_code is 'Where he sees them (INSEE).';
comment on column app.capacity.total is 'New patients he takes, all profiles together.';
comment on column app.capacity.adult is 'At most so many adults; null: bounded by the total only; 0: none.';
comment on column app.capacity.child is 'At most so many children (under 16); null or 0 as above.';
comment on column app.capacity.ald is 'At most so many patients with an ALD; null or 0 as above.';
comment on column app.capacity.home is 'At most so many patients who need home visits; null or 0 as above.';
comment on column app.capacity.used is 'Patients accepted under this statement.';
comment on column app.capacity.min_age is 'Youngest age taken.';
comment on column app.capacity.max_age is 'Oldest age taken.';
comment on column app.capacity.communes is 'Only patients of these communes; empty: any.';
comment on column app.capacity.languages is 'Languages spoken (ISO 639-1) besides French.';
comment on column app.capacity.wheelchair is 'Premises open to a wheelchair.';
comment on column app.capacity.until is 'Last day the statement holds.';
comment on column app.capacity.stated_at is 'When he said so.';
comment on column app.capacity.stated_by is 'Himself by his link, or the coordinator on the phone.';
comment on column app.capacity.superseded_at is 'When a newer statement replaced it.';
create unique index on app.capacity (cpts_id, membership_id) where superseded_at is null;
call platform.tenant_table('capacity', 'select, insert, update');

create table app.plan (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  id uuid not null,
  created_at timestamptz not null,
  created_by uuid,
  rule_version integer not null,
  patients integer not null,
  doctors integer not null,
  result jsonb not null,
  sent_at timestamptz,
  primary key (cpts_id, id)
);
comment on table app.plan is 'An optimal assignment of the list as it stood: pairs, unplaced, objective, bound. Identifiers only.';
comment on column app.plan.created_by is 'Membership of who asked for it.';
comment on column app.plan.rule_version is 'Rule that gave the priorities.';
comment on column app.plan.patients is 'Patients considered.';
comment on column app.plan.doctors is 'Doctors with places.';
comment on column app.plan.result is 'The plan as domain/assignment gives it.';
comment on column app.plan.sent_at is 'When its last proposals were sent.';
create index on app.plan (cpts_id, created_at desc);
call platform.tenant_table('plan', 'select, insert, update');

create table app.proposal (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  id uuid not null,
  request_id uuid not null,
  membership_id uuid not null,
  capacity_id uuid not null,
  plan_id uuid,
  profile text not null check (profile in ('adult', 'child', 'ald', 'home')),
  minutes integer,
  state text not null default 'pending' check (state in ('pending', 'accepted', 'refused', 'expired', 'withdrawn')),
  reason text,
  sent_at timestamptz not null,
  expires_at timestamptz not null,
  answered_at timestamptz,
  sent_by_label text not null,
  primary key (cpts_id, id),
  foreign key (cpts_id, request_id) references app.request (cpts_id, id),
  foreign key (cpts_id, membership_id) references app.membership (cpts_id, id),
  foreign key (cpts_id, capacity_id) references app.capacity (cpts_id, id),
  foreign key (cpts_id, plan_id) references app.plan (cpts_id, id),
  check ((state = 'pending') = (answered_at is null)),
  check (state <> 'refused' or reason is not null)
);
comment on table app.proposal is 'A patient proposed to a doctor, with a clock. The answer is on the same row.';
comment on column app.proposal.request_id is 'The request.';
comment on column app.proposal.membership_id is 'The doctor asked.';
comment on column app.proposal.capacity_id is 'The statement it rests on.';
comment on column app.proposal.plan_id is 'The plan it comes from, if any.';
comment on column app.proposal.profile is 'Profile counted against the statement.';
comment on column app.proposal.minutes is 'Estimated travel, in minutes.';
comment on column app.proposal.reason is 'Code of the refusal or of the withdrawal.';
comment on column app.proposal.answered_at is 'When it was answered, expired or withdrawn.';
comment on column app.proposal.sent_by_label is 'Who sent it, as shown.';
-- A patient is with one doctor at a time: nobody is captured, nobody is offered twice.
create unique index proposal_one_at_a_time on app.proposal (cpts_id, request_id) where state in ('pending', 'accepted');
create index on app.proposal (cpts_id, membership_id, state);
create index on app.proposal (cpts_id, expires_at) where state = 'pending';
call platform.tenant_table('proposal', 'select, insert, update');


do $$
declare t record; c record;
begin
  for t in select r.relname, r.oid from pg_class r join pg_namespace n on n.oid = r.relnamespace where n.nspname = 'app' and r.relkind = 'r' loop
    for c in select attname from pg_attribute where attrelid = t.oid and attnum > 0 and not attisdropped and col_description(attrelid, attnum) is null loop
      execute format('comment on column app.%I.%I is %L', t.relname, c.attname, case c.attname
        when 'cpts_id' then 'Community that owns the row (tenant).' when 'id' then 'Identifier (UUIDv7).' when 'at' then 'When, UTC.'
        when 'created_at' then 'When the row was made, UTC.' when 'updated_at' then 'When it was last changed, UTC.'
        when 'expires_at' then 'When it stops being valid, UTC.' when 'sent_at' then 'When it left, UTC.' when 'state' then 'Where it stands.'
        when 'used_adult' then 'Adults accepted.' when 'used_child' then 'Children accepted.' when 'used_ald' then 'ALD patients accepted.' when 'used_home' then 'Home-visit patients accepted.'
        else null end);
    end loop;
  end loop;
end $$;
