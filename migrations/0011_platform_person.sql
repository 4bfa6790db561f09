-- Persons are global, and a community has no business with those of the others: it sees who is or was its member. The functions of
-- the owner (platform.enter, platform.demo_personas, platform.person_for) look further, and say no more than what they were made for.

alter table platform.person enable row level security;
create policy member on platform.person for select to trame_tenant
  using (exists (select from app.membership m where m.person_id = person.id));

-- A new member may be known to another community by the same address: the same person then.
create function platform.person_for(p_id uuid, p_name text, p_email text) returns uuid
  language plpgsql security definer set search_path = '' as $$
declare known uuid;
begin
  insert into platform.person (id, name, email) values (p_id, p_name, lower(p_email)) on conflict (email) do nothing returning id into known;
  if known is null then select p.id into known from platform.person p where p.email = lower(p_email); end if;
  return known;
end $$;
comment on function platform.person_for(uuid, text, text) is 'Whoever has this address, made with this identifier and name when nobody has; tells nothing but the identifier.';
revoke all on function platform.person_for(uuid, text, text) from public;
grant execute on function platform.person_for(uuid, text, text) to trame_tenant;

revoke insert on platform.person from trame_tenant, trame_site;
revoke select on platform.person from trame_site;
