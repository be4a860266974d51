"""What is told when something happens, in the transaction in which it happens."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from pythoughts.db import transaction
from pythoughts.feed.models import Post
from pythoughts.notifications.models import NoticeKind
from pythoughts.notifications.use_cases.announcing import announce, tell
from pythoughts.notifications.use_cases.reading import mark_answered
from pythoughts.signals import (
    letter_queued,
    post_created,
    post_edited,
    post_held,
    post_released,
    post_removed,
    post_restored,
    reports_decided,
)

SECURITY = frozenset(
    {
        "auth/account_connected",
        "auth/account_disconnected",
        "auth/account_reset",
        "auth/email_changed",
        "auth/impersonated",
        "auth/new_device",
        "auth/passkey_added",
        "auth/passkey_removed",
        "auth/password_changed",
        "auth/recovery_code_used",
        "auth/recovery_codes_renewed",
        "auth/two_factor_off",
        "auth/two_factor_on",
        "privacy/account_reopened",
    }
)
"""Letters that tell what happened to an account: whoever can't be reached by mail finds it here as well."""
OUTCOMES = {
    "agreed": NoticeKind.REPORT_AGREED,
    "disagreed": NoticeKind.REPORT_DISAGREED,
    "gone": NoticeKind.REPORT_GONE,
}


@post_created.connect
def tell_of_post(post_id: str, *, author_id: str, reply_to_id: str | None) -> None:
    """Whom it answers and names; whoever answers has read what they answer."""
    announce(post_id)
    if reply_to_id is not None:
        with transaction() as session:
            mark_answered(session, author_id=author_id, post_id=reply_to_id)


@post_edited.connect
def tell_of_edit(post_id: str, **_rest: Any) -> None:
    """Whom the new text names for the first time."""
    announce(post_id)


@post_released.connect
def tell_of_release(post_id: str, **_rest: Any) -> None:
    """Its author, and then everybody who would have heard of it at once."""
    _tell_author(post_id, NoticeKind.POST_RELEASED)
    announce(post_id)


@post_restored.connect
def tell_of_restoring(post_id: str, **_rest: Any) -> None:
    """The same, for a post that comes back."""
    _tell_author(post_id, NoticeKind.POST_RESTORED)
    announce(post_id)


@post_removed.connect
def tell_of_removal(post_id: str, *, reason: str | None = None, **_rest: Any) -> None:
    """Its author, with the reason."""
    _tell_author(post_id, NoticeKind.POST_REMOVED, reason=reason)


@post_held.connect
def tell_of_hold(post_id: str, *, reason: str | None = None, **_rest: Any) -> None:
    """Its author, with the reason when somebody gave one."""
    _tell_author(post_id, NoticeKind.POST_HELD, reason=reason)


@reports_decided.connect
def tell_reporters(
    _item_id: str, *, reporter_ids: Sequence[str], outcome: str, about: tuple[str | None, str | None]
) -> None:
    """Everybody who reported it, what became of that."""
    post_id, person_id = about
    with transaction() as session:
        author = select(Post.user_id).where(Post.id == post_id)
        person_id = person_id or session.scalar(author)
        tell(session, OUTCOMES[outcome], reporter_ids, person_id=person_id, post_id=post_id)


@letter_queued.connect
def tell_of_letter(template: str, *, user_id: str | None) -> None:
    """The reader of a letter about the safety of their account."""
    if template in SECURITY and user_id is not None:
        with transaction() as session:
            tell(session, NoticeKind.SECURITY, [user_id], letter=template)


def _tell_author(post_id: str, kind: NoticeKind, reason: str | None = None) -> None:
    with transaction() as session:
        author_id = session.scalars(select(Post.user_id).where(Post.id == post_id)).one()
        tell(session, kind, [author_id], post_id=post_id, reason=reason)
