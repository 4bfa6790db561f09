-- When a request is erased, what plans wrote about its patient goes too: points, reasons (they name an age, a language, a profile), questions.
-- The line itself stays, as a place given or not given to nobody.
create function app.forget_in_plans(p_request uuid) returns void
  language sql security definer set search_path = ''
  as $$
    update app.plan_line set points = 0, why = '{"unkept": true}' where cpts_id = app.cpts_id() and request_id = p_request;
    delete from app.plan_question where cpts_id = app.cpts_id() and request_id = p_request;
  $$;
comment on function app.forget_in_plans(uuid) is 'Empties what plans of the community say of one request, when it is erased or made anonymous.';
revoke all on function app.forget_in_plans(uuid) from public;
grant execute on function app.forget_in_plans(uuid) to trame_tenant;
