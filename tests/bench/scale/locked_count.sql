select count(*) from authn.locked_now l;
