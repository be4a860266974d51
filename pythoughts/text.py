"""What people type: brought into one form before it is stored or compared."""

import unicodedata

import regex

GRAPHEME = regex.compile(r"\X")
SURROGATE_FIRST, SURROGATE_LAST = "\ud800", "\udfff"


def normalise(typed: str) -> str:
    """NFC, Unix line ends, no white space around."""
    return unicodedata.normalize("NFC", typed.replace("\r\n", "\n").replace("\r", "\n")).strip()


def is_storable(typed: str) -> bool:
    """Whether PostgreSQL can keep the text: no NUL, no lone surrogate."""
    return "\x00" not in typed and not any(SURROGATE_FIRST <= character <= SURROGATE_LAST for character in typed)


def grapheme_count(typed: str) -> int:
    """How many characters a reader sees (Unicode UAX #29, extended grapheme clusters)."""
    return sum(1 for _match in GRAPHEME.finditer(typed))
