"""Passkeys: a key in a phone or a computer, which signs in alone and counts as two factors."""

from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session as Database

from pythoughts.audit.use_cases import Act, record
from pythoughts.auth import queries, throttles
from pythoughts.auth.models import Event, Passkey, Purpose, User, Verification
from pythoughts.auth.tokens import challenge_of, digest, new_nonce, new_token
from pythoughts.auth.use_cases.confirming import mark_proven
from pythoughts.auth.use_cases.history import note
from pythoughts.auth.use_cases.records import check_may_enter, lock_user
from pythoughts.auth.use_cases.sessions import OpenedSession, open_session
from pythoughts.clock import now
from pythoughts.db import new_id, transaction
from pythoughts.errors import Conflict, Invalid, NotFound
from pythoughts.i18n import _
from pythoughts.limits import use_cases as limits
from pythoughts.mail.use_cases import send_later
from pythoughts.services import passkeys as service
from pythoughts.services.passkeys import NewPasskey
from pythoughts.text import grapheme_count, is_storable, normalise

CHALLENGE_LIFETIME = timedelta(minutes=5)
PASSKEYS_MAX = 20  # per person
NAME_MAX = 50  # graphemes


@dataclass(frozen=True)
class Challenge:
    """What a browser is asked; the token, kept in its signed cookie, finds the row again.

    Attributes:
        token: for the act that answers it.
        options: JSON for the browser.
    """

    token: str = field(repr=False)
    options: str


def ask_for_new_passkey(*, actor: User) -> Challenge:
    """Begin to add a passkey.

    Raises:
        Conflict: the person has PASSKEYS_MAX already.
        TooFast: too many from this network.
    """
    known = [each.credential_id for each in queries.list_passkeys(actor.id)]
    _require_room(len(known))
    token, challenge = _begin(actor)
    options = service.options_to_make(
        challenge=challenge, user_id=actor.id, username=actor.display_username or actor.email, known=known
    )
    return Challenge(token, options)


def add_passkey(*, actor: User, token: str, answer: str, name: str) -> None:
    """Let what the browser has made sign in from now on.

    Raises:
        Invalid: the answer does not fit the question, or the name can't be taken.
        Conflict: the passkey is known already, or there are too many.
    """
    label = _check_name(name)
    made = service.read_new(answer=answer, challenge=_use_up(token, actor))
    with transaction() as database:
        user = lock_user(database, actor.id)
        _require_room(_count(database, user))
        _insert(database, user, made, label)
        note(database, user, Event.PASSKEY_ADDED, actor=actor)
        record(Act(user, "user.add_passkey", "user", user.id, target_label=user.username))
        send_later(template="auth/passkey_added", user_id=user.id)


def remove_passkey(*, actor: User, passkey_id: str) -> None:
    """Let a passkey of the actor's open nothing any more.

    Raises:
        NotFound: they have no such passkey.
    """
    with transaction() as database:
        user = lock_user(database, actor.id)
        mine = (Passkey.id == passkey_id, Passkey.user_id == user.id)
        if database.scalar(delete(Passkey).where(*mine).returning(Passkey.id)) is None:
            raise NotFound(_("There is no such passkey."))
        note(database, user, Event.PASSKEY_REMOVED, actor=actor)
        record(Act(user, "user.remove_passkey", "user", user.id, target_label=user.username))
        send_later(template="auth/passkey_removed", user_id=user.id)


def ask_for_passkey() -> Challenge:
    """Begin to sign in with whatever passkey of this site the browser has.

    Raises:
        TooFast: too many from this network.
    """
    token, challenge = _begin(None)
    return Challenge(token, service.options_to_use(challenge=challenge))


def sign_in_with_passkey(*, token: str, answer: str) -> OpenedSession:
    """Open a session for whoever owns the passkey; it replaces password and second factor.

    Raises:
        Invalid: the passkey is unknown, or its answer does not fit the question.
        NotAllowed: the owner is banned.
        TooFast: too many failures from this network.
    """
    network = throttles.hits_from_here(throttles.SIGN_IN_NETWORK)
    limits.count(network)
    found, count = _check(token, answer, None)
    with transaction() as database:
        user = _owner(database, found.user_id)
        _note_use(database, found, count)
        check_may_enter(user)
        limits.give_back(network)
        return open_session(database, user, remember=True)


