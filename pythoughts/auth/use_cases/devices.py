"""Browsers that somebody has signed in from before: guesses of others do not slow them down."""

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session as Database

from pythoughts.auth.models import AuthEvent, KnownDevice, User
from pythoughts.auth.tokens import digest, is_device, new_device
from pythoughts.clock import now
from pythoughts.db import new_id
from pythoughts.mail.use_cases import send_later
from pythoughts.origin import current_origin

DEVICES_MAX = 20  # per person; the one used longest ago leaves
LETTER = "auth/new_device"


def greet_device(database: Database, user: User, event: AuthEvent) -> str:
    """Know this browser from now on, and write to its owner when it is new; what its cookie has to carry."""
    device = current_device()
    if device and _was_known(database, user, device):
        return device
    if user.email_verified:  # an address that nobody has proven may be a stranger's
        database.flush()  # the letter refers to the event
        send_later(template=LETTER, user_id=user.id, ref_id=event.id)
    return remember_device(database, user)


def current_device() -> str | None:
    """What the browser's cookie carries, unless we did not give it out and somebody else may know it."""
    device = current_origin().device
    return device if device and is_device(device) else None


def remember_device(database: Database, user: User) -> str:
    """Let the browser of this request be known; several people may share it. The caller holds `user`."""
    device = current_device() or new_device()
    row = insert(KnownDevice).values(id=new_id(), user_id=user.id, token=digest(device))
    database.execute(row.on_conflict_do_nothing())
    _drop_oldest(database, user)
    return device


def forget_devices(database: Database, user: User) -> None:
    """Know none of the browsers any more."""
    database.execute(delete(KnownDevice).where(KnownDevice.user_id == user.id))


def _was_known(database: Database, user: User, device: str) -> bool:
    row = database.scalar(
        select(KnownDevice).where(KnownDevice.user_id == user.id, KnownDevice.token == digest(device))
    )
    if row is not None:
        row.updated_at = now()
    return row is not None


def _drop_oldest(database: Database, user: User) -> None:
    newest_first = (
        select(KnownDevice.id)
        .where(KnownDevice.user_id == user.id)
        .order_by(KnownDevice.updated_at.desc(), KnownDevice.id.desc())
    )
    surplus = delete(KnownDevice).where(KnownDevice.id.in_(newest_first.offset(DEVICES_MAX)))
    database.execute(surplus, execution_options={"synchronize_session": False})
