-- A community's transaction opens sessions and never reads them: whose they are is told by platform.enter.
revoke select on platform.session from trame_tenant;
