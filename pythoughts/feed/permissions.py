"""Who may do what with posts."""

from datetime import datetime, timedelta

from pythoughts.access import Permission, can_act_on, grants
from pythoughts.auth.models import User
from pythoughts.clock import now
from pythoughts.feed.models import Post
from pythoughts.i18n import _
from pythoughts.settings.queries import value_of
from pythoughts.settings.registry import define

EDIT_HOURS = define(
    "posts.edit_hours", 6, _("Hours in which people may edit what they wrote; 0 for never."), most=8_760
)


def is_silenced(author: User) -> bool:
    """Whether the author may read but not write at the moment."""
    return author.silenced_until is not None and author.silenced_until > now()


def can_delete(actor: User, post: Post) -> bool:
    """Everybody takes away their own posts, and nobody else's."""
    return actor.id == post.user_id


def can_edit(actor: User, post: Post) -> bool:
    """Everybody changes their own posts, and nobody else's, for some hours."""
    return actor.id == post.user_id and is_young(post.created_at)


def is_young(created_at: datetime) -> bool:
    """Whether a post of that time may still be changed."""
    return created_at > now() - timedelta(hours=value_of(EDIT_HOURS))


def can_moderate(actor: User, author: User) -> bool:
    """Staff may remove and restore what people of a lower rank wrote."""
    return grants(actor.role, Permission.POST_MODERATE) and can_act_on(actor, author)
