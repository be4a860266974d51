"""Browsers that somebody has signed in from before: guesses of others do not slow them down."""

from typing import cast

from sqlalchemy import Table, bindparam, delete, select, update
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
USED_AGAIN = (  # made once, like everything that each sign-in sends
    update(cast("Table", KnownDevice.__table__))
    .where(KnownDevice.user_id == bindparam("owner"), KnownDevice.token == bindparam("digest"))
    .values(updated_at=bindparam("moment"))
    .returning(KnownDevice.id)
)


def use_device(database: Database, user: User) -> str | None:
    """What the cookie of this browser carries, when `user` has signed in there before; it counts as used again."""
    device = current_device()
    if device is None:
        return None
    values = {"owner": user.id, "digest": digest(device), "moment": now()}
    return device if database.scalar(USED_AGAIN, values) else None


def tell_of_device(database: Database, user: User, event: AuthEvent) -> None:
    """Write to `user` that somebody has signed in at a browser that was not known, which `event` tells of."""
    if user.email_verified:  # an address that nobody has proven may be a stranger's
        database.flush()  # the letter refers to the event
        send_later(template=LETTER, user_id=user.id, ref_id=event.id)


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


def _drop_oldest(database: Database, user: User) -> None:
    newest_first = (
        select(KnownDevice.id)
        .where(KnownDevice.user_id == user.id)
        .order_by(KnownDevice.updated_at.desc(), KnownDevice.id.desc())
    )
    surplus = delete(KnownDevice).where(KnownDevice.id.in_(newest_first.offset(DEVICES_MAX)))
    database.execute(surplus, execution_options={"synchronize_session": False})
