"""Prove once more who sits at the browser."""

from sqlalchemy import update
from sqlalchemy.orm import Session as Database

from pythoughts.auth import queries, throttles
from pythoughts.auth.models import Session, User
from pythoughts.auth.use_cases.records import lock_credential, lock_user
from pythoughts.clock import now
from pythoughts.db import transaction
from pythoughts.errors import Invalid
from pythoughts.i18n import _
from pythoughts.limits import use_cases as limits
from pythoughts.services.passwords import verify_password


def confirm_password(*, actor: User, session_id: str | None, password: str) -> None:
    """Let the session count as signed in just now.

    Raises:
        Invalid: the password is wrong, or was changed while it was compared.
        TooFast: too many wrong passwords for this account or from this network.
    """
    stored = queries.password_of(actor.id)
    prove_password(actor, password, stored, field="password")
    with transaction() as database:
        user = lock_user(database, actor.id)
        account = lock_credential(database, user.id)
        if account is None or account.password != stored:
            raise wrong_password("password")
        mark_proven(database, user, session_id)


def mark_proven(database: Database, user: User, session_id: str | None) -> None:
    """Let the session of `user`, whom the caller holds, count as signed in just now."""
    mine = (Session.id == (session_id or ""), Session.user_id == user.id)
    database.execute(update(Session).where(*mine).values(auth_at=now(), updated_at=Session.updated_at))


def prove_password(actor: User, typed: str, stored: str | None, *, field: str) -> None:
    """Let nobody guess at an open browser; who guesses elsewhere does not get in the way.

    Raises:
        Invalid: it is not the password behind `stored`.
        TooFast: too many wrong passwords for this account or from this network.
    """
    account = throttles.hits_of(actor.id, throttles.CONFIRM)
    network = throttles.hits_from_here(throttles.SIGN_IN_NETWORK)
    limits.count(account + network)
    if not verify_password(typed, stored):
        raise wrong_password(field)
    limits.relent(forgotten=account, given_back=network)


def wrong_password(field: str) -> Invalid:
    """What anybody hears who does not know the password."""
    return Invalid(_("That is not your current password."), field=field)
