"""Who may do what with posts."""

from pythoughts.access import Permission, can_act_on, grants
from pythoughts.auth.models import User
from pythoughts.clock import now
from pythoughts.feed.models import Post


def is_silenced(author: User) -> bool:
    """Whether the author may read but not write at the moment."""
    return author.silenced_until is not None and author.silenced_until > now()


def can_delete(actor: User, post: Post) -> bool:
    """Everybody takes away their own posts, and nobody else's."""
    return actor.id == post.user_id


def can_moderate(actor: User, author: User) -> bool:
    """Staff may remove and restore what people of a lower rank wrote."""
    return grants(actor.role, Permission.POST_MODERATE) and can_act_on(actor, author)
