"""Who may report what, and who decides."""

from pythoughts.access import Permission, can_act_on, grants
from pythoughts.auth.models import User


def can_report(actor: User, other: User) -> bool:
    """Everybody who is here may report everybody else, whoever has blocked whom."""
    return actor.is_active and actor.id != other.id


def can_review(actor: User, other: User) -> bool:
    """Staff decide about people of a lower rank."""
    return grants(actor.role, Permission.REPORT_DECIDE) and can_act_on(actor, other)
