"""What a message looks like: paragraphs, line breaks, code and links, and never any other markup."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

from markupsafe import Markup, escape

KEPT = 512  # messages whose HTML is remembered: what a few front pages show, 16 MB if every one were as big as can be
FENCE = "```"
FENCE_OPENS = re.compile(r"```[A-Za-z0-9_+#.-]{0,20}[ \t]*")
# No white space, controls or invisible direction marks: they would make an address look like another one.
ADDRESS = r"https?://[^\s<>\"`\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+"
INLINE = re.compile(rf"`(?P<code>[^`\n]+)`|(?P<link>{ADDRESS})", re.IGNORECASE)
CLOSING = ".,:;!?'*_~\u2026\u2019\u201d\xbb"  # what ends a sentence rather than an address
PAIRS = {")": "(", "]": "[", "}": "{"}


@lru_cache(maxsize=KEPT)
def rich(message: str) -> Markup:
    """Turn a message into HTML that holds no tag but p, br, a, code and pre.

    Lines between two ```` ``` ```` make a block of code, one backtick on each side makes code inside a line, `http`
    and `https` addresses become links. Everything else is shown as it was typed.
    """
    blocks = (_code_block(lines) if is_code else _paragraph(lines) for is_code, lines in _blocks(message.split("\n")))
    return Markup("".join(blocks))  # noqa: S704  (every piece below was escaped)


def _blocks(lines: list[str]) -> Iterator[tuple[bool, list[str]]]:
    """The lines of each block of code and of each paragraph, in order."""
    fences = [number for number, line in enumerate(lines) if line.rstrip() == FENCE]
    paragraph: list[str] = []
    number = 0
    while number < len(lines):
        end = _end_of_code(lines[number], number, fences)
        if end or not lines[number].strip():
            yield from _finished(paragraph)
            paragraph = []
        if end:
            yield True, lines[number + 1 : end]
        elif lines[number].strip():
            paragraph.append(lines[number])
        number = (end or number) + 1
    yield from _finished(paragraph)


def _end_of_code(line: str, number: int, fences: list[int]) -> int | None:
    """The line of the fence that closes the one on this line; an opening that nothing closes is text."""
    if not line.startswith(FENCE) or not FENCE_OPENS.fullmatch(line):
        return None
    following = bisect_right(fences, number)
    return fences[following] if following < len(fences) else None


def _finished(paragraph: list[str]) -> Iterator[tuple[bool, list[str]]]:
    if paragraph:
        yield False, paragraph


def _code_block(lines: list[str]) -> str:
    code = "\n".join(lines)
    return f"<pre><code>{escape(code)}</code></pre>"


def _paragraph(lines: list[str]) -> str:
    return f"<p>{'<br>'.join(map(_inline, lines))}</p>"


def _inline(line: str) -> str:
    html = []
    position = 0
    for found in INLINE.finditer(line):
        html.append(str(escape(line[position : found.start()])))
        html.append(f"<code>{escape(found['code'])}</code>" if found["code"] else _link(found["link"]))
        position = found.end()
    html.append(str(escape(line[position:])))
    return "".join(html)


def _link(typed: str) -> str:
    """A link, without the punctuation that belongs to the sentence around it."""
    address = _without_closing(typed)
    if address.endswith("//"):
        return str(escape(typed))
    shown = escape(address)
    return f'<a href="{shown}" rel="nofollow ugc noopener">{shown}</a>{escape(typed[len(address) :])}'


def _without_closing(address: str) -> str:
    while address[-1] in CLOSING or _closes_nothing(address):
        address = address[:-1]
    return address


def _closes_nothing(address: str) -> bool:
    """Whether the last character is a bracket that was opened before the address began."""
    opening = PAIRS.get(address[-1])
    return opening is not None and address.count(address[-1]) > address.count(opening)
