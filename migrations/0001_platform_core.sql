-- Schemas, the tenant rule, and what every area stands on: communities, persons, sessions, memberships, links,
-- idempotency keys, outgoing messages, audit.
-- Roles are made by src/platform/db/migrate.ts (they belong to the cluster, not to the database).

create schema platform;
create schema ref;
create schema app;
comment on schema platform is 'What knows no community: the communities themselves, persons, sessions.';
comment on schema ref is 'Shared reference data (communes, national directory): read by communities, written by imports.';
comment on schema app is 'Everything that belongs to one community; every table is under row-level security.';

revoke all on schema public from public;
grant usage on schema platform to trame_web, trame_site, trame_tenant;
grant usage on schema ref to trame_tenant, trame_site, trame_import;
grant usage on schema app to trame_tenant;

-- The community of the current transaction; null outside one, and then no row of app is visible.
create function app.cpts_id() returns uuid language sql stable parallel safe
  as $$ select nullif(current_setting('app.cpts_id', true), '')::uuid $$;
comment on function app.cpts_id() is 'Community of the current transaction (set locally by platform/db).';
revoke all on function app.cpts_id() from public;
grant execute on function app.cpts_id() to trame_tenant, trame_site;

-- The one way to make a table of app: row-level security enabled and forced, one policy, explicit grants.
create procedure platform.tenant_table(name text, privileges text) language plpgsql as $$
begin
  execute format('alter table app.%I enable row level security', name);
  execute format('alter table app.%I force row level security', name);
  execute format('create policy tenant on app.%I using (cpts_id = app.cpts_id()) with check (cpts_id = app.cpts_id())', name);
  execute format('grant %s on app.%I to trame_tenant', privileges, name);
end $$;
comment on procedure platform.tenant_table(text, text) is 'Puts a table of app under the tenant rule and grants the named privileges to trame_tenant.';
revoke all on procedure platform.tenant_table(text, text) from public;

create table platform.cpts (
  id uuid primary key,
  slug text not null unique check (slug ~ '^[a-z0-9]([a-z0-9-]{0,60}[a-z0-9])?$'),
  name text not null check (length(name) between 1 and 120),
  demo boolean not null default false,
  created_at timestamptz not null default now()
);
comment on table platform.cpts is 'A community: one tenant.';
comment on column platform.cpts.slug is 'Name in the address: /c/<slug>/…';
comment on column platform.cpts.demo is 'True for a demonstration community: personas, mailbox page, banner.';

create table platform.person (
  id uuid primary key,
  name text not null,
  email text unique check (email = lower(email)),
  created_at timestamptz not null default now()
);
comment on table platform.person is 'Somebody who signs in. Persons are global; what they may do is in app.membership, per community.';

create table platform.session (
  token_hash bytea primary key check (length(token_hash) = 32),
  person_id uuid not null references platform.person (id) on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz
);
comment on table platform.session is 'A signed-in browser; the token itself is only in the cookie.';
create index on platform.session (person_id);

create table platform.audit_event (
  id uuid primary key,
  at timestamptz not null default now(),
  reason text not null,
  detail jsonb not null default '{}'
);
comment on table platform.audit_event is 'Work done across communities, with its reason; never a personal datum.';

create table platform.audit_head (
  cpts_id uuid primary key references platform.cpts (id),
  batch integer not null,
  root bytea not null
);
comment on table platform.audit_head is 'Last sealed batch of each community''s audit chain: finds a truncated chain.';

grant select on platform.cpts to trame_site, trame_tenant, trame_web;
grant select, insert on platform.person to trame_site, trame_tenant;
grant select, insert, update on platform.session to trame_site;
grant select, insert on platform.session to trame_tenant;
grant insert on platform.audit_event to trame_site, trame_tenant;
grant select, insert, update on platform.audit_head to trame_tenant;

