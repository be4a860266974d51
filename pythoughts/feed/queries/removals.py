"""What the audit log remembers of removed posts."""

from sqlalchemy import select

from pythoughts.audit.models import AuditLog
from pythoughts.db import db
from pythoughts.feed.models import PostState


def state_before_removal(post_id: str) -> str:
    """The state in which the last removal found the post; live when the log doesn't say."""
    found = db.session.scalar(
        select(AuditLog.before["state"].astext)
        .where(AuditLog.target_type == "post", AuditLog.target_id == post_id, AuditLog.action == "post.remove")
        .order_by(AuditLog.id.desc())
        .limit(1)
    )
    return found or PostState.LIVE
