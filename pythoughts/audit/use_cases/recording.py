"""Write down what was done, in the transaction that does it."""

from dataclasses import dataclass, field
from typing import Any

from pythoughts.audit.models import AuditLog, AuditPersonal
from pythoughts.db import transaction
from pythoughts.origin import Origin, current_origin


@dataclass(frozen=True)
class Act:
    """One thing done to one target.

    Attributes:
        actor: the user who did it, or None for the command line and for jobs.
        action: `<target>.<verb>`, as in "post.remove".
        target_type: the kind of thing: "user", "post", "session", "verification".
        target_id: its key.
        target_label: what people call it; personal, so erasable.
        reason: what the actor typed; personal, so erasable.
        before: what changed, as it was: ids and values that are nobody's personal data.
        after: the same as it became.
        op_id: shared by the acts of one bulk operation.
    """

    actor: Any | None
    action: str
    target_type: str
    target_id: str
    target_label: str | None = None
    reason: str | None = None
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    op_id: str | None = None


def record(act: Act) -> None:
    """Append one row for `act`; it commits or vanishes with the change it describes.

    The request's id and address come from the origin of the work at hand; jobs and the command line have none.
    """
    origin = current_origin()
    with transaction() as session:
        row = AuditLog(
            actor_id=act.actor.id if act.actor else None,
            action=act.action,
            target_type=act.target_type,
            target_id=act.target_id,
            op_id=act.op_id,
            before=act.before,
            after=act.after,
            request_id=origin.request_id,
        )
        session.add(row)
        session.flush()  # the personal part needs row.id
        session.add(_personal(row.id, act, origin))


def _personal(audit_id: int, act: Act, origin: Origin) -> AuditPersonal:
    return AuditPersonal(
        audit_id=audit_id,
        actor_label=act.actor.username if act.actor else None,
        target_label=act.target_label,
        reason=act.reason,
        ip_address=origin.ip_address,
    )
