select authn._register_in_app($1, $2, $3, $4)
