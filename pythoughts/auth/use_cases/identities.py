"""An account elsewhere while it waits for a name, for a code or for a yes, and how it is tied to somebody here."""

import json
from dataclasses import asdict, replace
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session as Database

from pythoughts.auth import queries
from pythoughts.auth.models import Account, Purpose, User, Verification
from pythoughts.auth.sealing import seal
from pythoughts.auth.tokens import digest, new_token
from pythoughts.clock import now
from pythoughts.db import new_id, transaction
from pythoughts.errors import Conflict, Gone
from pythoughts.i18n import _
from pythoughts.services.openid import Identity

WAITING = timedelta(minutes=30)  # for a name, or for a yes


def keep_identity(*, identity: Identity) -> str:
    """Let an account that nobody has connected wait, sealed; the token finds it again."""
    token, until = new_token(), identity.expires_at
    told = asdict(replace(identity, expires_at=None)) | {"expires_at": until.isoformat() if until else None}
    with transaction() as database:
        database.add(
            Verification(
                identifier=digest(token),
                purpose=Purpose.IDENTITY,
                value=seal(json.dumps(told)),
                expires_at=now() + WAITING,
            )
        )
    return token


def hand_over(database: Database, token: str, heir: str, *, within: timedelta) -> None:
    """Let the account that waits under `token` wait under `heir` from now on.

    Raises:
        Gone: it waits no longer.
    """
    moving = update(Verification).where(*_waiting(token)).values(identifier=digest(heir), expires_at=now() + within)
    if database.scalar(moving.returning(Verification.id)) is None:
        raise too_late()


def take_identity(database: Database, token: str) -> Identity:
    """The account that waits, which waits no longer.

    Raises:
        Gone: it did not.
    """
    sealed = database.scalar(delete(Verification).where(*_waiting(token)).returning(Verification.value))
    identity = queries.read_identity(sealed) if sealed else None
    if identity is None:
        raise too_late()
    return identity


def too_late() -> Gone:
    """What anybody hears whose account elsewhere waits no longer."""
    return Gone(_("That took too long. Start again."))


def attach(database: Database, user: User, identity: Identity) -> None:
    """Let the account elsewhere sign `user` in from now on; the caller holds them.

    Raises:
        Conflict: somebody has connected it, or they have connected another one of that provider.
    """
    if account_of(database, user, identity.provider) is not None:
        raise Conflict(_("You have connected another account there. Disconnect it first."))
    fresh = insert(Account).values(
        id=new_id(), provider_id=identity.provider, account_id=identity.subject, user_id=user.id
    )
    added = fresh.on_conflict_do_nothing(index_elements=[Account.provider_id, Account.account_id])
    account = database.scalar(added.returning(Account))
    if account is None:
        raise Conflict(_("This account is connected to somebody else here."))
    keep_tokens(account, identity)


def account_of(database: Database, user: User, provider: str) -> Account | None:
    """What `user` has connected at the provider, read anew and held."""
    mine = select(Account).where(Account.user_id == user.id, Account.provider_id == provider)
    return database.scalar(mine.with_for_update(key_share=True).execution_options(populate_existing=True))


def keep_tokens(account: Account, identity: Identity) -> None:
    """Keep what the provider gave, sealed: whoever reads the row can't act for the person there."""
    told = identity.tokens
    for column in ("access_token", "refresh_token", "id_token"):
        token = told.get(column)
        setattr(account, column, seal(token) if token else None)
    account.scope = told.get("scope")
    account.access_token_expires_at = identity.expires_at


def _waiting(token: str) -> tuple[ColumnElement[bool], ...]:
    named = (Verification.identifier == digest(token), Verification.purpose == Purpose.IDENTITY)
    return *named, Verification.expires_at > now()