def ask_for_own_passkey(*, actor: User) -> Challenge:
    """Begin to prove with one of the actor's passkeys that it is still they who sit here.

    Raises:
        NotFound: they have none.
        TooFast: too many from this network.
    """
    known = [each.credential_id for each in queries.list_passkeys(actor.id)]
    if not known:
        raise NotFound(_("There is no such passkey."))
    token, challenge = _begin(actor)
    return Challenge(token, service.options_to_use(challenge=challenge, known=known))


def confirm_with_passkey(*, actor: User, session_id: str | None, token: str, answer: str) -> None:
    """Let the session count as signed in just now.

    Raises:
        Invalid: the passkey is not the actor's, or its answer does not fit the question.
        TooFast: too many failures from this network.
    """
    network = throttles.hits_from_here(throttles.SIGN_IN_NETWORK)
    limits.count(network)
    found, count = _check(token, answer, actor)
    if found.user_id != actor.id:
        raise service.refusal()
    with transaction() as database:
        user = lock_user(database, actor.id)
        _note_use(database, found, count)
        limits.give_back(network)
        mark_proven(database, user, session_id)


def _check(token: str, answer: str, user: User | None) -> tuple[Passkey, int]:
    """The passkey that answers the question, which is gone whatever comes of it, and how often it has been used."""
    challenge = _use_up(token, user)
    found = _find(answer)
    return found, service.check_use(answer=answer, challenge=challenge, passkey=_known(found))


def _begin(user: User | None) -> tuple[str, bytes]:
    """A question that can be answered once; without a user it is for whoever signs in."""
    limits.count(throttles.hits_from_here(throttles.PASSKEY_NETWORK))
    token = new_token()
    asked = Verification(identifier=digest(token), purpose=Purpose.PASSKEY, value=new_nonce())
    asked.user_id = user.id if user else None
    asked.expires_at = now() + CHALLENGE_LIFETIME
    with transaction() as database:
        database.add(asked)
        database.flush()
        return token, challenge_of(asked)


def _use_up(token: str, user: User | None) -> bytes:
    """The challenge, which is gone whatever comes of the answer."""
    asked = (
        Verification.identifier == digest(token),
        Verification.purpose == Purpose.PASSKEY,
        Verification.user_id.is_not_distinct_from(user.id if user else None),
        Verification.expires_at > now(),
    )
    with transaction() as database:
        row = database.scalar(delete(Verification).where(*asked).returning(Verification))
        if row is None:
            raise service.refusal()
        return challenge_of(row)


def _find(answer: str) -> Passkey:
    credential_id, owner = service.names_in(answer)
    found = queries.find_passkey(credential_id)
    if found is None or (owner is not None and owner != found.user_id):
        raise service.refusal()
    return found


def _known(row: Passkey) -> NewPasskey:
    return NewPasskey(row.credential_id, row.public_key, row.sign_count)


def _owner(database: Database, user_id: str) -> User:
    try:
        return lock_user(database, user_id)
    except NotFound:
        raise service.refusal() from None


def _note_use(database: Database, found: Passkey, count: int) -> None:
    """Of two that show the same count, one is a copy; a passkey that does not count always shows 0."""
    counts_on = or_(Passkey.sign_count < count, (Passkey.sign_count == 0) & (count == 0))
    noting = update(Passkey).where(Passkey.id == found.id, counts_on).values(sign_count=count, last_used_at=now())
    if database.scalar(noting.returning(Passkey.id)) is None:
        raise service.refusal()


def _insert(database: Database, user: User, made: NewPasskey, name: str) -> None:
    row = insert(Passkey).values(
        id=new_id(),
        user_id=user.id,
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        name=name,
    )
    fresh = row.on_conflict_do_nothing(index_elements=[Passkey.credential_id]).returning(Passkey.id)
    if database.scalar(fresh) is None:
        raise Conflict(_("This passkey is known already."))


def _count(database: Database, user: User) -> int:
    return database.scalar(select(func.count()).select_from(Passkey).where(Passkey.user_id == user.id)) or 0


def _require_room(count: int) -> None:
    if count >= PASSKEYS_MAX:
        raise Conflict(_("You have %(count)d passkeys, which is the most. Remove one first.", count=PASSKEYS_MAX))


def _check_name(typed: str) -> str:
    if not is_storable(typed):
        raise Invalid(_("This text holds characters that cannot be stored."), field="name")
    name = " ".join(normalise(typed).split())
    if not name or grapheme_count(name) > NAME_MAX or len(name) > NAME_MAX * 4:
        raise Invalid(_("Name it with 1 to %(max)d characters.", max=NAME_MAX), field="name")
    return name
