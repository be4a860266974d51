"""Who may report what, and who decides."""

from pythoughts.access import Actor, Permission, can_act_on, grants
from pythoughts.auth.models import User


def can_report(actor: User, other: User) -> bool:
    """Everybody who is here may report everybody else, whoever has blocked whom."""
    return actor.is_active and actor.id != other.id


def can_decide(actor: Actor) -> bool:
    """Staff decide about reports."""
    return grants(actor.role, Permission.REPORT_DECIDE)


def can_review(actor: Actor, other: Actor) -> bool:
    """They do about people of a lower rank."""
    return can_decide(actor) and can_act_on(actor, other)
