"""The shape of the house, held by tests: who imports whom, where time comes from, what money never is."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parent.parent
APPS = ["core", "accounts", "companies", "spaces", "funding", "community", "subsidies", "zone_portal"]
MODULES = sorted(
    path.relative_to(ROOT)
    for app in APPS
    for path in (ROOT / app).rglob("*.py")
    if "migrations" not in path.parts and path.read_text().strip()
)

# A function may import only where a module cannot: models exist once the apps are ready, the embedded servers must be
# able to run before Django's settings do, and Polars costs a quarter of a second that a page without figures saves.
MAY_IMPORT_IN_FUNCTIONS = {"apps.py", "zone_portal/embedded", "manage.py"}

# Where the present day may be asked for; everywhere else it is an argument.
MAY_ASK_FOR_TODAY = ("views", "tasks.py", "management", "zone_portal/dashboard", "core/periods.py", "api")

# Where money is computed: no float literal, no float(), no float type. (Commands count seconds.)
MONEY = ("subsidies/", "funding/", "spaces/rules.py", "spaces/services", "core/money.py")

SIGNALS = {"pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed"}

LONGEST_MODULE = 300
LISTS_WITHOUT_LOGIC = {"zone_portal/settings.py"}
VAGUE_NAMES = {"utils", "helpers", "common", "manager", "managers", "misc"}


def trees() -> Iterator[tuple[str, ast.Module]]:
    for module in MODULES:
        yield module.as_posix(), ast.parse((ROOT / module).read_text())


def places(found: Iterator[tuple[str, ast.AST]]) -> list[str]:
    return [f"{module}:{node.lineno}" for module, node in found]


def test_imports_keep_the_contracts(capsys):
    broken = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert not broken, capsys.readouterr().out


def test_no_module_listens_to_model_signals():
    def found():
        for module, tree in trees():
            for node in ast.walk(tree):
                if isinstance(node, ast.ImportFrom) and node.module in {"django.db.models.signals", "django.dispatch"}:
                    yield module, node
                if isinstance(node, ast.Attribute) and node.attr in {
                    "post_save",
                    "pre_save",
                    "post_delete",
                    "m2m_changed",
                }:
                    yield module, node

    assert places(found()) == []


def test_functions_do_not_import():
    def found():
        for module, tree in trees():
            if any(allowed in module for allowed in MAY_IMPORT_IN_FUNCTIONS):
                continue
            for function in ast.walk(tree):
                if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                    for node in ast.walk(function):
                        if isinstance(node, ast.Import | ast.ImportFrom):
                            yield module, node

    assert places(found()) == []


def test_only_views_tasks_and_commands_ask_for_today():
    def found():
        for module, tree in trees():
            if any(allowed in module for allowed in MAY_ASK_FOR_TODAY):
                continue
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and _called(node) in {"today", "localdate"}:
                    yield module, node

    assert places(found()) == []


def test_money_is_never_a_float():
    def found():
        for module, tree in trees():
            if not module.startswith(MONEY) or "/management/" in module:
                continue
            for node in ast.walk(tree):
                literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
                conversion = isinstance(node, ast.Call) and _called(node) in {"float", "Float64", "Float32"}
                if literal or conversion:
                    yield module, node

    assert places(found()) == []


def _called(node: ast.Call) -> str:
    function = node.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def test_modules_have_one_subject_and_a_name_for_it():
    measured = [m.as_posix() for m in MODULES if m.as_posix() not in LISTS_WITHOUT_LOGIC]
    long = [m for m in measured if len((ROOT / m).read_text().splitlines()) > LONGEST_MODULE]
    vague = [str(m) for m in MODULES if VAGUE_NAMES & {*m.parts, m.stem}]
    assert (long, vague) == ([], [])


def test_every_module_says_what_it_is_for():
    # Exempt: packages that only hold others, and Django's AppConfig modules.
    silent = [
        module
        for module, tree in trees()
        if not module.endswith(("__init__.py", "apps.py")) and ast.get_docstring(tree) is None
    ]
    assert silent == []


@pytest.mark.parametrize("app", ["accounts", "companies", "spaces", "funding", "community", "subsidies", "core"])
def test_migrations_match_the_models(app, db):
    call_command("makemigrations", app, check=True, dry_run=True, verbosity=0)
