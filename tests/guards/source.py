"""Rules of size and shape that a syntax tree can tell."""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

FUNCTION_MAX = 40  # lines, docstring and decorators included
FILE_MAX = 400  # lines
VIEW_MAX = 12  # statements, docstring excluded
WRITERS = frozenset({"delete", "insert", "transaction", "update"})
SESSION_WRITE = re.compile(r"\bsession\.(?:add|add_all|bulk_\w+|commit|delete|flush|merge)$")
SPEAKERS = frozenset(
    {
        "Conflict",
        "DomainError",
        "Gone",
        "Invalid",
        "NotAllowed",
        "NotFound",
        "StopValidation",
        "TooFast",
        "Unavailable",
        "ValidationError",
        "flash",
    }
)
ROUTES = frozenset({"delete", "expose", "get", "page", "patch", "post", "put", "route"})

Function = ast.FunctionDef | ast.AsyncFunctionDef
Documented = Function | ast.ClassDef | ast.Module
Checker = Callable[[ast.Module], Iterable[tuple[int, str]]]


def violations(paths: Iterable[Path], checker: Checker, root: Path) -> list[str]:
    """What `checker` finds in each file, as "path:line what"."""
    return [
        f"{path.relative_to(root)}:{line} {what}"
        for path in sorted(paths)
        for line, what in checker(ast.parse(path.read_text(encoding="utf-8")))
    ]


def long_functions(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Functions of more than FUNCTION_MAX lines."""
    for function in _functions(tree):
        first = min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])
        size = (function.end_lineno or first) - first + 1
        if size > FUNCTION_MAX:
            yield first, f"{function.name} has {size} lines"


def inner_imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Imports anywhere but at the top of the file."""
    for function in _functions(tree):
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield node.lineno, f"import inside {function.name}"


def relative_imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """`from . import x`, which hides who imports whom."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            yield node.lineno, "relative import"


def missing_docstrings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Modules, classes and public functions without a docstring."""
    for name, node in _documented(tree):
        if not (ast.get_docstring(node) or "").strip():
            yield getattr(node, "lineno", 1), f"{name} has no docstring"


def empty_docstrings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Docstrings that only repeat the name: `def remove_post` … "Remove post."."""
    for name, node in _documented(tree):
        words = _words(ast.get_docstring(node) or "")
        if words and set(words) <= set(_words(name)) | {"a", "an", "the", "this", "function", "class", "module"}:
            yield getattr(node, "lineno", 1), f"{name} only repeats its name"


def legacy_queries(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """`Model.query` and `session.query(...)`, which SQLAlchemy 2 replaced by `select()`."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Attribute) and node.attr == "query"):
            continue
        owner = ast.unparse(node.value)
        if owner.rpartition(".")[2][:1].isupper() or owner.endswith("session"):
            yield node.lineno, f"{owner}.query"


def long_views(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Views that do more than parse, call and answer."""
    for function in _functions(tree):
        if not any(_is_route(decorator) for decorator in function.decorator_list):
            continue
        size = sum(isinstance(node, ast.stmt) for part in _body(function) for node in ast.walk(part))
        if size > VIEW_MAX:
            yield function.lineno, f"{function.name} has {size} statements"


def plain_errors(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Sentences for people that no translation can reach: a bare string in an error or a flash."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and _speaks(node.func) and _is_text(node.args[0]):
            yield node.lineno, f"{ast.unparse(node.func)}({ast.unparse(node.args[0])[:40]})"


def own_writes(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Changes of rows that pass by the use cases."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("sqlalchemy", "pythoughts.db")):
            yield from ((node.lineno, alias.name) for alias in node.names if alias.name in WRITERS)
        elif isinstance(node, ast.Call) and SESSION_WRITE.search(ast.unparse(node.func)):
            yield node.lineno, ast.unparse(node.func)


def imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every module that is imported, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, node.module or "."


def _functions(tree: ast.AST) -> Iterator[Function]:
    yield from (node for node in ast.walk(tree) if isinstance(node, Function))


def _documented(tree: ast.Module) -> Iterator[tuple[str, Documented]]:
    yield "module", tree
    yield from _public(tree)


def _public(owner: ast.Module | ast.ClassDef) -> Iterator[tuple[str, Documented]]:
    """Public classes and functions of a module, and those of its classes; what a function hides is its own affair."""
    for node in owner.body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            yield node.name, node
            if isinstance(node, ast.ClassDef):
                yield from _public(node)


def _body(function: Function) -> list[ast.stmt]:
    return function.body[1:] if ast.get_docstring(function) else function.body


def _is_route(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return (getattr(called, "attr", None) or getattr(called, "id", None)) in ROUTES


def _speaks(called: ast.expr) -> bool:
    return (getattr(called, "attr", None) or getattr(called, "id", None)) in SPEAKERS


def _is_text(argument: ast.expr) -> bool:
    if isinstance(argument, ast.JoinedStr):
        return True
    return isinstance(argument, ast.Constant) and isinstance(argument.value, str)


def _words(text: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in text.lower()).split()
