"""What the audit log tells of a person: their own acts with where they came from, and what was done to them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, case, or_, select, update
from sqlalchemy.orm import Session

from pythoughts.audit.models import AuditLog, AuditPersonal
from pythoughts.clock import now
from pythoughts.i18n import _
from pythoughts.personal import Farewell, Part


def _rows(user_id: str) -> Select[Any]:
    """Who of the staff acted, and what they wrote about it, is theirs to tell."""
    own = AuditLog.actor_id == user_id
    about = and_(AuditLog.target_type == "user", AuditLog.target_id == user_id)
    columns = (
        AuditLog.at,
        AuditLog.action,
        case((own, "you"), else_="staff").label("by"),
        AuditLog.target_type,
        AuditLog.target_id,
        case((own, AuditPersonal.ip_address)).label("ip_address"),
    )
    joined = select(*columns).outerjoin(AuditPersonal, AuditPersonal.audit_id == AuditLog.id)
    return joined.where(or_(own, about)).order_by(AuditLog.id)


def _erase(session: Session, farewell: Farewell) -> None:
    """The acts stay, with ids; names, addresses and reasons go."""
    acted = select(AuditLog.id).where(AuditLog.actor_id == farewell.user_id)
    about = select(AuditLog.id).where(AuditLog.target_type == "user", AuditLog.target_id == farewell.user_id)
    labels = {label for name in farewell.names for label in (name, f"@{name}")}
    named = select(AuditLog.id).join(AuditPersonal, AuditPersonal.audit_id == AuditLog.id)
    things = named.where(AuditPersonal.target_label.in_(labels), AuditLog.target_type != "user")
    rows = update(AuditPersonal)
    session.execute(
        rows.where(AuditPersonal.audit_id.in_(acted)).values(actor_label=None, ip_address=None, erased_at=now())
    )
    told = or_(AuditPersonal.audit_id.in_(about), AuditPersonal.audit_id.in_(things))
    session.execute(rows.where(told).values(target_label=None, reason=None, erased_at=now()))


def _forget_addresses(session: Session, before: datetime) -> None:
    old = select(AuditLog.id).where(AuditLog.at < before)
    known = (AuditPersonal.ip_address.is_not(None), AuditPersonal.audit_id.in_(old))
    session.execute(update(AuditPersonal).where(*known).values(ip_address=None))


PARTS = (
    Part("audit_log", _("What was done"), rows=_rows),
    Part(
        "audit_personal",
        withheld="the addresses of one's own acts come with audit_log; the rest was written by others",
        erase=_erase,
        forget_addresses=_forget_addresses,
    ),
)
