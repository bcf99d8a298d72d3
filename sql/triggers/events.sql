create trigger events_are_append_only
before update or delete on authn_data.events
for each row
execute function authn._refuse_change();
comment on trigger events_are_append_only on authn_data.events is 'no privilege lets anyone change or delete an event';

create trigger events_are_not_truncated
before truncate on authn_data.events
for each statement
execute function authn._refuse_change();
comment on trigger events_are_not_truncated on authn_data.events is 'no privilege lets anyone empty the log';

create trigger events_are_not_truncated
before truncate on authn_data.events_default
for each statement
execute function authn._refuse_change();
comment on trigger events_are_not_truncated on authn_data.events_default is 'no privilege lets anyone empty the log';

create trigger status_changes_wake_followers
after insert on authn_data.events
for each row
when (authn._changes_status(new.kind, new.status_before, new.status_after))
execute function authn._wake_followers();
comment on trigger status_changes_wake_followers on authn_data.events is
    'whoever listens to authn_changed learns that there is something to read; an attempt that changes no status wakes nobody';

create trigger tenant_events_are_append_only
before update or delete on authn_data.tenant_events
for each row
execute function authn._refuse_change();
comment on trigger tenant_events_are_append_only on authn_data.tenant_events is 'no privilege lets anyone change or delete an event';

create trigger tenant_events_are_not_truncated
before truncate on authn_data.tenant_events
for each statement
execute function authn._refuse_change();
comment on trigger tenant_events_are_not_truncated on authn_data.tenant_events is 'no privilege lets anyone empty the log';
