"""The watched words, compiled once a process and anew when somebody has changed them."""

from collections.abc import Sequence
from functools import lru_cache
from threading import Lock
from time import monotonic
from typing import Any

from sqlalchemy import func, select

from pythoughts.db import db
from pythoughts.errors import NotFound
from pythoughts.i18n import _
from pythoughts.words.matching import Match, Matcher, Word
from pythoughts.words.models import WatchedWord

FRESH_SECONDS = 5  # how long another process may not notice a change
REMEMBERED = 4_096  # masked messages


class Dictionary:
    """The matcher in force: asks every 5 seconds at most whether words have changed, and reads them if they have."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.forget()

    def forget(self) -> None:
        """Read anew next time."""
        self._asked_at = -FRESH_SECONDS * 1.0
        self._state: Any = None
        self._use(Matcher())

    def matcher(self) -> Matcher:
        """The matcher in force."""
        if monotonic() - self._asked_at >= FRESH_SECONDS:
            with self._lock:
                self._refresh()
        return self._matcher

    def masked(self, text: str) -> str:
        """`text` without the words to censor, computed once while it and the words stay the same."""
        return self._masked(text) if self.matcher().censors else text

    def _refresh(self) -> None:
        state = tuple(db.session.execute(_STATE).one())
        if state != self._state:
            rows = db.session.execute(select(WatchedWord.id, WatchedWord.word, WatchedWord.action))
            self._use(Matcher.of(Word(*row) for row in rows))
            self._state = state
        self._asked_at = monotonic()

    def _use(self, matcher: Matcher) -> None:
        self._matcher = matcher
        self._masked = lru_cache(maxsize=REMEMBERED)(matcher.masked)


# A word added, changed or deleted changes one of these, also when it takes another's place.
_STATE = select(func.count(), func.sum(WatchedWord.version), func.max(WatchedWord.id), func.max(WatchedWord.updated_at))
dictionary = Dictionary()


def censored(text: str) -> str:
    """A text as everybody reads it: words to censor are masked."""
    return dictionary.masked(text)


def would_have_matched(text: str) -> list[Match]:
    """Every watched word in `text`; nothing happens by it."""
    return dictionary.matcher().find(text)


def list_words() -> Sequence[WatchedWord]:
    """All watched words by the alphabet."""
    return db.session.scalars(select(WatchedWord).order_by(WatchedWord.folded)).all()


def get_word(word_id: str) -> WatchedWord:
    """The watched word with that key.

    Raises:
        NotFound: nobody watches for it any more.
    """
    found = db.session.get(WatchedWord, word_id)
    if found is None:
        raise NotFound(_("There is no such watched word."))
    return found
