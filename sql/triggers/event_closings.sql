create trigger closings_are_append_only
before update or delete on authn_data.event_closings
for each row
execute function authn._refuse_change();
comment on trigger closings_are_append_only on authn_data.event_closings is 'no privilege lets anyone change or delete a digest';

create trigger closings_are_not_truncated
before truncate on authn_data.event_closings
for each statement
execute function authn._refuse_change();
comment on trigger closings_are_not_truncated on authn_data.event_closings is 'no privilege lets anyone empty the chain';

create trigger drops_are_append_only
before update or delete on authn_data.event_drops
for each row
execute function authn._refuse_change();
comment on trigger drops_are_append_only on authn_data.event_drops is 'what retention took stays recorded';

create trigger drops_are_not_truncated
before truncate on authn_data.event_drops
for each statement
execute function authn._refuse_change();
comment on trigger drops_are_not_truncated on authn_data.event_drops is 'what retention took stays recorded';
