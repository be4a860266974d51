"""What stands inside a line: code, emphasis, strong words, web addresses and names of people.

One pass from left to right, and what is open at a time is at most one emphasis and one strong part: neither time nor
depth can be driven up.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from markupsafe import escape

# No white space, controls or invisible direction marks: they would make an address look like another one.
ADDRESS = r"(?i:https?)://[^\s<>\"`\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+"
# The shape of a username, neither part of an e-mail or web address nor of a package's name, as in @babel/core.
MENTION = r"(?<![\w.@/+-])@[A-Za-z0-9_]++(?:\.[A-Za-z0-9_]++)*+(?![\w@/]|-\w)"
TOKEN = re.compile(rf"`(?P<code>[^`\n]+)`|(?P<link>{ADDRESS})|(?P<mention>{MENTION})|(?P<run>\*+|_+)")
NAME_LENGTH = range(3, 31)  # characters
CLOSING = ".,:;!?'*_~\u2026\u2019\u201d\xbb"  # what ends a sentence rather than an address
PAIRS = {")": "(", "]": "[", "}": "{"}
RUN_MAX = 3  # marks beside each other: one is emphasis, two are strong, three are both
TAGS = {1: "em", 2: "strong"}


class Token(NamedTuple):
    """A piece of a line.

    Attributes:
        kind: "text", "code", "link", "mention" or "run", which are marks beside each other.
        typed: its characters; of code those between the backticks.
        start: where it begins in the line.
    """

    kind: str
    typed: str
    start: int


class Opening(NamedTuple):
    """Marks that may turn out to begin something; until then they are shown."""

    mark: str
    size: int
    part: int


def inline(line: str) -> str:
    """The HTML of a line."""
    writer = _Writer(line)
    for token in tokens(line):
        writer.take(token)
    return "".join(writer.parts)


def tokens(line: str) -> Iterator[Token]:
    """Cut a line into pieces that together are all of it, but for the backticks around code."""
    position = 0
    while found := TOKEN.search(line, position):
        if position < found.start():
            yield Token("text", line[position : found.start()], position)
        token = _token(found)
        yield token
        position = found.end() if token.kind == "code" else found.start() + len(token.typed)
    if position < len(line):
        yield Token("text", line[position:], position)


def _token(found: re.Match[str]) -> Token:
    kind, typed = found.lastgroup or "text", found[found.lastgroup or 0]
    if kind == "link":
        typed = _without_closing(typed)
        kind = "text" if typed.endswith("//") else kind
    elif kind == "mention" and len(typed) - 1 not in NAME_LENGTH:
        kind = "text"
    return Token(kind, typed, found.start())


def _without_closing(address: str) -> str:
    """An address without the punctuation that belongs to the sentence around it."""
    counts = Counter(character for character in address if character in "()[]{}")
    end = len(address)
    while (last := address[end - 1]) in CLOSING or _closes_nothing(last, counts):
        counts[last] -= 1
        end -= 1
    return address[:end]


def _closes_nothing(last: str, counts: Counter[str]) -> bool:
    """Whether the last character is a bracket that was opened before the address began."""
    opening = PAIRS.get(last)
    return opening is not None and counts[last] > counts[opening]


@dataclass
class _Writer:
    line: str
    parts: list[str] = field(default_factory=list)
    openings: list[Opening] = field(default_factory=list)  # at most one of each size

    def take(self, token: Token) -> None:
        """Write a piece down."""
        shown = escape(token.typed)
        match token.kind:
            case "code":
                self.parts.append(f"<code>{shown}</code>")
            case "link":
                self.parts.append(f'<a href="{shown}" rel="nofollow ugc noopener">{shown}</a>')
            case "mention":
                self.parts.append(f'<a href="/user/{token.typed[1:].lower()}">{shown}</a>')
            case "run" if len(token.typed) <= RUN_MAX:
                self._take_marks(token)
            case _:
                self.parts.append(str(shown))

    def _take_marks(self, token: Token) -> None:
        mark, left = token.typed[0], len(token.typed)
        before = self.line[token.start - 1 : token.start]
        after = self.line[token.start + left : token.start + left + 1]
        if _may_touch(before) and not _is_word(after, mark):
            left = self._close(mark, left)
        if _may_touch(after) and not _is_word(before, mark):
            left = self._open(mark, left)
        self.parts.append(mark * left)

    def _close(self, mark: str, left: int) -> int:
        """End what these marks can end, the innermost first; what was opened inside it and never ended is text."""
        while place := self._last(mark, left):
            size, part = self.openings[place - 1].size, self.openings[place - 1].part
            del self.openings[place - 1 :]
            self.parts[part] = f"<{TAGS[size]}>"
            self.parts.append(f"</{TAGS[size]}>")
            left -= size
        return left

    def _last(self, mark: str, most: int) -> int:
        """The place of the last opening that these marks end, counted from 1; 0 when there is none."""
        places = range(len(self.openings), 0, -1)
        ended = (n for n in places if self.openings[n - 1].mark == mark and self.openings[n - 1].size <= most)
        return next(ended, 0)

    def _open(self, mark: str, left: int) -> int:
        """Note that something may begin here; an earlier beginning of the same size has lost its chance."""
        for size in (2, 1):
            if left >= size:
                self.openings = [opening for opening in self.openings if opening.size != size]
                self.openings.append(Opening(mark, size, len(self.parts)))
                self.parts.append(mark * size)
                left -= size
        return left


def _may_touch(neighbour: str) -> bool:
    return bool(neighbour) and not neighbour.isspace()


def _is_word(neighbour: str, mark: str) -> bool:
    """Whether the mark stands inside a word: snake_case in any script, 2*3*4 where words are parted by spaces."""
    return neighbour.isalnum() and (mark == "_" or neighbour.isascii())
