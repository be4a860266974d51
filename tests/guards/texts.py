"""Texts that people read and no translation can reach, in templates and in Python."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from jinja2 import Environment, nodes

GETTEXT = frozenset({"_", "gettext", "ngettext", "plural", "pgettext", "npgettext"})
TEXT_ATTRIBUTES = frozenset({"alt", "aria-description", "aria-label", "aria-roledescription", "placeholder", "title"})
SPOKEN_KEYWORDS = frozenset({"description", "label", "message", "text", "title"})
UNSPOKEN = frozenset({"code", "kbd", "script", "style", "template-name"})
NAMES = re.compile(  # the same in every language: names, formats, keys, files
    r"\b(?:Pythoughts|GitHub|JavaScript|Markdown|CSV|JSON|NDJSON|SVG|UTC|Ctrl|Enter|Esc|Shift|Tab)\b"
    r"|[\w\N{WHITE SQUARE}-]+\.(?:csv|json|zip)\b"
)
CLASSES = re.compile(r"{%-?\s*block \w*(?:cls|class)\s*-?%}.*?{%-?\s*endblock[^%]*%}", re.DOTALL)  # fill an attribute
WORD = re.compile(r"[^\W\d_]{2,}")
SENTENCE = re.compile(r"[A-Z][a-z]+(?:[ ,.:…]|$)")  # how a label starts, unlike names of icons and classes

Found = tuple[int, str]


class _Visible(HTMLParser):
    """Collects what a browser shows or speaks."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Found] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNSPOKEN:
            self._open.append(tag)
        for name, value in attrs:
            spoken = name in TEXT_ATTRIBUTES or (name.startswith("data-") and SENTENCE.match(value or ""))
            if spoken and is_text(value or ""):
                self._note(f"{name}={value}")

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1] == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if not self._open and is_text(data):
            blank = data[: len(data) - len(data.lstrip())]
            self._note(" ".join(data.split()), blank.count("\n"))

    def _note(self, text: str, below: int = 0) -> None:
        self.found.append((self.getpos()[0] + below, text))


def is_text(value: str) -> bool:
    """Whether there is a word in it that reads differently in another language."""
    return bool(WORD.search(NAMES.sub("", value)))


def in_markup(environment: Environment, template: str) -> list[Found]:
    """Words that stand in a page as they are."""
    page = _Visible()
    page.feed(_without_code(environment, template))
    page.close()
    return page.found


def in_plain_text(environment: Environment, template: str) -> list[Found]:
    """Words that stand in a letter as they are."""
    lines = _without_code(environment, template).splitlines()
    return [(number, line) for number, line in enumerate(lines, 1) if is_text(line)]


def in_expressions(environment: Environment, template: str) -> list[Found]:
    """Strings that look like a label and are handed on without gettext, as in `item(label="Feed")`."""
    tree = environment.parse(template)
    marked = {
        id(part) for call in tree.find_all(nodes.Call) if _is_gettext(call) for part in call.find_all(nodes.Const)
    }
    return [
        (const.lineno, const.value)
        for const in tree.find_all(nodes.Const)
        if isinstance(const.value, str) and id(const) not in marked and SENTENCE.match(const.value)
        if is_text(const.value)
    ]


def in_calls(tree: ast.Module) -> Iterator[Found]:
    """Labels and messages of forms, fields and views that are bare strings."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = _called(node)
        first = node.args[:1] if called.endswith("Field") else []
        spoken = [keyword.value for keyword in node.keywords if keyword.arg in SPOKEN_KEYWORDS]
        for argument in [*first, *(spoken if called[:1].isupper() else [])]:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and is_text(argument.value):
                yield argument.lineno, f"{called}({argument.value!r})"


def computed(tree: ast.Module) -> Iterator[Found]:
    """Marked texts that extraction can't read: `_(f"…")`, `_(name)`, `_("a" + b)`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) in {"_", "plural"} and node.args:
            texts = node.args[: 2 if _called(node) == "plural" else 1]
            if not all(isinstance(text, ast.Constant) and isinstance(text.value, str) for text in texts):
                yield node.lineno, ast.unparse(node)[:80]


def _without_code(environment: Environment, template: str) -> str:
    """The template's own words in their lines: what Jinja makes becomes a blank sign."""
    parts, inside = [], False
    for _line, kind, value in environment.lex(CLASSES.sub("", template)):
        if kind == "variable_begin":
            parts.append("\N{WHITE SQUARE}")
        inside = (inside or kind.endswith(("_begin",))) and not kind.endswith("_end")
        literal = kind == "data" and not inside
        parts.append(value if literal else "\n" * value.count("\n"))
    return "".join(parts)


def _is_gettext(call: nodes.Call) -> bool:
    return isinstance(call.node, nodes.Name) and call.node.name in GETTEXT


def _called(call: ast.Call) -> str:
    return getattr(call.func, "attr", None) or getattr(call.func, "id", "")
