"""Whom members do not want to hear, how they are shown, how pages look to them."""

import json
import unicodedata
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from pythoughts.auth.models import BIO_MAX, User
from pythoughts.auth.use_cases import change_username
from pythoughts.db import new_id, transaction
from pythoughts.errors import Conflict, Invalid
from pythoughts.i18n import Text, _
from pythoughts.preferences.models import IGNORED_MAX, UserPreferences
from pythoughts.preferences.queries import ALLOWED, get_person, read_ids
from pythoughts.text import grapheme_count, is_storable, normalise

NAME_MAX = 50  # graphemes
BYTES_PER_GRAPHEME = 16  # on average, room for emoji of several parts but not for towers of accents
DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def ignore_person(*, actor: User, username: str) -> User:
    """Hide what somebody writes from the actor, who is the only one to know. A second time changes nothing.

    Returns:
        The person who is ignored now.

    Raises:
        NotFound: nobody has this name.
        Invalid: it is the actor's own name.
        Conflict: the actor ignores IGNORED_MAX people already.
    """
    person = get_person(username)
    if person.id == actor.id:
        raise Invalid(_("You can only ignore other people."), field="username")
    with transaction() as session:
        row = _hold_row(session, actor.id)
        ids = read_ids(row.ignored_users)
        if person.id not in ids and len(ids) >= IGNORED_MAX:
            raise Conflict(_("You are ignoring %(max)d people, which is the most.", max=IGNORED_MAX), field="username")
        if person.id not in ids:
            row.ignored_users = _as_json([*ids, person.id])
    return person


def stop_ignoring(*, actor: User, username: str) -> User:
    """Show the actor again what somebody writes.

    Returns:
        The person who is ignored no more.

    Raises:
        NotFound: nobody has this name.
    """
    person = get_person(username)
    with transaction() as session:
        row = _hold_row(session, actor.id)
        row.ignored_users = _as_json([each for each in read_ids(row.ignored_users) if each != person.id])
    return person


def save_profile(*, actor: User, name: str, bio: str, username: str | None = None) -> None:
    """Change what everybody sees of the actor, all of it or nothing; an empty field empties it.

    Args:
        actor: whose profile.
        name: at most NAME_MAX graphemes on one line.
        bio: at most BIO_MAX graphemes.
        username: another one, or None to keep the one they have.

    Raises:
        Invalid: a text is too long or holds what can't be shown; or somebody has the username.
        TooFast: the username was changed lately.
    """
    clean_name = _clean(" ".join(name.split()), NAME_MAX, field="name")
    clean_bio = _clean(bio, BIO_MAX, field="bio")
    if any(mark in DIRECTION_MARKS or unicodedata.category(mark) == "Cc" for mark in clean_name):
        raise Invalid(_("A name holds letters, digits, signs and single spaces only."), field="name")
    with transaction() as session:
        if username is not None:
            change_username(actor=actor, username=username)
        person = session.get_one(User, actor.id)
        if (person.name or "", person.bio or "") != (clean_name, clean_bio):
            person.name, person.bio = clean_name or None, clean_bio or None
            person.version += 1


def save_settings(*, actor: User, settings: Mapping[str, Any]) -> None:
    """Keep how pages look and work for the actor; settings that are not named stay.

    Args:
        actor: whose choices.
        settings: some of the names in ALLOWED, with one of the values allowed there.

    Raises:
        Invalid: a name or value is none of these.
    """
    for name, value in settings.items():
        if value not in ALLOWED.get(name, ()):
            raise Invalid(_("Choose one of the options."), field=name)
    with transaction() as session:
        row = _hold_row(session, actor.id)
        row.settings = {**row.settings, **settings}


def _hold_row(session: Session, user_id: str) -> UserPreferences:
    """The row, made when there is none, locked until the end: two changes at once both stay."""
    fresh = insert(UserPreferences).values(id=new_id(), user_id=user_id)
    session.execute(fresh.on_conflict_do_nothing(index_elements=[UserPreferences.user_id]))
    locked = select(UserPreferences).where(UserPreferences.user_id == user_id).with_for_update()
    return session.scalars(locked.execution_options(populate_existing=True)).one()


def _as_json(ids: list[str]) -> str:
    """The form that the predecessor wrote: no spaces."""
    return json.dumps(ids, separators=(",", ":"))


def _clean(typed: str, most: int, *, field: str) -> str:
    text = normalise(typed) if is_storable(typed) else None
    if text is None:
        raise Invalid(_("This text holds characters that cannot be stored."), field=field)
    if grapheme_count(text) > most or len(text.encode()) > most * BYTES_PER_GRAPHEME:
        raise Invalid(_too_long(most), field=field)
    return text


def _too_long(most: int) -> Text:
    return _("Keep this to %(max)d characters.", max=most)
