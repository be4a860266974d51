"""Accounts that people have elsewhere, and sign in with here.

An account elsewhere is known by the provider's name for it alone. Whatever address the provider tells is a suggestion
to whoever signs up: it never finds an account here, and it is proven by our own code like any other. So an account
is connected only by its owner, signed in and proven recently, who says yes to it.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Database

from pythoughts.audit.use_cases import Act, record
from pythoughts.auth import queries, throttles
from pythoughts.auth.addresses import check_address
from pythoughts.auth.models import Account, Event, Passkey, User
from pythoughts.auth.names import check_username
from pythoughts.auth.queries import CREDENTIAL
from pythoughts.auth.use_cases.codes import send_code
from pythoughts.auth.use_cases.history import note
from pythoughts.auth.use_cases.identities import account_of, attach, keep_tokens, take_identity
from pythoughts.auth.use_cases.pending_sign_up import WaitingForCode, begin_sign_up_elsewhere
from pythoughts.auth.use_cases.records import NewPerson, add_person, check_may_enter, lock_user, one_of_a_kind, taken
from pythoughts.auth.use_cases.second_step import HalfSignedIn, begin_second_step
from pythoughts.auth.use_cases.sessions import OpenedSession, open_session
from pythoughts.auth.use_cases.sign_up import is_strict
from pythoughts.db import transaction
from pythoughts.errors import Conflict, NotFound
from pythoughts.i18n import _
from pythoughts.limits import use_cases as limits
from pythoughts.mail.use_cases import send_later
from pythoughts.origin import current_origin
from pythoughts.services.openid import Identity


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
        account = account_of(database, user, identity.provider) if user else None
        if user is None or account is None or account.account_id != identity.subject:
            return None
        check_may_enter(user)
        keep_tokens(account, identity)
        if user.two_factor_enabled:
            return begin_second_step(database, user, account)
        return open_session(database, user, remember=True)


def sign_up_with_identity(*, token: str, username: str, email: str) -> OpenedSession | WaitingForCode:
    """Make an account without a password; it may not post until the mailed code has proven its address.

    Where the setting is strict, the code comes first.

    Raises:
        Gone: the account elsewhere waits no longer.
        Invalid: the name or the address can't be taken, or somebody has it.
        Conflict: somebody has connected the account elsewhere meanwhile.
        TooFast: too many accounts from this network.
    """
    name, address = check_username(username), check_address(email)
    if is_strict() or current_origin().is_unchecked:
        return begin_sign_up_elsewhere(name=name, address=address, identity=token)
    if held := queries.taken_field(username=name.key, email=address):
        raise taken(f"uq_user_{held}")
    person = NewPerson(name, address, None)
    limits.count(
        throttles.hits_from_here(throttles.SIGN_UP_NETWORK)
        + throttles.hits_from_here(throttles.MAIL_NETWORK)
        + throttles.hits_of(person.id, throttles.CODE_MAIL)
    )
    with one_of_a_kind(), transaction() as database:
        identity = take_identity(database, token)
        user = add_person(database, person)
        attach(database, user, identity)
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
        identity = take_identity(database, token)
        if _is_connected(database, user, identity):
            return identity.provider
        attach(database, user, identity)
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
        account = account_of(database, user, provider) if provider != CREDENTIAL else None
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


def _is_connected(database: Database, user: User, identity: Identity) -> bool:
    account = account_of(database, user, identity.provider)
    return account is not None and account.account_id == identity.subject


def _require_other_way(database: Database, user: User, account: Account) -> None:
    others = select(func.count()).select_from(Account).where(Account.user_id == user.id, Account.id != account.id)
    passkeys = select(func.count()).select_from(Passkey).where(Passkey.user_id == user.id)
    if not database.scalar(others) and not database.scalar(passkeys):
        raise Conflict(_("This is your only way to sign in. Set a password or add a passkey first."))


def _note(user: User, action: str, provider: str, letter: str) -> None:
    record(Act(user, action, "user", user.id, target_label=user.username, after={"provider": provider}))
    send_later(template=letter, user_id=user.id)