create table app.membership (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  id uuid not null,
  person_id uuid not null references platform.person (id),
  roles text[] not null check (roles <@ array['coordinator','doctor','nurse','pharmacist','professional','board','treasurer','funder','partner']::text[] and cardinality(roles) > 0),
  rpps text check (rpps ~ '^\d{11}$'),
  profession text,
  since date not null,
  ended_at timestamptz,
  primary key (cpts_id, id),
  unique (cpts_id, person_id)
);
comment on table app.membership is 'A person''s place in the community: roles, and the RPPS number of a professional.';
comment on column app.membership.roles is 'What the person may do; access of each page is declared in terms of these.';
comment on column app.membership.rpps is 'RPPS number when the person is a professional of the national directory.';
comment on column app.membership.profession is 'Profession as shown.';
comment on column app.membership.since is 'First day of membership.';
comment on column app.membership.ended_at is 'When the rights ended; null while they last.';
call platform.tenant_table('membership', 'select, insert, update');

create table app.signed_link (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  id uuid not null,
  token_hash bytea not null unique check (length(token_hash) = 32),
  purpose text not null,
  subject_id uuid not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  revoked_at timestamptz,
  primary key (cpts_id, id)
);
comment on table app.signed_link is 'A link that lets its holder do one thing without an account; only the hash of its token is kept.';
comment on column app.signed_link.purpose is 'The one thing it is for: sign-in, proposal, capacity, tracking…';
comment on column app.signed_link.subject_id is 'What it is about (a proposal, a membership, a request).';
create index on app.signed_link (cpts_id, purpose, subject_id);
call platform.tenant_table('signed_link', 'select, insert, update');

create table app.idempotency (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  id uuid not null,
  actor text not null,
  path text not null,
  location text,
  notice text,
  at timestamptz not null,
  primary key (cpts_id, id)
);
comment on table app.idempotency is 'One row per form submitted: the second submission of the same form gets the first one''s answer.';
comment on column app.idempotency.id is 'Key drawn when the form was shown.';
comment on column app.idempotency.actor is 'Who submitted; nobody else can replay it.';
comment on column app.idempotency.location is 'Where the first submission led.';
comment on column app.idempotency.notice is 'Sentence shown there.';
call platform.tenant_table('idempotency', 'select, insert, update, delete');

create table app.message (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  id uuid not null,
  channel text not null default 'email' check (channel in ('email')),
  reason text not null,
  recipient text not null,
  recipient_label text not null,
  subject text not null,
  body text,
  subject_id uuid,
  state text not null default 'waiting' check (state in ('waiting', 'sent', 'failed')),
  attempts integer not null default 0,
  error text,
  created_at timestamptz not null,
  sent_at timestamptz,
  primary key (cpts_id, id)
);
comment on table app.message is 'Outbox: what has to leave, written with its cause in one transaction, delivered by a worker.';
comment on column app.message.reason is 'Code of the kind of message; every message has one.';
comment on column app.message.recipient is 'Address; never inside the text of another message.';
comment on column app.message.body is 'Plain text without personal data; cleared once sent, except in a demonstration community (mailbox page).';
comment on column app.message.subject_id is 'What it is about.';
create index on app.message (cpts_id, created_at desc);
create index on app.message (cpts_id, created_at) where state = 'waiting';
call platform.tenant_table('message', 'select, insert, update');

create table app.audit_event (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  id uuid not null,
  at timestamptz not null,
  actor_kind text not null check (actor_kind in ('anonymous', 'member', 'link', 'system')),
  actor_id uuid,
  actor_label text not null,
  action text not null,
  subject_kind text,
  subject_id uuid,
  detail jsonb not null default '{}',
  request_id text not null,
  primary key (cpts_id, id)
);
comment on table app.audit_event is 'Every write and every look at a patient''s data: who, what, when, on whom. Append-only.';
comment on column app.audit_event.actor_label is 'Name and role as they were then, shown to the patient (who opened my file).';
comment on column app.audit_event.detail is 'Codes and identifiers only, never a personal datum.';
comment on column app.audit_event.request_id is 'Identifier shared with the server''s log line.';
create index on app.audit_event (cpts_id, subject_id, at);
create index on app.audit_event (cpts_id, at);
call platform.tenant_table('audit_event', 'select, insert');

create table app.audit_unsealed (
  cpts_id uuid not null default app.cpts_id(),
  event_id uuid not null,
  primary key (cpts_id, event_id)
);
comment on table app.audit_unsealed is 'Events waiting for the next batch: the bounded tail that the chain does not cover yet.';
call platform.tenant_table('audit_unsealed', 'select, insert, delete');

