"""Decide what is watched for: add a word, change what happens, let it go."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from pythoughts.access import Actor
from pythoughts.audit.use_cases import Act, record
from pythoughts.db import db, new_id, transaction
from pythoughts.errors import Conflict, Invalid, NotAllowed, NotFound
from pythoughts.i18n import _
from pythoughts.text import is_storable, normalise
from pythoughts.words.matching import parts_of
from pythoughts.words.models import NOTE_MAX, WORD_MAX, Action, WatchedWord
from pythoughts.words.permissions import can_manage_words
from pythoughts.words.queries import dictionary

LIST_MAX = 1_000  # words in one import


@dataclass(frozen=True)
class Sorted:
    """The words of a list: those to add, those that are watched for already, and those that no word can be."""

    new: tuple[str, ...]
    known: tuple[str, ...]
    wrong: tuple[str, ...]


def add_word(*, actor: Actor, word: str, action: str, note: str = "") -> WatchedWord:
    """Watch for a word or a phrase.

    Args:
        actor: a moderator or an admin.
        word: in any spelling; it needs a letter or a digit.
        action: one of Action.
        note: why, for other staff.

    Raises:
        NotAllowed: the actor has no right to it.
        Invalid: the word, the action or the note is not as it should be, or the word is watched for already.
    """
    _require(actor)
    values = _checked(word, action, note)
    with _each_once(), transaction() as session:
        made = WatchedWord(**values, created_by=actor.id)
        session.add(made)
        session.flush()  # the audit row needs made.id
        record(Act(actor, "word.add", "watched_word", made.id, target_label=made.word, after=_audited(made)))
    dictionary.forget()
    return made


def change_word(*, actor: Actor, word_id: str, version: int, word: str, action: str, note: str = "") -> None:  # noqa: PLR0913 (a row's fields)
    """Change a watched word; what is as before changes nothing.

    Args:
        actor: a moderator or an admin.
        word_id: the key of the row.
        version: the one that the actor read.
        word: in any spelling; it needs a letter or a digit.
        action: one of Action.
        note: why, for other staff.

    Raises:
        NotAllowed: the actor has no right to it.
        NotFound: nobody watches for it any more.
        Conflict: somebody changed it since it was read.
        Invalid: as for a new one.
    """
    _require(actor)
    values = _checked(word, action, note)
    with _each_once(), transaction() as session:
        row = _hold(session, word_id, version)
        if all(getattr(row, name) == value for name, value in values.items()):
            return
        before = _audited(row)
        for name, value in values.items():
            setattr(row, name, value)
        row.version += 1
        target = ("watched_word", row.id, row.word)
        record(Act(actor, "word.change", *target, before=before, after=_audited(row)))
    dictionary.forget()


def delete_word(*, actor: Actor, word_id: str, version: int) -> None:
    """Watch for a word no longer.

    Raises:
        NotAllowed: the actor has no right to it.
        NotFound: nobody watches for it any more.
        Conflict: somebody changed it since it was read.
    """
    _require(actor)
    with transaction() as session:
        row = _hold(session, word_id, version)
        session.delete(row)
        record(Act(actor, "word.delete", "watched_word", row.id, target_label=row.word, before=_audited(row)))
    dictionary.forget()


def sort_words(typed: str) -> Sorted:
    """What of a list would be added: nothing happens by it.

    Args:
        typed: one word or phrase on each line; empty lines and those that begin with # do not count.

    Raises:
        Invalid: it holds nothing, or more than LIST_MAX.
    """
    lines = [line.strip() for line in typed.splitlines()]
    words = [line for line in lines if line and not line.startswith("#")]
    if not 0 < len(words) <= LIST_MAX:
        raise Invalid(_("Enter 1 to %(max)d words, each on a line of its own.", max=LIST_MAX), field="words")
    wrong = tuple(word for word in words if not _is_fit(word))
    folded = {" ".join(parts_of(word)): " ".join(word.split()) for word in reversed(words) if _is_fit(word)}
    known = set(db.session.scalars(select(WatchedWord.folded).where(WatchedWord.folded.in_(folded))))
    new = tuple(word for key, word in reversed(folded.items()) if key not in known)
    return Sorted(new, tuple(folded[key] for key in sorted(known)), wrong)


def add_words(*, actor: Actor, typed: str, action: str) -> Sorted:
    """Watch for all words of a list that are new; each is one act, and all of them share an id.

    Raises:
        NotAllowed: the actor has no right to it.
        Invalid: the list or the action is not as it should be, or somebody adds one of the words right now.
    """
    _require(actor)
    found, op_id = sort_words(typed), new_id()
    rows = [WatchedWord(**_checked(word, action, ""), created_by=actor.id) for word in found.new]
    with _each_once(), transaction() as session:
        session.add_all(rows)
        session.flush()  # the audit rows need their ids
        for row in rows:
            target = ("watched_word", row.id, row.word)
            record(Act(actor, "word.add", *target, after=_audited(row), op_id=op_id))
    dictionary.forget()
    return found


def _is_fit(word: str) -> bool:
    return len(word) <= WORD_MAX and is_storable(word) and bool(parts_of(word))


def _require(actor: Actor) -> None:
    if not can_manage_words(actor):
        raise NotAllowed(_("Your role does not include this."))


def _checked(word: str, action: str, note: str) -> dict[str, Any]:
    if action not in set(Action):
        raise Invalid(_("Choose what happens to a post with it."), field="action")
    shown, why = " ".join(_storable(word, "word").split()), _storable(note, "note")
    if not parts_of(shown):
        raise Invalid(_("Enter a word with at least one letter or digit."), field="word")
    if len(shown) > WORD_MAX:
        raise Invalid(_("Keep this to %(max)d characters.", max=WORD_MAX), field="word")
    if len(why) > NOTE_MAX:
        raise Invalid(_("Keep this to %(max)d characters.", max=NOTE_MAX), field="note")
    return {"word": shown, "folded": " ".join(parts_of(shown)), "action": action, "note": why or None}


def _storable(typed: str, field: str) -> str:
    if not is_storable(typed):
        raise Invalid(_("This text holds characters that cannot be stored."), field=field)
    return normalise(typed)


def _hold(session: Any, word_id: str, version: int) -> WatchedWord:
    row: WatchedWord | None = session.get(WatchedWord, word_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound(_("There is no such watched word."))
    if row.version != version:
        raise Conflict(_("Somebody has changed this word since you opened it."))
    return row


def _audited(row: WatchedWord) -> dict[str, Any]:
    """A watched word is nobody's personal data, but the name in one may be: it stays in the erasable label."""
    return {"action": row.action, "version": row.version}


@contextmanager
def _each_once() -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        if getattr(getattr(error.orig, "diag", None), "constraint_name", None) != "uq_watched_word_folded":
            raise
        raise Invalid(_("This word is on the list already, perhaps in another spelling."), field="word") from None
