"""One-time links to a form that sets a new password."""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session as Database

from pythoughts.auth.models import Purpose, User, Verification
from pythoughts.auth.tokens import digest, link_token, new_nonce
from pythoughts.clock import now
from pythoughts.config import current_settings
from pythoughts.db import transaction
from pythoughts.errors import Gone
from pythoughts.i18n import _

LINK_LIFETIME = timedelta(hours=1)


def make_link(database: Database, user: User, purpose: Purpose) -> Verification:
    """A pending link; earlier ones stay good until one of them is used."""
    link = Verification(purpose=purpose, user_id=user.id)
    _start(link)
    database.add(link)
    database.flush()  # the letter refers to it
    return link


def current_url(*, link: Verification) -> str:
    """What to mail now: when the mail was so late that the link has expired, it starts anew."""
    with transaction():
        if link.expires_at <= now():
            _start(link)
        return url_of(link)


def _start(link: Verification) -> None:
    link.value = new_nonce()
    link.identifier = digest(link_token(link))
    link.expires_at = now() + LINK_LIFETIME


def url_of(link: Verification) -> str:
    """What its owner clicks; never from the Host header, which anybody can send."""
    return f"{current_settings().public_url}/reset-password/{link_token(link)}"


def use_up(database: Database, link: Verification) -> None:
    """Let the link work no more.

    Raises:
        Gone: somebody was faster.
    """
    if database.scalar(delete(Verification).where(Verification.id == link.id).returning(Verification.id)) is None:
        raise gone()


def gone() -> Gone:
    """What anybody hears whose link opens nothing, whatever the reason."""
    return Gone(_("This link works no longer. Links work once, and for one hour."))
