"""Sign in with a password."""

from sqlalchemy.orm import Session as Database

from pythoughts.auth import queries, throttles
from pythoughts.auth.models import Account, User
from pythoughts.auth.queries import Credential
from pythoughts.auth.tokens import digest
from pythoughts.auth.use_cases.devices import current_device
from pythoughts.auth.use_cases.history import note_failure
from pythoughts.auth.use_cases.records import check_may_enter, lock_with_credential
from pythoughts.auth.use_cases.second_step import HalfSignedIn, begin_second_step
from pythoughts.auth.use_cases.sessions import OpenedSession, open_session
from pythoughts.db import transaction
from pythoughts.errors import Invalid
from pythoughts.i18n import _
from pythoughts.limits import use_cases as limits
from pythoughts.services.passwords import hash_password, needs_upgrade, verify_password


def sign_in(*, identifier: str, password: str, remember: bool) -> OpenedSession | HalfSignedIn:
    """Open a session for whoever `identifier` names, by username or address; with a second factor, ask for it first.

    Nobody learns from the answer, or from its time, whether such an account exists.

    Raises:
        Invalid: name and password do not belong together.
        NotAllowed: they do, but the person is banned.
        TooFast: too many failures for this account, counted apart for a browser that its owner has used, or from
            this network.
    """
    credential = queries.find_credential(identifier, device=current_device())
    subject = _subject(credential, identifier)
    network = throttles.hits_from_here(throttles.SIGN_IN_NETWORK)
    limits.count(network)
    throttles.slow_down_sign_in(subject)
    matches = verify_password(password, credential.password if credential else None)
    if credential is None or not matches:
        note_failure(credential.user_id if credential else None)
        raise wrong()
    upgraded = _upgraded(credential, password)
    with transaction() as database:
        user, account = _still_theirs(database, credential, upgraded)
        limits.relent(forgotten=throttles.hits_of(subject, throttles.SIGN_IN), given_back=network)
        if user.two_factor_enabled:
            return begin_second_step(database, user, account)
        return open_session(database, user, remember=remember)


def is_being_guessed(*, identifier: str) -> bool:
    """Whether so many have failed at this name, known or not, that a further try has to wait."""
    credential = queries.find_credential(identifier, device=current_device())
    if credential and credential.device_id:
        return False
    return any(
        limits.is_slowed_down(hit) for hit in throttles.hits_of(_subject(credential, identifier), throttles.SIGN_IN)
    )


def _subject(credential: Credential | None, identifier: str) -> str:
    """What failures are counted for: strangers who guess must not keep the owner out of a browser of theirs."""
    if credential is None:
        return digest(queries.canonical_identifier(identifier))
    return f"{credential.user_id}:{credential.device_id}" if credential.device_id else credential.user_id


def wrong() -> Invalid:
    """One sentence for everything that does not match."""
    return Invalid(_("That name and password do not match."))


def _upgraded(credential: Credential, password: str) -> str | None:
    """A hash of today's kind, made while the password is at hand."""
    return hash_password(password) if credential.password and needs_upgrade(credential.password) else None


def _still_theirs(database: Database, credential: Credential, upgraded: str | None) -> tuple[User, Account]:
    """The person and their password, held; the hash that was compared must still be the one on record.

    Whoever changes a password holds the same rows, so a sign-in with the old one comes before, and its session
    is deleted, or after, and finds the new hash.
    """
    held = lock_with_credential(database, credential.user_id)
    if held is None:
        raise wrong()
    user, account = held
    if account.password != credential.password:
        raise wrong()
    check_may_enter(user)
    if upgraded:
        account.password = upgraded
    return user, account
