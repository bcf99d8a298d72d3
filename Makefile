# The commands of this repository; each is one script under scripts/.
# Settings: PGPORT (54329), LISTEN (127.0.0.1:8080), DETACH=1 for `run`; T and UPDATE for `test`; B and others for `bench`;
# ROLE for `token`.

MAKEFLAGS += --no-print-directory
.PHONY: help run stop psql token test bench package reset
.DEFAULT_GOAL := help
export PGPORT LISTEN DETACH T ROLE UPDATE

help: ## this list
	@sed -n 's/^\([a-z]*\): ## /  make \1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 18

run: ## install what is missing, build, start a private cluster with the demo tenant, and the gateway (DETACH=1: in the background)
	@scripts/run.sh

stop: ## end what `make run` started; the data stays
	@scripts/stop.sh

psql: ## psql on the private cluster as its administrator; reads a script from standard input too
	@scripts/psql.sh

token: ## a token for the demo tenant (ROLE=admin, support, reader or service)
	@scripts/token.sh

test: ## the whole suite on a cluster of its own (T=lint, rules, gateway, sql, system or portal: that part only; UPDATE=1: new pictures)
	@scripts/test.sh

bench: ## the benchmarks, on clusters of their own (B=attempts, graph, history, scale or soak: that part only; SIZES, MINUTES, ROUNDS, SECONDS_EACH, CLIENTS)
	@scripts/bench.sh

package: ## target/pg_authn-<version>-pg15.tar.gz, to install on a server
	@scripts/package.sh

reset: ## stop, and delete the private cluster with its data; the next `make run` begins anew
	@scripts/reset.sh
