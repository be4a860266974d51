"""Rules that no single feature owns; beside each stands the proof that it bites."""

import ast
import subprocess
import sys

import pytest

from pythoughts.paths import PACKAGE_DIR, PROJECT_ROOT
from tests.guards import contracts, source

MODULES = sorted(PACKAGE_DIR.rglob("*.py"))
PROGRAMS = sorted({*PROJECT_ROOT.glob("*.py"), *PROJECT_ROOT.glob("web/*.py"), *PROJECT_ROOT.glob("bench/**/*.py")})
TESTS = sorted(PROJECT_ROOT.glob("tests/**/*.py"))
LAYERS = {"views", "forms", "tasks", "use_cases", "queries", "permissions", "models"}
LAZY = {
    "services/passkeys.py",  # webauthn costs half a second
    "services/passwords.py",  # zxcvbn costs 60 MB
}
FRAMES = {"admin"}  # a frame around model views, not a feature with layers


def found(checker, paths=None):
    return source.violations(paths or [*MODULES, *PROGRAMS], checker, PROJECT_ROOT)


def in_sample(checker, sample):
    return list(checker(ast.parse(sample)))


def test_imports_keep_every_contract():
    assert contracts.broken(contracts.graph()) == set()


@pytest.mark.parametrize(
    ("importer", "imported", "contract"),
    [
        ("pythoughts.auth.models", "pythoughts.feed.models", "stack"),
        ("pythoughts.feed.models", "pythoughts.feed.use_cases", "inside"),
        ("pythoughts.web", "pythoughts.feed.views", "doors"),
        ("pythoughts.admin", "pythoughts.auth.forms", "private"),
        ("pythoughts.audit.use_cases", "flask", "no-web-below"),
        ("pythoughts.feed.views", "sqlalchemy", "no-sql-above"),
        ("pythoughts.auth.models", "pythoughts.feed.models", "acyclic"),
    ],
)
def test_each_contract_sees_an_import_that_breaks_it(importer, imported, contract):
    assert contract in contracts.broken(contracts.with_import(importer, imported))


def test_a_package_without_a_layer_is_refused():
    assert contracts.broken(contracts.with_module("pythoughts.stray")) == {"stack"}


def features(modules):
    """Packages with at least two layers, so that there is an order to keep."""
    layers = {}
    for path in modules:
        package, *rest = path.relative_to(PACKAGE_DIR).with_suffix("").parts
        if rest and rest[0] in LAYERS:
            layers.setdefault(package, set()).add(rest[0])
    return {f"pythoughts.{package}" for package, seen in layers.items() if len(seen) > 1 and package not in FRAMES}


def test_the_order_inside_every_feature_is_checked():
    assert features(MODULES) - contracts.containers() == set()


def test_a_new_feature_is_noticed():
    paths = [PACKAGE_DIR / "polls" / "models.py", PACKAGE_DIR / "polls" / "views" / "index.py"]
    assert features(paths) == {"pythoughts.polls"}


def test_functions_are_at_most_40_lines():
    assert found(source.long_functions, [*MODULES, *PROGRAMS, *TESTS]) == []


def test_a_long_function_is_seen():
    assert in_sample(source.long_functions, "def f():\n" + "    x()\n" * 40) == [(1, "f has 41 lines")]
    assert in_sample(source.long_functions, "def f():\n" + "    x()\n" * 39) == []


def too_long(sizes):
    return {path: lines for path, lines in sizes.items() if lines > source.FILE_MAX}


def test_files_are_at_most_400_lines():
    paths = [*MODULES, *PROGRAMS, *TESTS]
    sizes = {str(path.relative_to(PROJECT_ROOT)): len(path.read_text().splitlines()) for path in paths}
    assert too_long(sizes) == {}


def test_a_long_file_is_seen():
    assert too_long({"a.py": 400, "b.py": 401}) == {"b.py": 401}


def test_imports_stand_at_the_top():
    allowed = {PACKAGE_DIR / name for name in LAZY}
    assert found(source.inner_imports, [path for path in [*MODULES, *PROGRAMS] if path not in allowed]) == []


def test_an_import_inside_a_function_is_seen():
    assert in_sample(source.inner_imports, "def f():\n    if x:\n        import json") == [(3, "import inside f")]


def test_imports_are_absolute():
    assert found(source.relative_imports) == []


def test_a_relative_import_is_seen():
    assert in_sample(source.relative_imports, "from .db import x\nfrom json import y") == [(1, "relative import")]


def test_everything_public_has_a_docstring():
    assert found(source.missing_docstrings) == []


def test_a_missing_docstring_is_seen():
    sample = '"""Doc."""\nclass A:\n    """Doc."""\n    def f(self): ...\n    def _g(self): ...\ndef h(): ...'
    assert in_sample(source.missing_docstrings, sample) == [(4, "f has no docstring"), (6, "h has no docstring")]


def test_docstrings_tell_more_than_the_name():
    assert found(source.empty_docstrings) == []


def test_a_docstring_that_repeats_the_name_is_seen():
    sample = '"""Doc."""\ndef remove_post():\n    """Remove the post."""'
    assert in_sample(source.empty_docstrings, sample) == [(2, "remove_post only repeats its name")]


def test_views_parse_call_and_answer():
    assert found(source.long_views) == []


@pytest.mark.parametrize("decorator", ["@bp.get('/')", "@bp.route('/')", "@expose('/')"])
def test_a_long_view_is_seen(decorator):
    body = "    if x:\n        y()\n" * 6 + "    return z\n"
    assert in_sample(source.long_views, f"{decorator}\ndef f():\n{body}") == [(2, "f has 13 statements")]


def test_queries_are_written_with_select():
    assert found(source.legacy_queries) == []


def test_a_legacy_query_is_seen():
    sample = "Post.query.all()\nmodels.Post.query\ndb.session.query(Post)\nrequest.query\nparts.query"
    assert sorted(line for line, _what in in_sample(source.legacy_queries, sample)) == [1, 2, 3]


def test_the_back_office_and_all_views_write_through_use_cases():
    above = [path for path in MODULES if {"admin", "views", "views.py"} & set(path.relative_to(PACKAGE_DIR).parts)]
    assert found(source.own_writes, above) == []


def test_a_write_past_the_use_cases_is_seen():
    sample = (
        "from sqlalchemy import select, update\nfrom pythoughts.db import transaction\ndb.session.add(x)\nseen.add(x)"
    )
    assert [line for line, _what in in_sample(source.own_writes, sample)] == [1, 2, 3]


def unseen(paths, loaded):
    """Modules with tables that nothing imports, and which Alembic would therefore drop."""
    names = {".".join(path.relative_to(PROJECT_ROOT).with_suffix("").parts): path for path in paths}
    mapped = {name for name, path in names.items() if "__tablename__" in path.read_text()}
    return mapped - set(loaded)


def test_alembic_sees_every_model():
    script = "import sys, pythoughts.app; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert unseen(MODULES, loaded) == set()


def test_a_forgotten_model_is_seen():
    assert "pythoughts.feed.models" in unseen(MODULES, ["pythoughts.auth.models"])
