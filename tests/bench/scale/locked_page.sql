select l.user_id, l.authenticator_id, l.app_id, l.method, l.locked_since, l.locked_until from authn.locked_now l order by l.locked_since desc limit 50;
