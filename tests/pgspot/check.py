"""pgspot over what `create extension` runs (the script given) and what authn.migrate() runs (the steps)."""

import re
import sys
from argparse import Namespace
from pathlib import Path

from pglast.visitors import Skip
from pgspot.state import Counter, State
from pgspot.visitors import SQLVisitor, visit_sql

ROOT = Path(__file__).resolve().parents[2]
# What migrate() pins before it runs a step.
PINNED = "set search_path = pg_catalog, pg_temp;\n"
STEPS = re.findall(r'step!\(\([^)]*\), "([^"]+)"\)', (ROOT / "pg_authn/src/storage.rs").read_text())

visit_create_function = SQLVisitor.visit_CreateFunctionStmt


def visit_function(self, ancestors, node):
    """pgspot knows no body that is bound when the function is made. Its names are found then: in pg_catalog,
    or in the extension's schema, which sql/roles/schema.sql finds empty before anything else."""
    if node.sql_body is None:
        return visit_create_function(self, ancestors, node)
    if node.replace:
        self.state.error("PS002", node.funcname)
    return Skip


SQLVisitor.visit_CreateFunctionStmt = visit_function


def without_composites(script):
    """The parser of PL/pgSQL that pgspot uses knows no type of the script; a record has any field."""
    composites = "|".join(re.findall(r"create type authn\.(\w+) as \(", script))
    return re.sub(rf"^(\s+v_\w+) authn\.({composites})\b(?!\[)", r"\1 record", script, flags=re.M) if composites else script


def check(name, script):
    counter = Counter(
        Namespace(
            ignore=[], ignore_lang=[], plpgsql=True, proc_without_search_path=[], sql_fn=[], summary_only=False
        )
    )
    visit_sql(State(counter), script, toplevel=True)
    print(f"{name}: {counter}")
    return counter.is_clean()


install = Path(sys.argv[1])
verdicts = [check(install.name, without_composites(install.read_text()))]
verdicts += [check(f"sql/{step}.sql", PINNED + (ROOT / f"sql/{step}.sql").read_text()) for step in STEPS]
print(f" {sum(verdicts)} of {len(verdicts)} tests passed")
sys.exit(not all(verdicts) or len(verdicts) < 2)
