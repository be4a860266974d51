"""Tell an address that it no longer belongs to an account."""

from datetime import timedelta

from sqlalchemy.orm import Session as Database

from pythoughts.auth.models import Purpose, User, Verification
from pythoughts.clock import now
from pythoughts.db import new_id
from pythoughts.mail.use_cases import send_later

LETTER = "auth/address_changed"
NOTICE_KEPT = timedelta(hours=72)


def tell_old_address(database: Database, user: User) -> None:
    """Write to the address that `user` has, before it changes.

    The outbox keeps ids only, so the address waits in a row of its own, which goes after 72 hours.
    """
    notice = Verification(
        id=new_id(),
        purpose=Purpose.ADDRESS_CHANGED,
        value=user.email,
        user_id=user.id,
        expires_at=now() + NOTICE_KEPT,
    )
    notice.identifier = f"{notice.purpose}:{notice.id}"
    database.add(notice)
    database.flush()  # the letter refers to it
    send_later(template=LETTER, user_id=user.id, ref_id=notice.id)
