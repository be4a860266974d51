"""What spellings of one word have in common: case, accents, look-alikes and digits in place of letters."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import regex

# ruff: noqa: RUF001 (letters that look alike are what this is about)
# Letters of other scripts, and Latin ones that no accent explains, by what they are taken for.
LOOK_ALIKES = str.maketrans({
    "а": "a", "в": "b", "с": "c", "ԁ": "d", "е": "e", "ё": "e", "һ": "h", "н": "h", "і": "i", "ї": "i", "ј": "j",
    "к": "k", "ӏ": "l", "м": "m", "о": "o", "р": "p", "ѕ": "s", "т": "t", "у": "y", "ү": "y", "ѵ": "v", "ԝ": "w",
    "х": "x", "α": "a", "β": "b", "ε": "e", "η": "n", "ι": "i", "κ": "k", "μ": "m", "ν": "v", "ο": "o", "ρ": "p",
    "τ": "t", "υ": "u", "χ": "x", "ω": "w", "ı": "i", "ɩ": "i", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h",
    "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th", "ɑ": "a", "ɡ": "g", "ʏ": "y",
})  # fmt: skip
SIGNS = {"0": "o", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "@": "a", "$": "s", "€": "e"}
AS_I = str.maketrans({**SIGNS, "1": "i", "|": "i"})
AS_L = str.maketrans({**SIGNS, "1": "l", "|": "l"})
MARK = regex.compile(r"\p{M}|\p{Cf}")  # accents, and what nobody sees: joiners, soft hyphens, direction marks
SHOUT_INSIDE = regex.compile(r"(?<=\w)!(?=\w)")
UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
TOKEN = regex.compile(rf"[{UNSPACED}]|[^\W_{UNSPACED}]+")  # these scripts put no space between words
ASCII_TOKEN = re.compile(r"[a-z0-9]+")


class Token(NamedTuple):
    """A word of a folded text, and where it stands in that."""

    text: str
    start: int
    end: int


def fold(text: str) -> str:
    """One form for all spellings of a letter: NFKC, without case, accents and look-alikes."""
    if text.isascii():
        return text.lower()
    plain: str = MARK.sub("", unicodedata.normalize("NFKD", text)).casefold()
    bare: str = MARK.sub("", unicodedata.normalize("NFKD", plain))
    return bare.translate(LOOK_ALIKES)


def positions(text: str) -> list[int]:
    """For each character of `fold(text)` the one of `text` that it came from, and at last the end."""
    origins = [number for number, character in enumerate(text) for _each in _folded(character)]
    return [*origins, len(text)]


@lru_cache(maxsize=2048)  # characters: several scripts
def _folded(character: str) -> str:
    return fold(character)


def readings(folded: str) -> Iterator[str]:
    """A folded text as it is, and with signs read as the letters they look like; all are equally long."""
    yield folded
    inside = SHOUT_INSIDE.sub("i", folded) if "!" in folded else folded
    as_i = inside.translate(AS_I)
    if as_i != folded:
        yield as_i
        as_l = inside.translate(AS_L)
        if as_l != as_i:
            yield as_l


def tokens(folded: str) -> list[Token]:
    """The words of a folded text; white space, signs and lines between them do not count."""
    return [Token(found[0], found.start(), found.end()) for found in TOKEN.finditer(folded)]


def bare_tokens(folded: str) -> list[str]:
    """The same without their places, in a fraction of the time."""
    found: list[str] = (ASCII_TOKEN if folded.isascii() else TOKEN).findall(folded)
    return found
