"""What people type: brought into one form before it is stored or compared."""

import re
import unicodedata

import regex

ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
GRAPHEME = regex.compile(r"\X")
SURROGATE_FIRST, SURROGATE_LAST = "\ud800", "\udfff"


def normalise(typed: str) -> str:
    """NFC, Unix line ends, no white space around."""
    return unicodedata.normalize("NFC", typed.replace("\r\n", "\n").replace("\r", "\n")).strip()


def is_storable(typed: str) -> bool:
    """Whether PostgreSQL can keep the text: no NUL, no lone surrogate."""
    return "\x00" not in typed and not any(SURROGATE_FIRST <= character <= SURROGATE_LAST for character in typed)


def is_id(typed: str) -> bool:
    """Whether the text has the shape of a key; no query is asked with anything else."""
    return ID.fullmatch(typed) is not None


def grapheme_count(typed: str) -> int:
    """How many characters a reader sees (Unicode UAX #29, extended grapheme clusters)."""
    return sum(1 for _match in GRAPHEME.finditer(typed))
