"""Who may keep the machinery going."""

from pythoughts.access import Actor, Permission, grants


def can_manage_jobs(actor: Actor) -> bool:
    """Whoever looks after the queue."""
    return grants(actor.role, Permission.JOB_MANAGE)


def can_manage_outbox(actor: Actor) -> bool:
    """Whoever looks after the mail."""
    return grants(actor.role, Permission.OUTBOX_MANAGE)
