-- Addresses in the one spelling that authn_rules gives them, and as those see them who may not.

comment on function authn.canonical_email(text) is 'the one spelling of an email address; null for what is none';
grant execute on function authn.canonical_email(text) to authn_reader;
comment on function authn.canonical_phone(text) is 'the one spelling of an international phone number; null for what is none';
grant execute on function authn.canonical_phone(text) to authn_reader;
comment on function authn.mask_email(text) is 'an email address as support sees it';
grant execute on function authn.mask_email(text) to authn_reader;
comment on function authn.mask_phone(text) is 'a phone number as support sees it';
grant execute on function authn.mask_phone(text) to authn_reader;
comment on function authn._mask_identifier(text, text) is 'the identifier of an authenticator as support sees it, by the label of its method';
grant execute on function authn._mask_identifier(text, text) to authn_reader;

create function authn.mask_identifier(method authn.method, identifier text)
returns text
language sql
stable
parallel safe
return authn._mask_identifier(cast(method as text), identifier);
comment on function authn.mask_identifier(authn.method, text) is 'the identifier of an authenticator as support sees it';
grant execute on function authn.mask_identifier(authn.method, text) to authn_reader;
