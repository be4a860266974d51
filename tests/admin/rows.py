"""What the tests of the back office look up."""

import re
from typing import Any

from sqlalchemy import func, select
from werkzeug.test import TestResponse

from pythoughts.audit.models import AuditLog, AuditPersonal
from pythoughts.auth.models import Session, User
from pythoughts.db import db
from pythoughts.feed.models import Post

HTMX = {"HX-Request": "true"}


def state_of(post: Post) -> str:
    """The state of a post as it is now."""
    db.session.rollback()
    return db.session.scalar(select(Post.state).where(Post.id == post.id))


def fresh(user: User) -> User:
    """The person as they are now."""
    db.session.rollback()
    return db.session.scalars(select(User).where(User.id == user.id).execution_options(populate_existing=True)).one()


def sessions_of(user: User) -> int:
    """How many sessions somebody has."""
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Session).where(Session.user_id == user.id))


def session_of(user: User) -> Session:
    """The newest session of somebody."""
    return db.session.scalars(select(Session).where(Session.user_id == user.id).order_by(Session.id.desc())).first()


def acts() -> list[tuple[Any, ...]]:
    """What the audit log says, oldest first: action, actor, target, reason."""
    db.session.rollback()
    columns = select(AuditLog.action, AuditLog.actor_id, AuditLog.target_id, AuditPersonal.reason)
    rows = columns.join(AuditPersonal, AuditPersonal.audit_id == AuditLog.id).order_by(AuditLog.id)
    return [tuple(row) for row in db.session.execute(rows)]


def shown(answer: TestResponse, pattern: str) -> list[str]:
    """What the page has in the place of the pattern's group, in order and each once."""
    return list(dict.fromkeys(re.findall(pattern, answer.text)))


def turn(answer: TestResponse, rel: str) -> str | None:
    """The address of the next or of the previous page."""
    found = re.search(rf'href="([^"]+)" rel="{rel}"', answer.text)
    return found[1].replace("&amp;", "&") if found else None
