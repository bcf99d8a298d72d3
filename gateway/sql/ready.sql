-- /readyz: the versions of the extension and of its storage, which must agree.
select json_build_object(
    'extension', authn.version(),
    'storage', authn.storage_version()
)
