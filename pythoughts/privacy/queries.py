"""Reads of what people asked for: exports, and accounts whose time is over."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select

from pythoughts.audit.models import AuditLog, AuditPersonal
from pythoughts.auth.models import AuthEvent, DataExport, Session, User, UsernameHistory
from pythoughts.auth.tokens import digest
from pythoughts.clock import now
from pythoughts.db import db
from pythoughts.errors import NotFound
from pythoughts.i18n import _
from pythoughts.limits.use_cases import network
from pythoughts.personal import Farewell

CLOSE = "user.close"  # the act that tells what the person wanted to become of their posts


def list_exports(user_id: str) -> Sequence[DataExport]:
    """Somebody's exports that are under way, ready or failed, the newest first."""
    living = (DataExport.user_id == user_id, DataExport.expires_at.is_(None) | (DataExport.expires_at > now()))
    return db.session.scalars(select(DataExport).where(*living).order_by(DataExport.id.desc())).all()


def get_ready_export(export_id: str, *, owner: User) -> DataExport:
    """The archive that its owner may download now.

    Raises:
        NotFound: there is none, it is somebody else's, it is not ready, or its week is over.
    """
    wanted = (DataExport.id == export_id, DataExport.user_id == owner.id, DataExport.expires_at > now())
    export = db.session.scalar(select(DataExport).where(*wanted, DataExport.state == "ready"))
    if export is None:
        raise NotFound(_("There is no such export. It may have been deleted after its time."))
    return export


def expired_exports(before: datetime) -> Sequence[DataExport]:
    """Exports whose time is over, and those asked for `before` that came to nothing."""
    stuck = and_(DataExport.state != "ready", DataExport.created_at < before)
    return db.session.scalars(select(DataExport).where(or_(DataExport.expires_at <= now(), stuck))).all()


def due_for_erasure(moment: datetime) -> Sequence[str]:
    """Ids of the people whose grace has ended by then."""
    return db.session.scalars(select(User.id).where(User.delete_after <= moment).order_by(User.delete_after)).all()


def wants_posts_removed(user_id: str) -> bool:
    """What the person chose when they closed the account last."""
    chosen = db.session.scalar(
        select(AuditLog.after["posts"].astext)
        .where(AuditLog.target_type == "user", AuditLog.target_id == user_id, AuditLog.action == CLOSE)
        .order_by(AuditLog.id.desc())
        .limit(1)
    )
    return chosen == "remove"


def farewell_of(user: User, *, removes_posts: bool) -> Farewell:
    """Everything by which the traces of `user` are found."""
    former = db.session.scalars(select(UsernameHistory.username).where(UsernameHistory.user_id == user.id))
    traces = {user.id, digest(user.email), *map(network, _addresses_of(user.id))}
    names = frozenset(name for name in (user.username, *former) if name)
    return Farewell(user.id, names, frozenset(traces), removes_posts)


def _addresses_of(user_id: str) -> set[str]:
    acted = select(AuditPersonal.ip_address).join(AuditLog, AuditLog.id == AuditPersonal.audit_id)
    sources = (
        select(Session.ip_address).where(Session.user_id == user_id),
        select(AuthEvent.ip_address).where(AuthEvent.user_id == user_id),
        acted.where(AuditLog.actor_id == user_id),
    )
    return {address for source in sources for address in db.session.scalars(source.distinct()) if address}
