"""Who may decide what is watched for."""

from pythoughts.access import Actor, Permission, grants


def can_manage_words(actor: Actor) -> bool:
    """Staff may."""
    return grants(actor.role, Permission.WORD_MANAGE)
