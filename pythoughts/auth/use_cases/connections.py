"""Accounts that people have elsewhere, and sign in with here.

An account elsewhere is known by the provider's name for it alone. Whatever address the provider tells is a suggestion
to whoever signs up: it never finds an account here, and it is proven by our own code like any other. So an account
is connected only by its owner, signed in and proven recently, who says yes to it.
"""

import json
from dataclasses import asdict, replace
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session as Database

from pythoughts.audit.use_cases import Act, record
from pythoughts.auth import queries, throttles
from pythoughts.auth.addresses import check_address
from pythoughts.auth.models import Account, Event, Passkey, Purpose, User, Verification
from pythoughts.auth.names import check_username
from pythoughts.auth.queries import CREDENTIAL
from pythoughts.auth.sealing import seal
from pythoughts.auth.tokens import digest, new_token
from pythoughts.auth.use_cases.codes import send_code
from pythoughts.auth.use_cases.history import note
from pythoughts.auth.use_cases.records import NewPerson, add_person, check_may_enter, lock_user, one_of_a_kind, taken
from pythoughts.auth.use_cases.second_step import HalfSignedIn, begin_second_step
from pythoughts.auth.use_cases.sessions import OpenedSession, open_session
from pythoughts.clock import now
from pythoughts.db import new_id, transaction
from pythoughts.errors import Conflict, Gone, NotFound
from pythoughts.i18n import _
from pythoughts.limits import use_cases as limits
from pythoughts.mail.use_cases import send_later
from pythoughts.services.openid import Identity

WAITING = timedelta(minutes=30)  # for a name, or for a yes


def sign_in_with_identity(*, identity: Identity) -> OpenedSession | HalfSignedIn | None:
    """Open a session for whoever has connected this account; a second factor is still asked for.

    Returns:
        None when nobody has.

    Raises:
        NotAllowed: they are banned.
    """
    owner_id = queries.owner_of_identity(identity.provider, identity.subject)
    if owner_id is None:
        return None
    with transaction() as database:
        user = _hold(database, owner_id)
        account = _account(database, user, identity.provider) if user else None
        if user is None or account is None or account.account_id != identity.subject:
            return None
        check_may_enter(user)
        _keep_tokens(account, identity)
        if user.two_factor_enabled:
            return begin_second_step(database, user, account)
        return open_session(database, user, remember=True)


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


def sign_up_with_identity(*, token: str, username: str, email: str) -> OpenedSession:
    """Make an account without a password; it may not post until the mailed code has proven its address.

    Raises:
        Gone: the account elsewhere waits no longer.
        Invalid: the name or the address can't be taken, or somebody has it.
        Conflict: somebody has connected the account elsewhere meanwhile.
        TooFast: too many accounts from this network.
    """
    name, address = check_username(username), check_address(email)
    if held := queries.taken_field(username=name.key, email=address):
        raise taken(f"uq_user_{held}")
    person = NewPerson(name, address, None)
    limits.count(
        throttles.hits_from_here(throttles.SIGN_UP_NETWORK)
        + throttles.hits_from_here(throttles.MAIL_NETWORK)
        + throttles.hits_of(person.id, throttles.CODE_MAIL)
    )
    with one_of_a_kind(), transaction() as database:
        identity = _take(database, token)
        user = add_person(database, person)
        _connect(database, user, identity)
        send_code(database, user)
        record(Act(user, "user.sign_up", "user", user.id, user.username, after={"provider": identity.provider}))
        return open_session(database, user, remember=True, why=Event.SIGN_UP)


def connect_identity(*, actor: User, token: str) -> str:
    """Let the account that waits sign in as `actor` from now on; the name of its provider.

    Raises:
        Gone: it waits no longer.
        Conflict: somebody has connected it, or the actor has connected another one of that provider.
    """
    with transaction() as database:
        user = lock_user(database, actor.id)
        identity = _take(database, token)
        if _is_connected(database, user, identity):
            return identity.provider
        _connect(database, user, identity)
        note(database, user, Event.ACCOUNT_CONNECTED, actor=actor)
        _note(user, "user.connect", identity.provider, "auth/account_connected")
    return identity.provider


def disconnect_identity(*, actor: User, provider: str) -> None:
    """Let the account at `provider` open nothing here any more.

    Raises:
        NotFound: there is none.
        Conflict: it is the only way to sign in.
    """
    with transaction() as database:
        user = lock_user(database, actor.id)
        account = _account(database, user, provider) if provider != CREDENTIAL else None
        if account is None:
            raise NotFound(_("This account is not connected."))
        _require_other_way(database, user, account)
        database.delete(account)
        note(database, user, Event.ACCOUNT_DISCONNECTED, actor=actor)
        _note(user, "user.disconnect", provider, "auth/account_disconnected")


def _hold(database: Database, user_id: str) -> User | None:
    try:
        return lock_user(database, user_id)
    except NotFound:
        return None


def _account(database: Database, user: User, provider: str) -> Account | None:
    mine = select(Account).where(Account.user_id == user.id, Account.provider_id == provider)
    return database.scalar(mine.with_for_update(key_share=True).execution_options(populate_existing=True))


def _take(database: Database, token: str) -> Identity:
    waiting = (Verification.identifier == digest(token), Verification.purpose == Purpose.IDENTITY)
    sealed = database.scalar(
        delete(Verification).where(*waiting, Verification.expires_at > now()).returning(Verification.value)
    )
    identity = queries.read_identity(sealed) if sealed else None
    if identity is None:
        raise Gone(_("That took too long. Start again."))
    return identity


def _is_connected(database: Database, user: User, identity: Identity) -> bool:
    account = _account(database, user, identity.provider)
    return account is not None and account.account_id == identity.subject


def _connect(database: Database, user: User, identity: Identity) -> None:
    if _account(database, user, identity.provider) is not None:
        raise Conflict(_("You have connected another account there. Disconnect it first."))
    fresh = insert(Account).values(
        id=new_id(), provider_id=identity.provider, account_id=identity.subject, user_id=user.id
    )
    added = fresh.on_conflict_do_nothing(index_elements=[Account.provider_id, Account.account_id])
    account = database.scalar(added.returning(Account))
    if account is None:
        raise Conflict(_("This account is connected to somebody else here."))
    _keep_tokens(account, identity)


def _keep_tokens(account: Account, identity: Identity) -> None:
    """Sealed: whoever reads the row can't act for the person at the provider."""
    told = identity.tokens
    for column in ("access_token", "refresh_token", "id_token"):
        token = told.get(column)
        setattr(account, column, seal(token) if token else None)
    account.scope = told.get("scope")
    account.access_token_expires_at = identity.expires_at


def _require_other_way(database: Database, user: User, account: Account) -> None:
    others = select(func.count()).select_from(Account).where(Account.user_id == user.id, Account.id != account.id)
    passkeys = select(func.count()).select_from(Passkey).where(Passkey.user_id == user.id)
    if not database.scalar(others) and not database.scalar(passkeys):
        raise Conflict(_("This is your only way to sign in. Set a password or add a passkey first."))


def _note(user: User, action: str, provider: str, letter: str) -> None:
    record(Act(user, action, "user", user.id, target_label=user.username, after={"provider": provider}))
    send_later(template=letter, user_id=user.id)
