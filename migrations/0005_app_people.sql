-- People: one professional number, one running membership; and who plays which role in a demonstration community.

create unique index membership_rpps_once on app.membership (cpts_id, rpps) where ended_at is null and rpps is not null;

-- The front page shows the personas of every demonstration community before anybody is inside one.
create function platform.demo_personas()
  returns table (slug text, role text, person_name text, profession text)
  language plpgsql security definer set search_path = '' as $$
declare c record;
begin
  for c in select x.id, x.slug from platform.cpts x where x.demo loop
    perform set_config('app.cpts_id', c.id::text, true);
    return query
      select c.slug, r.role, f.name, f.profession
      from unnest(array['coordinator', 'doctor', 'nurse', 'pharmacist', 'board', 'funder']) with ordinality r (role, rank)
      cross join lateral (
        select p.name, m.profession from app.membership m join platform.person p on p.id = m.person_id
        where m.cpts_id = c.id and r.role = any(m.roles) and m.ended_at is null
        order by array_position(m.roles, r.role), m.since, m.id limit 1
      ) f
      order by r.rank;
  end loop;
  perform set_config('app.cpts_id', '', true);
end $$;
comment on function platform.demo_personas() is 'The first member of each role, demonstration communities only.';
revoke all on function platform.demo_personas() from public;
grant execute on function platform.demo_personas() to trame_site;
