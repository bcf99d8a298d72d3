create trigger register_contact
after insert or update of email, phone on authn_data.users
for each row
execute function authn._register_contact();
comment on trigger register_contact on authn_data.users is 'setting, changing or clearing an address registers and removes its authenticators';
