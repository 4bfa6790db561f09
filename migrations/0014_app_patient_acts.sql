-- What a patient does himself, or somebody for him by telephone: his language, his changes of situation, the erasure of his request.

alter table app.request add column language text not null default 'fr'
  check (language in ('fr', 'falc', 'en', 'ar', 'es', 'pt', 'ro', 'tr', 'uk'));
comment on column app.request.language is 'Language of our messages and of the letter, as he filed or asked (platform/ui/languages.ts).';

create table app.patient_change (
  cpts_id uuid not null default app.cpts_id() references platform.cpts (id),
  id uuid not null,
  request_id uuid not null,
  at timestamptz not null,
  by_label text not null,
  fields text[] not null check (cardinality(fields) > 0),
  points_before integer not null,
  points_after integer not null,
  withdrew boolean not null,
  look boolean not null,
  looked_at timestamptz,
  looked_label text,
  primary key (cpts_id, id),
  foreign key (cpts_id, request_id) references app.request (cpts_id, id),
  check ((looked_at is null) = (looked_label is null))
);
comment on table app.patient_change is 'A change of situation said by the patient, or for him by telephone; gone with his request when he erases it.';
comment on column app.patient_change.cpts_id is 'Community that owns the row (tenant).';
comment on column app.patient_change.id is 'Identifier (UUIDv7).';
comment on column app.patient_change.request_id is 'The request.';
comment on column app.patient_change.at is 'When, UTC.';
comment on column app.patient_change.by_label is 'Who, as shown.';
comment on column app.patient_change.fields is 'Names of the answers that changed, never what they were.';
comment on column app.patient_change.points_before is 'Whole priority just before, seniority included.';
comment on column app.patient_change.points_after is 'Whole priority just after, at the same instant.';
comment on column app.patient_change.withdrew is 'True when a pending proposal was withdrawn because it described somebody else.';
comment on column app.patient_change.look is 'True when the coordination has to look at it.';
comment on column app.patient_change.looked_at is 'When the coordination looked, UTC.';
comment on column app.patient_change.looked_label is 'Who looked, as shown.';
create index on app.patient_change (cpts_id, request_id, at);
create index on app.patient_change (cpts_id, request_id) where look and looked_at is null;
call platform.tenant_table('patient_change', 'select, insert, update, delete');

-- An erased request's history keeps its steps and loses their reasons, which may name an answer: the one write that history allows.
create function app.forget_reasons(p_request uuid) returns void
  language sql security definer set search_path = ''
  as $$ update app.request_event set reason = null where cpts_id = app.cpts_id() and request_id = p_request and reason is not null $$;
comment on function app.forget_reasons(uuid) is 'Empties the reasons in the history of one request of the community, when its patient erases it.';
revoke all on function app.forget_reasons(uuid) from public;
grant execute on function app.forget_reasons(uuid) to trame_tenant;
