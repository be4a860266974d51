"""Become a member."""

from pythoughts.audit.use_cases import Act, record
from pythoughts.auth import queries, throttles
from pythoughts.auth.addresses import check_address
from pythoughts.auth.models import Event
from pythoughts.auth.names import check_username
from pythoughts.auth.use_cases.codes import send_code
from pythoughts.auth.use_cases.pending_sign_up import WaitingForCode, begin_sign_up
from pythoughts.auth.use_cases.records import NewPerson, add_person, context_words, one_of_a_kind, taken
from pythoughts.auth.use_cases.sessions import OpenedSession, open_session
from pythoughts.db import new_id, transaction
from pythoughts.i18n import _
from pythoughts.limits import use_cases as limits
from pythoughts.origin import current_origin
from pythoughts.services.passwords import check_new_password, hash_password
from pythoughts.settings.queries import value_of
from pythoughts.settings.registry import define

MODE = define(
    "accounts.sign_up_mode",
    "instant",
    _("instant: signed in at once, posting after the code. strict: nobody exists until the code is right."),
    choices=("instant", "strict"),
)


def is_strict() -> bool:
    """Whether nobody may learn which addresses have accounts."""
    return bool(value_of(MODE) == "strict")


def sign_up(*, username: str, email: str, password: str) -> OpenedSession | WaitingForCode:
    """Make an account and sign it in; it may not post until the mailed code has proven the address.

    Where the setting is strict, or nothing has shown that a person sits there, the code comes first.

    Raises:
        Invalid: the name, the address or the password can't be taken, or somebody has it.
        TooFast: too many accounts from this network.
    """
    name, address = check_username(username), check_address(email)
    check_new_password(password, context=context_words(name.key, address))
    if is_strict() or current_origin().is_unchecked:
        return begin_sign_up(name=name, address=address, password=password)
    if held := queries.taken_field(username=name.key, email=address):
        raise taken(f"uq_user_{held}")
    user_id = new_id()
    _count(user_id)
    person = NewPerson(name, address, hash_password(password), id=user_id)
    with one_of_a_kind(), transaction() as database:
        user = add_person(database, person)
        send_code(database, user)
        record(Act(user, "user.sign_up", "user", user.id, target_label=user.username))
        return open_session(database, user, remember=True, why=Event.SIGN_UP)


def _count(user_id: str) -> None:
    """Count the new account against its network, and its first code against its mails."""
    limits.count(
        throttles.hits_from_here(throttles.SIGN_UP_NETWORK)
        + throttles.hits_from_here(throttles.MAIL_NETWORK)
        + throttles.hits_of(user_id, throttles.CODE_MAIL)
    )