create table app.audit_batch (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  no integer not null check (no > 0),
  sealed_at timestamptz not null,
  events integer not null,
  merkle_root bytea not null,
  previous_root bytea not null,
  root bytea not null,
  primary key (cpts_id, no)
);
comment on table app.audit_batch is 'Chain of sealed batches: root = sha256(previous root, merkle root, number, count).';
call platform.tenant_table('audit_batch', 'select, insert');

create table app.audit_seal (
  cpts_id uuid not null default app.cpts_id(),
  event_id uuid not null,
  batch_no integer not null,
  position integer not null,
  primary key (cpts_id, event_id),
  unique (cpts_id, batch_no, position),
  foreign key (cpts_id, batch_no) references app.audit_batch (cpts_id, no),
  foreign key (cpts_id, event_id) references app.audit_event (cpts_id, id)
);
comment on table app.audit_seal is 'In which batch, and at which leaf, an event was sealed.';
call platform.tenant_table('audit_seal', 'select, insert');

create function app.audit_append_only() returns trigger language plpgsql as $$
begin raise exception 'the audit is append-only'; end $$;
create trigger append_only before update or delete on app.audit_event for each row execute function app.audit_append_only();
create trigger append_only_all before truncate on app.audit_event for each statement execute function app.audit_append_only();
create trigger append_only before update or delete on app.audit_batch for each row execute function app.audit_append_only();
create trigger append_only before update or delete on app.audit_seal for each row execute function app.audit_append_only();

create function app.audit_to_seal() returns trigger language plpgsql as $$
begin insert into app.audit_unsealed (cpts_id, event_id) values (new.cpts_id, new.id); return new; end $$;
create trigger to_seal after insert on app.audit_event for each row execute function app.audit_to_seal();

-- The first statement of every request: which community, who is signed in, with which roles there.
-- It sets the tenant of the transaction; a slug nobody has leaves it unset and returns no row.
create function platform.enter(p_slug text, p_session bytea, p_now timestamptz)
  returns table (cpts_id uuid, cpts_name text, demo boolean, person_id uuid, person_name text, membership_id uuid, roles text[], rpps text)
  language plpgsql security definer set search_path = '' as $$
declare c platform.cpts;
begin
  select * into c from platform.cpts x where x.slug = p_slug;
  if not found then return; end if;
  perform set_config('app.cpts_id', c.id::text, true);
  return query
    select c.id, c.name, c.demo, p.id, p.name, m.id, coalesce(m.roles, '{}'), m.rpps
    from (select 1) one
    left join platform.session s on s.token_hash = p_session and s.expires_at > p_now and s.revoked_at is null
    left join platform.person p on p.id = s.person_id
    left join app.membership m on m.cpts_id = c.id and m.person_id = p.id and m.ended_at is null;
end $$;
comment on function platform.enter(text, bytea, timestamptz) is 'Opens a community for the transaction and says who the session is there.';
revoke all on function platform.enter(text, bytea, timestamptz) from public;
grant execute on function platform.enter(text, bytea, timestamptz) to trame_tenant;

do $$
declare t record; c record;
begin
  -- The columns that mean the same everywhere are described once here.
  for t in select n.nspname, r.relname, r.oid from pg_class r join pg_namespace n on n.oid = r.relnamespace where n.nspname in ('app', 'platform') and r.relkind = 'r' loop
    for c in select attname, attnum from pg_attribute where attrelid = t.oid and attnum > 0 and not attisdropped and col_description(attrelid, attnum) is null loop
      execute format('comment on column %I.%I.%I is %L', t.nspname, t.relname, c.attname, case c.attname
        when 'cpts_id' then 'Community that owns the row (tenant).' when 'id' then 'Identifier (UUIDv7).' when 'at' then 'When, UTC.'
        when 'created_at' then 'When the row was made, UTC.' when 'expires_at' then 'When it stops being valid, UTC.' when 'revoked_at' then 'When it was withdrawn.'
        when 'used_at' then 'When it was used.' when 'sent_at' then 'When it left.' when 'person_id' then 'The person.' when 'token_hash' then 'SHA-256 of the token.'
        when 'state' then 'Where it stands.' when 'subject' then 'Subject line.' when 'name' then 'Name as shown.' when 'email' then 'Address, lower case.'
        else replace(c.attname, '_', ' ') end);
    end loop;
  end loop;
end $$;
