"""What belongs to one person: the newest of everything, and how much there is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, Subquery, and_, func, literal, or_, select

from pythoughts.access import Permission
from pythoughts.admin import outbox, posts, sessions, verifications
from pythoughts.admin.listing import capped
from pythoughts.audit.models import AuditLog
from pythoughts.audit.queries import acts
from pythoughts.auth.models import AuthEvent, Session, User, Verification
from pythoughts.auth.queries import list_events
from pythoughts.db import db
from pythoughts.feed.models import Post, PostState
from pythoughts.mail.models import OutboxMail

SHOWN = 5  # of each kind
ACTS_SHOWN = 20
POSTS_CONSIDERED = 10_000  # of one person, newest first
REMOVED_CONSIDERED = 100  # removed thoughts whose acts are looked up
MODERATION = ("user.ban", "user.unban")  # what moderators hear of what was done to a person


@dataclass(frozen=True)
class Belongings:
    """How much of everything a person has.

    Attributes:
        thoughts: live ones among the newest POSTS_CONSIDERED of their posts, as are replies and removed ones.
        more: whether counting stopped there, so that they may have more.
        sessions: open ones.
        verifications: pending ones.
    """

    thoughts: int
    replies: int
    removed: int
    more: bool
    sessions: int
    verifications: int


def count_belongings(user_id: str) -> Belongings:
    """All counts in one statement, in a time that does not grow with what somebody has written."""
    some = _newest_of(user_id)
    live, is_reply = some.c.state == PostState.LIVE, some.c.reply_to_id.is_not(None)
    statement = select(
        func.count().filter(live, ~is_reply),
        func.count().filter(live, is_reply),
        func.count().filter(some.c.state == PostState.REMOVED),
        func.count() == POSTS_CONSIDERED,
        _count(select(literal(1)).where(Session.user_id == user_id, sessions.IS_OPEN)),
        _count(select(literal(1)).where(Verification.user_id == user_id, *verifications.IS_PROOF)),
    )
    return Belongings(*db.session.execute(statement.select_from(some)).one())


def _newest_of(user_id: str) -> Subquery:
    facts = select(Post.id, Post.state, Post.reply_to_id).where(Post.user_id == user_id)
    return facts.order_by(Post.id.desc()).limit(POSTS_CONSIDERED).subquery()


def newest_posts(user_id: str) -> Sequence[Row[Any]]:
    """The last thoughts and replies, whatever their state."""
    return _newest(posts.ROWS.where(Post.user_id == user_id), Post.id)


def newest_sessions(user_id: str) -> Sequence[Row[Any]]:
    """The open sessions, the one used last first."""
    return _newest(sessions.ROWS.where(Session.user_id == user_id, sessions.IS_OPEN), Session.updated_at)


def newest_verifications(user_id: str) -> Sequence[Row[Any]]:
    """The pending proofs."""
    return _newest(verifications.ROWS.where(Verification.user_id == user_id, *verifications.IS_PROOF), Verification.id)


def newest_mails(user_id: str) -> Sequence[Row[Any]]:
    """The last letters."""
    return _newest(outbox.ROWS.where(OutboxMail.user_id == user_id), OutboxMail.id)


def newest_events(user_id: str) -> Sequence[AuthEvent]:
    """The last lines of the sign-in history."""
    return list_events(user_id)[:SHOWN]


def history_of_person(user_id: str, *, reader: User) -> Sequence[Row[Any]]:
    """What was done to a person and to what they wrote; moderators hear of moderation only."""
    some = _newest_of(user_id)
    newest_removed = select(some.c.id).where(some.c.state == PostState.REMOVED).limit(REMOVED_CONSIDERED)
    to_posts = and_(AuditLog.target_type == "post", AuditLog.target_id.in_(newest_removed))
    to_person = [AuditLog.target_type == "user", AuditLog.target_id == user_id]
    if not reader.can(Permission.AUDIT_VIEW):
        to_person.append(AuditLog.action.in_(MODERATION))
    statement = acts().where(or_(to_posts, and_(*to_person)))
    return db.session.execute(statement.order_by(AuditLog.id.desc()).limit(ACTS_SHOWN)).all()


def _newest(statement: Select[Any], order: ColumnElement[Any] | Any) -> Sequence[Row[Any]]:
    return db.session.execute(statement.order_by(order.desc()).limit(SHOWN)).all()


def _count(statement: Select[Any]) -> ScalarSelect[Any]:
    return select(func.count()).select_from(capped(statement)).scalar_subquery()
