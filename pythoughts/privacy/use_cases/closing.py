"""Close one's account: at once for everybody else, for good after some days of grace."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session as Database

from pythoughts import signals
from pythoughts.audit.use_cases import Act, record
from pythoughts.auth.models import Event, Session, User
from pythoughts.auth.queries import password_of
from pythoughts.auth.use_cases.confirming import prove_password, wrong_password
from pythoughts.auth.use_cases.history import note
from pythoughts.auth.use_cases.records import end_proofs, lock_credential
from pythoughts.auth.use_cases.sessions import end_sessions
from pythoughts.auth.use_cases.standing import keep_an_admin, lock_beside_admins
from pythoughts.clock import now
from pythoughts.db import transaction
from pythoughts.i18n import _
from pythoughts.mail.use_cases import send_later
from pythoughts.privacy.queries import CLOSE
from pythoughts.settings.queries import value_of
from pythoughts.settings.registry import define

GRACE_DAYS = define(
    "accounts.grace_days", 7, _("Days within which somebody can take back the deletion of their account."), most=90
)
CLOSED = "privacy/account_closed"
REOPENED = "privacy/account_reopened"


class PostsFate(StrEnum):
    """What becomes of somebody's posts when they are erased."""

    KEEP = "keep"
    REMOVE = "remove"


def close_account(*, actor: User, password: str, posts: PostsFate) -> datetime:
    """Sign `actor` out everywhere and let them be erased when the grace ends; signing in before then takes it back.

    Args:
        actor: whose account it is.
        password: typed again; an account without one has nothing to type.
        posts: what they want to become of their posts.

    Returns:
        When they will be erased.

    Raises:
        Invalid: the password is wrong, or was changed while it was compared.
        Conflict: nobody would be left to run the site.
        TooFast: too many wrong passwords for this account or from this network.
    """
    stored = password_of(actor.id)
    if stored is not None:
        prove_password(actor, password, stored, field="password")
    with transaction() as database:
        user = lock_beside_admins(database, actor)
        account = lock_credential(database, user.id)
        if (account.password if account else None) != stored:
            raise wrong_password("password")
        keep_an_admin(database, user)
        return _close(database, user, posts)


def _close(database: Database, user: User, posts: PostsFate) -> datetime:
    until = now() + timedelta(days=value_of(GRACE_DAYS))
    user.delete_after = until
    user.version += 1
    end_sessions(database, Session.user_id == user.id)
    end_proofs(database, user.id)
    send_later(template=CLOSED, user_id=user.id)
    after = {"posts": posts, "until": until.isoformat()}
    note(database, user, Event.ACCOUNT_CLOSED, actor=user)
    record(Act(user, CLOSE, "user", user.id, target_label=user.username, after=after))
    return until


@signals.account_reopened.connect
def tell_reopened(user: User) -> None:
    """Mail that the account is open again, so that nobody else keeps it alive unseen."""
    send_later(template=REOPENED, user_id=user.id)
