"""Passwords: what a new one must be like, and how they are kept and compared."""

import hmac
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import scrypt
from itertools import accumulate
from secrets import token_urlsafe
from threading import BoundedSemaphore, Lock

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from pythoughts.errors import Invalid, Unavailable
from pythoughts.i18n import _
from pythoughts.text import is_storable

PASSWORD_MIN = 10  # characters
STAFF_PASSWORD_MIN = 15  # characters
PASSWORD_MAX = 128  # characters
SCORE_MIN = 2  # of zxcvbn's 0 to 4: more than a million guesses
SCORED_MAX = 40  # characters; zxcvbn's time grows with the square, and it refuses more than 72
OWN_MIN = 5  # characters beyond the words that everybody knows of the person
WORD_MIN = 3  # characters; shorter ones are found in anything
SWAPS = frozenset("4@8({[<369&#!1/|0$5+7%2")
SWAPS_MAX = 10  # different ones; zxcvbn tries every reading of them, which takes seconds for all 23
SLOTS = max(2, os.cpu_count() or 1)  # hashes at once in one process, 19 MiB each
SLOT_TIMEOUT = 5  # seconds
LEGACY = re.compile(r"([0-9a-f]{32}):([0-9a-f]{128})")
LEGACY_MEMORY = 64 * 1024 * 1024  # bytes; OpenSSL's own limit of 32 MiB is less than N=16384, r=16 takes
DUMMY = "$argon2id$v=19$m=19456,t=2,p=1$2YZW80nS9bWKPicEXhzvhw$Dr1RMts+MYyZv08prip0WFT0i946/q/CmQHWjiHjkfY"

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)
"""Argon2id cost (OWASP Password Storage: 19 MiB, 2 passes, 1 lane)."""

_slots = BoundedSemaphore(SLOTS)
_one_at_a_time = Lock()


def check_new_password(
    password: str, *, minimum: int = PASSWORD_MIN, context: Iterable[str] = (), field: str = "password"
) -> None:
    """Refuse a password that is too short, too long or easy to guess.

    Args:
        password: what was typed.
        minimum: fewest characters; staff need more.
        context: words that the owner's attacker would try first: their name, their address.
        field: the form field that the refusal belongs to.

    Raises:
        Invalid: with a sentence that says what to change.
    """
    typed = _normalise(password)
    if len(typed) < minimum:
        raise Invalid(_("Use at least %(count)d characters. A short sentence works well.", count=minimum), field=field)
    if len(typed) > PASSWORD_MAX:
        raise Invalid(_("Use at most %(count)d characters.", count=PASSWORD_MAX), field=field)
    if not is_storable(typed):
        raise Invalid(_("One of these characters cannot be used in a password."), field=field)
    words = [word.lower() for word in context]
    if len(_without(typed.lower(), words)) < OWN_MIN or _score(typed, words) < SCORE_MIN:
        raise Invalid(_("This is easy to guess. Use a longer one, or a few unrelated words."), field=field)


def hash_password(password: str) -> str:
    """The Argon2id hash to keep.

    Raises:
        Unavailable: too many are being hashed already.
    """
    with _slot():
        return _hasher.hash(_bytes(_normalise(password)))


def unusable_hash() -> str:
    """The hash of a password that nobody knows."""
    return hash_password(token_urlsafe(32))


def verify_password(password: str, stored: str | None) -> bool:
    """Whether `password` is the one behind `stored`; it takes as long when there is nothing to compare with.

    Args:
        password: what was typed.
        stored: an Argon2id hash, a `salt:key` hash of the predecessor, or None for an account without a password.

    Raises:
        Unavailable: too many are being hashed already.
    """
    typed = _normalise(password)
    if stored is None or len(typed) > PASSWORD_MAX:
        dummy_verify()
        return False
    if legacy := LEGACY.fullmatch(stored):
        return _matches_legacy(typed, *legacy.groups())
    return _matches(typed, stored)


def dummy_verify() -> None:
    """Take the time of one comparison, so that a stranger can't tell who has an account."""
    _matches("", DUMMY)


def needs_upgrade(stored: str) -> bool:
    """Whether `stored` was made another way than today's; hash the password again while it is at hand."""
    return LEGACY.fullmatch(stored) is not None or _hasher.check_needs_rehash(stored)


def _normalise(password: str) -> str:
    """NFKC: the same password from every keyboard (NIST SP 800-63B, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def _bytes(typed: str) -> bytes:
    return typed.encode("utf-8", "surrogatepass")


@contextmanager
def _slot() -> Iterator[None]:
    if not _slots.acquire(timeout=SLOT_TIMEOUT):
        raise Unavailable(_("Too many people are signing in right now. Try again in a moment."))
    try:
        yield
    finally:
        _slots.release()


def _matches(typed: str, stored: str) -> bool:
    with _slot():
        try:
            return _hasher.verify(stored, _bytes(typed))
        except (VerificationError, InvalidHashError):
            return False


def _matches_legacy(typed: str, salt: str, key: str) -> bool:
    """Compare with better-auth's scrypt, which takes the salt's hexadecimal text as the salt."""
    with _slot():
        made = scrypt(_bytes(typed), salt=salt.encode(), n=16384, r=16, p=1, dklen=64, maxmem=LEGACY_MEMORY)
    return hmac.compare_digest(made.hex(), key)


def _without(typed: str, words: list[str]) -> str:
    """What is left of a password when the words that everybody knows are taken out of it."""
    for word in sorted(words, key=len, reverse=True):
        typed = typed.replace(word, "") if len(word) >= WORD_MIN else typed
    return typed


def _score(typed: str, words: list[str]) -> int:
    from zxcvbn import zxcvbn  # noqa: PLC0415  (0.1 s and 15 MB of word lists, which most processes never need)

    with _one_at_a_time:  # zxcvbn keeps the context in a variable of its module
        return int(zxcvbn(_scored_part(typed), user_inputs=words)["score"])


def _scored_part(typed: str) -> str:
    """The beginning of the password that can be scored in a blink; no password gets weaker by what follows it."""
    seen = accumulate(typed[:SCORED_MAX], lambda swaps, sign: swaps | ({sign} & SWAPS), initial=frozenset[str]())
    return typed[: sum(len(swaps) <= SWAPS_MAX for swaps in seen) - 1]
