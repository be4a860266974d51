"""Rules for migration files: what they say of themselves, what they may do to a table that people are using."""

import ast
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

HEADER_LINES = 30  # a reader finds the header without scrolling
HEADERS = {
    "Purpose": re.compile(r"^Purpose: \S.{9,}", re.MULTILINE),
    "Ticket": re.compile(r"^Ticket: (?:#\d+|N/A)$", re.MULTILINE),
    "Reversible": re.compile(r"^Reversible: (?:Yes|No|Partial)$", re.MULTILINE),
    "Rollback": re.compile(r"^Rollback: \S.{9,}", re.MULTILINE),
}
BLOCKING_SQL = {
    "index without CONCURRENTLY": re.compile(r"create\s+(?:unique\s+)?index\s+(?!concurrently)", re.IGNORECASE),
    "SET NOT NULL": re.compile(r"set\s+not\s+null", re.IGNORECASE),
    "constraint without NOT VALID": re.compile(
        r"add\s+constraint(?!.*(?:not\s+valid|using\s+index))", re.IGNORECASE | re.DOTALL
    ),
    "VACUUM FULL or CLUSTER": re.compile(r"\b(?:vacuum\s+full|cluster\s)", re.IGNORECASE),
}


def missing_headers(source: str) -> list[str]:
    """The headers that are absent from the first lines, or say nothing."""
    top = "\n".join(source.splitlines()[:HEADER_LINES])
    return [name for name, pattern in HEADERS.items() if not pattern.search(top)]


def heads(chain: Mapping[str, str | None]) -> set[str]:
    """Revisions that no other one follows."""
    return set(chain) - set(chain.values())


def digest(path: Path) -> str:
    """The file's SHA-256, in hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def changed(recorded: Mapping[str, str], present: Mapping[str, str]) -> dict[str, str]:
    """Files whose content, or whose existence, is not what was recorded."""
    wrong = {name: "changed or removed" for name, value in recorded.items() if present.get(name) != value}
    return wrong | {name: f"not recorded: {value}" for name, value in present.items() if name not in recorded}


def blocking(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Operations that keep readers or writers of a live table waiting (PostgreSQL's manual, ALTER TABLE, "Notes")."""
    fresh = {_table(call, 0) for call in _operations(tree, {"create_table"})}
    for call in _operations(tree, set(CHECKS)):
        position, is_harmless, advice = CHECKS[_name(call)]
        if _table(call, position) not in fresh and not is_harmless(call):
            yield call.lineno, advice
    for call in _operations(tree, {"execute"}):
        text = ast.unparse(call.args[0]) if call.args else ""
        yield from ((call.lineno, kind) for kind, pattern in BLOCKING_SQL.items() if pattern.search(text))


def _is_true(call: ast.Call, keyword: str) -> bool:
    return any(given.arg == keyword and ast.unparse(given.value) == "True" for given in call.keywords)


def _has(call: ast.Call, keyword: str) -> bool:
    return any(given.arg == keyword for given in call.keywords)


def _column_is_safe(call: ast.Call) -> bool:
    """A column that may be null, or gets a default that PostgreSQL needn't write into each row."""
    column = next((argument for argument in call.args if isinstance(argument, ast.Call)), None)
    if column is None or not any(k.arg == "nullable" and ast.unparse(k.value) == "False" for k in column.keywords):
        return True
    default = next((ast.unparse(k.value) for k in column.keywords if k.arg == "server_default"), "")
    return bool(default) and not re.search(r"random|clock_timestamp|nextval|uuid", default)


def _keeps_null(call: ast.Call) -> bool:
    return not any(k.arg == "nullable" and ast.unparse(k.value) == "False" for k in call.keywords) and not _has(
        call, "type_"
    )


CHECKS = {
    "create_index": (1, lambda call: _is_true(call, "postgresql_concurrently"), "index without CONCURRENTLY"),
    "drop_index": (1, lambda call: _is_true(call, "postgresql_concurrently"), "index dropped without CONCURRENTLY"),
    "create_unique_constraint": (1, lambda _call: False, "unique constraint without an index made CONCURRENTLY"),
    "create_foreign_key": (1, lambda call: _is_true(call, "postgresql_not_valid"), "foreign key without NOT VALID"),
    "create_check_constraint": (1, lambda call: _is_true(call, "postgresql_not_valid"), "check without NOT VALID"),
    "add_column": (0, _column_is_safe, "NOT NULL column without a constant default"),
    "alter_column": (0, _keeps_null, "NOT NULL or a new type rewrites or scans the table"),
}


def _operations(tree: ast.Module, names: set[str]) -> Iterable[ast.Call]:
    """Calls of `op.<name>` outside `downgrade`, which is for emergencies."""
    downgrade = next(
        (node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "downgrade"), None
    )
    skipped = {id(node) for node in ast.walk(downgrade)} if downgrade else set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node) in names and id(node) not in skipped:
            yield node


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "op" else ""


def _table(call: ast.Call, position: int) -> str:
    return ast.unparse(call.args[position]) if len(call.args) > position else ""
