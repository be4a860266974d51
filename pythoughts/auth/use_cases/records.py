"""What the use cases share: locks, the rows of a person, and the translation of duplicates."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import CursorResult, bindparam, delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as Database

from pythoughts import signals
from pythoughts.access import Role
from pythoughts.auth import queries
from pythoughts.auth.models import Account, PendingEmailChange, Purpose, User, Verification
from pythoughts.auth.names import Username
from pythoughts.auth.queries import CREDENTIAL
from pythoughts.config import current_settings
from pythoughts.db import new_id
from pythoughts.errors import Invalid, NotAllowed, NotFound
from pythoughts.i18n import Text, _
from pythoughts.services.passwords import PASSWORD_MIN, STAFF_PASSWORD_MIN
from pythoughts.text import is_storable, normalise

NAMES_LOCK = 20_261_120  # of PostgreSQL's advisory locks, those on usernames
REASON_MAX = 1_000  # characters
TAKEN = {
    "uq_user_username": ("username", _("This name is taken.")),
    "uq_user_email": ("email", _("Somebody has an account with this address already.")),
}
PERSON = (
    select(User)
    .where(User.id == bindparam("person_id"), User.deleted_at.is_(None))
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)
PASSWORD = (
    select(Account)
    .where(Account.user_id == bindparam("person_id"), Account.provider_id == CREDENTIAL)
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)
PERSON_WITH_PASSWORD = (
    select(User, Account)
    .join(Account, Account.user_id == User.id)
    .where(User.id == bindparam("person_id"), User.deleted_at.is_(None), Account.provider_id == CREDENTIAL)
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True)
class NewPerson:
    """Everything about a person who is about to exist."""

    username: Username
    email: str
    password: str | None = field(repr=False)  # hashed; None when they sign in elsewhere
    role: Role = Role.MEMBER
    verified: bool = False
    id: str = field(default_factory=new_id)


def add_person(database: Database, person: NewPerson) -> User:
    """A user with their credential; call it inside `one_of_a_kind`.

    Raises:
        Invalid: somebody gave the name up lately, so that it is kept for them.
    """
    hold_names(database, person.username.key)
    if queries.is_kept_for_another(person.username.key, None):
        raise taken("uq_user_username")
    user = User(
        id=person.id,
        name=person.username.shown,
        username=person.username.key,
        display_username=person.username.shown,
        email=person.email,
        email_verified=person.verified,
        role=person.role,
    )
    database.add(user)
    database.flush()  # the credential refers to the user
    if person.password is not None:
        set_password(database, user.id, person.password)
    signals.user_joined.send(user)
    return user


def hold_names(database: Database, *names: str) -> None:
    """Let nobody else take or give up these names until the transaction ends, in one order for everybody."""
    for name in sorted(names):
        database.execute(select(func.pg_advisory_xact_lock(NAMES_LOCK, func.hashtext(name))))


@contextmanager
def one_of_a_kind() -> Iterator[None]:
    """Two people asked for the same name or address at once: the constraint decides, the loser gets a sentence.

    Raises:
        Invalid: the name or the address is taken.
    """
    try:
        yield
    except IntegrityError as error:
        constraint = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
        if constraint not in TAKEN:
            raise
        raise taken(constraint) from None


def taken(constraint: str) -> Invalid:
    """The refusal of a name or an address that somebody has."""
    field_name, sentence = TAKEN[constraint]
    return Invalid(sentence, field=field_name)


def lock_user(database: Database, user_id: str) -> User:
    """The person, read anew and held until the transaction ends: whatever changes an account goes one by one.

    Raises:
        NotFound: the person is gone.
    """
    user = database.scalar(PERSON, {"person_id": user_id})
    if user is None:
        raise NotFound(_("There is no such member."))
    return user


def lock_credential(database: Database, user_id: str) -> Account | None:
    """The row with the password, read anew and held; lock the user first."""
    return database.scalar(PASSWORD, {"person_id": user_id})


def lock_with_credential(database: Database, user_id: str) -> tuple[User, Account] | None:
    """The person and the row with their password, read anew and held, the person first; None when either is gone."""
    return database.execute(PERSON_WITH_PASSWORD, {"person_id": user_id}).first()


def set_password(database: Database, user_id: str, hashed: str) -> None:
    """Keep a new hash, for an account that had no password too."""
    account = lock_credential(database, user_id)
    if account is None:
        account = Account(account_id=user_id, provider_id=CREDENTIAL, user_id=user_id)
        database.add(account)
    account.password = hashed


def mark_verified(user: User) -> None:
    """The address is proven; tell it once."""
    if not user.email_verified:
        user.email_verified = True
        signals.email_verified.send(user)


def end_proofs(database: Database, user_id: str) -> int:
    """Make every pending code and link of the person worthless; how many there were.

    What takes a change of address back stays: whoever got hold of the account could end it otherwise.
    """
    proofs = delete(Verification).where(
        Verification.user_id == user_id, Verification.purpose != Purpose.ADDRESS_CHANGED
    )
    waiting = (PendingEmailChange.user_id == user_id, PendingEmailChange.changed_at.is_(None))
    changes = delete(PendingEmailChange).where(*waiting)
    return rows_of(database.execute(proofs)) + rows_of(database.execute(changes))


def rows_of(result: object) -> int:
    """How many rows a statement changed."""
    return result.rowcount if isinstance(result, CursorResult) else 0


def require(allowed: bool) -> None:
    """Stop whoever has no right.

    Raises:
        NotAllowed: they have none.
    """
    if not allowed:
        raise NotAllowed(_("You may not do this to this account."))


def check_may_enter(user: User) -> None:
    """Keep out whoever is banned; only somebody who has proven to be them hears why.

    Raises:
        NotAllowed: with the reason, and the end if there is one.
    """
    if user.is_banned:
        raise NotAllowed(_banned(user))


def _banned(user: User) -> Text:
    reason = user.ban_reason or ""
    if user.ban_expires is None:
        return _("This account is banned. Reason: %(reason)s", reason=reason)
    until = f"{user.ban_expires:%Y-%m-%d %H:%M} UTC"
    return _("This account is banned until %(until)s. Reason: %(reason)s", until=until, reason=reason)


def check_reason(typed: str) -> str:
    """The reason as it goes to the audit log.

    Raises:
        Invalid: there is none, or it is too long.
    """
    reason = normalise(typed)
    if not reason:
        raise _bad_reason(_("Say why. The reason is kept in the audit log."))
    if len(reason) > REASON_MAX or not is_storable(reason):
        raise _bad_reason(_("Use at most %(count)d characters.", count=REASON_MAX))
    return reason


def _bad_reason(sentence: Text) -> Invalid:
    return Invalid(sentence, field="reason")


def password_minimum(role: str) -> int:
    """Fewest characters of a new password; staff need more."""
    return PASSWORD_MIN if role == Role.MEMBER else STAFF_PASSWORD_MIN


def context_words(username: str, email: str) -> list[str]:
    """What somebody who knows the person would try first."""
    return ["pythoughts", username, email, email.partition("@")[0], current_settings().public_url.partition("://")[2]]
