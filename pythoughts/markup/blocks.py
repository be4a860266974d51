"""The lines of a message: paragraphs, quotes, lists and blocks of code, none inside another."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from markupsafe import Markup, escape

from pythoughts.markup.inline import inline, tokens

BREAK = re.compile(r"<br>|</(?:p|pre|li)>")
KEPT = 512  # messages whose HTML is remembered: what a few front pages show, 16 MB if every one were as big as can be
FENCE = "```"
FENCE_OPENS = re.compile(r"```[A-Za-z0-9_+#.-]{0,20}[ \t]*")
QUOTED = re.compile(r">(?: (?P<text>.*))?", re.DOTALL)  # the space tells it from Python's prompt and from >:(
BULLET = re.compile(r"[ \t]*[*-] (?P<text>.*\S.*)", re.DOTALL)
NUMBERED = re.compile(r"[ \t]*(?P<number>0|[1-9][0-9]{0,8})\. (?P<text>.*\S.*)", re.DOTALL)


class Line(NamedTuple):
    """A line without what marks its kind; a block of code is one of them.

    Attributes:
        kind: "p", "blockquote", "ul", "ol", "pre", or "" between paragraphs.
        block: tells blocks of code beside each other apart.
        number: what an item of a numbered list begins with.
    """

    kind: str
    text: str
    block: int = 0
    number: str = ""


@lru_cache(maxsize=KEPT)
def rich(message: str) -> Markup:
    """Turn a message into HTML that holds no tag but p, br, strong, em, a, code, pre, blockquote, ul, ol and li.

    Lines between two ```` ``` ```` make a block of code, lines that begin with `> ` a quote, with `- ` or `1. ` a list.
    Inside a line there are `code`, *emphasis*, **strong** words, web addresses and @names. Everything else is shown as
    it was typed.
    """
    return Markup("".join(_html(kind, lines) for kind, lines in _blocks(message)))  # noqa: S704  (all was escaped)


def plain(message: str) -> str:
    """What a message says on one line, without marks: for summaries that know no markup."""
    return Markup(BREAK.sub(" ", rich(message))).striptags()  # noqa: S704  (no tag is left)


def mentioned(message: str) -> tuple[str, ...]:
    """The usernames that `rich` makes links of, in small letters, each once, as they come; nobody need have them."""
    found = (
        token.typed[1:].lower()
        for kind, lines in _blocks(message)
        if kind != "pre"
        for line in lines
        for token in tokens(line.text)
        if token.kind == "mention"
    )
    return tuple(dict.fromkeys(found))


def _blocks(message: str) -> Iterator[tuple[str, list[Line]]]:
    for (kind, _block), lines in groupby(_lines(message.split("\n")), key=lambda line: (line.kind, line.block)):
        if kind:
            yield kind, list(lines)


def _lines(lines: list[str]) -> Iterator[Line]:
    fences = [number for number, line in enumerate(lines) if line.rstrip() == FENCE]
    number = 0
    while number < len(lines):
        end = _end_of_code(lines[number], number, fences)
        yield Line("pre", "\n".join(lines[number + 1 : end]), number) if end else _line(lines[number])
        number = (end or number) + 1


def _end_of_code(line: str, number: int, fences: list[int]) -> int | None:
    """The line of the fence that closes the one on this line; an opening that nothing closes is text."""
    if not line.startswith(FENCE) or not FENCE_OPENS.fullmatch(line):
        return None
    following = bisect_right(fences, number)
    return fences[following] if following < len(fences) else None


def _line(line: str) -> Line:
    if not line.strip():
        return Line("", "")
    if quoted := QUOTED.fullmatch(line):
        return Line("blockquote", quoted["text"] or "")
    if bullet := BULLET.fullmatch(line):
        return Line("ul", bullet["text"])
    if numbered := NUMBERED.fullmatch(line):
        return Line("ol", numbered["text"], number=numbered["number"])
    return Line("p", line)


def _html(kind: str, lines: list[Line]) -> str:
    match kind:
        case "pre":
            return "".join(f"<pre><code>{escape(line.text)}</code></pre>" for line in lines)
        case "blockquote":
            return f"<blockquote>{_paragraphs(lines)}</blockquote>"
        case "ul":
            return f"<ul>{''.join(f'<li>{inline(line.text)}</li>' for line in lines)}</ul>"
        case "ol":
            return f"<ol>{''.join(map(_numbered, lines))}</ol>"
    return _paragraphs(lines)


def _numbered(line: Line) -> str:
    """Each item keeps the number that was typed, whatever order they come in."""
    return f'<li value="{line.number}">{inline(line.text)}</li>'


def _paragraphs(lines: list[Line]) -> str:
    """Lines that nothing but blank ones part; in a quote those are marked as well."""
    parts = groupby(lines, key=lambda line: bool(line.text.strip()))
    return "".join(f"<p>{'<br>'.join(inline(line.text) for line in part)}</p>" for has_text, part in parts if has_text)
