"""Who may take away whose picture."""

from pythoughts.access import Permission, can_act_on, grants
from pythoughts.auth.models import User


def can_remove_picture(actor: User, target: User) -> bool:
    """Whether `actor` may, as staff, remove the picture that `target` has uploaded."""
    return grants(actor.role, Permission.PICTURE_REMOVE) and can_act_on(actor, target)
