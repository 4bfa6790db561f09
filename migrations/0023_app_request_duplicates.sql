-- A record names who may be the same person, and the desk counts them: neither reads the whole list for it.
create index on app.request (cpts_id, duplicate_of) where duplicate_of is not null;
