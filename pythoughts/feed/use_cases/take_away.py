"""Take a post out of sight: its author deletes it, a moderator removes or holds it and may put it back."""

from typing import Any

from pythoughts.audit.use_cases import Act, record
from pythoughts.auth.models import User
from pythoughts.auth.use_cases.records import check_reason
from pythoughts.clock import now
from pythoughts.db import transaction
from pythoughts.errors import Conflict, NotAllowed
from pythoughts.feed.models import Post, PostState
from pythoughts.feed.permissions import can_delete, can_moderate
from pythoughts.feed.queries.removals import state_before_removal
from pythoughts.feed.use_cases.holding import hold, move, refuse_stranger
from pythoughts.i18n import _
from pythoughts.signals import post_deleted, post_held, post_released, post_removed, post_restored


def delete_own_post(*, actor: User, post_id: str) -> None:
    """Let an author take a post away for good; replies to it keep their place. A second time changes nothing.

    Raises:
        NotFound: there is no such post, or it is held and somebody else's.
        NotAllowed: it is somebody else's.
        Conflict: a moderator has removed it.
    """
    with transaction() as session:
        post = hold(session, post_id)
        if not can_delete(actor, post):
            refuse_stranger(post, _("Only its author can delete this thought."))
        if post.state == PostState.REMOVED:
            raise Conflict(_("A moderator has removed this thought already."))
        if post.state != PostState.DELETED:
            move(session, post, PostState.DELETED)
            post.deleted_at, post.deleted_by = now(), actor.id
            post_deleted.send(post.id)


def remove_post(*, actor: User, post_id: str, reason: str, op_id: str | None = None) -> None:
    """Let a moderator hide a post from everybody; a second time changes nothing.

    Args:
        actor: a moderator or an admin.
        post_id: a live, held or removed post.
        reason: why; it goes to the audit log too.
        op_id: shared by all posts that one bulk operation removes.

    Raises:
        NotFound: there is no such post.
        NotAllowed: the actor is no moderator, or the author's rank is not below theirs.
        Invalid: the reason is missing or too long.
        Conflict: its author has deleted it.
    """
    cause = check_reason(reason)
    with transaction() as session:
        post = hold(session, post_id)
        _require_rank(actor, post)
        before = post.state
        if before != PostState.REMOVED:
            move(session, post, PostState.REMOVED)
            post.deleted_at, post.deleted_by = now(), actor.id
            post.delete_reason, post.removed_op = cause, op_id
            record(Act(actor, "post.remove", reason=cause, before={"state": before}, op_id=op_id, **_target(post)))
            post_removed.send(post.id, actor=actor, reason=cause)


def restore_post(*, actor: User, post_id: str, op_id: str | None = None) -> None:
    """Put a removed post back into the state that it had before; a second time changes nothing.

    Args:
        actor: a moderator or an admin.
        post_id: a removed post.
        op_id: shared by all posts that one bulk operation restores.

    Raises:
        NotFound: there is no such post.
        NotAllowed: the actor is no moderator, or the author's rank is not below theirs.
        Conflict: its author has deleted it.
    """
    with transaction() as session:
        post = hold(session, post_id)
        _require_rank(actor, post)
        if post.state == PostState.REMOVED:
            move(session, post, state_before_removal(post.id))
            post.deleted_at = post.deleted_by = post.delete_reason = post.removed_op = None
            record(Act(actor, "post.restore", before={"state": PostState.REMOVED}, op_id=op_id, **_target(post)))
            post_restored.send(post.id)


def hold_post(*, actor: User | None, post_id: str, reason: str, op_id: str | None = None) -> None:
    """Hide a live post from all but its author and staff until a moderator has looked; a second time changes nothing.

    Args:
        actor: a moderator or an admin; None when reports or the site itself ask for it.
        post_id: a live or held post.
        reason: why; it goes to the audit log.
        op_id: shared by all posts that one bulk operation holds.

    Raises:
        NotFound: there is no such post.
        NotAllowed: the actor is no moderator, or the author's rank is not below theirs.
        Invalid: the reason is missing or too long.
        Conflict: it was removed or deleted.
    """
    cause = check_reason(reason)
    with transaction() as session:
        post = hold(session, post_id)
        if actor is not None:
            _require_rank(actor, post)
        if post.state in {PostState.REMOVED, PostState.DELETED}:
            raise Conflict(_("This thought was taken away."))
        if post.state == PostState.LIVE:
            move(session, post, PostState.HELD)
            before = {"state": PostState.LIVE}
            record(Act(actor, "post.hold", reason=cause, before=before, op_id=op_id, **_target(post)))
            post_held.send(post.id, reason=cause if actor else None)


def release_post(*, actor: User, post_id: str, op_id: str | None = None) -> None:
    """Show a held post to everybody; a second time changes nothing.

    Args:
        actor: a moderator or an admin.
        post_id: a held or live post.
        op_id: shared by all posts that one bulk operation releases.

    Raises:
        NotFound: there is no such post.
        NotAllowed: the actor is no moderator, or the author's rank is not below theirs.
        Conflict: it was removed or deleted.
    """
    with transaction() as session:
        post = hold(session, post_id)
        _require_rank(actor, post)
        if post.state == PostState.REMOVED:
            raise Conflict(_("A moderator has removed this thought already."))
        if post.state == PostState.HELD:
            move(session, post, PostState.LIVE)
            record(Act(actor, "post.release", before={"state": PostState.HELD}, op_id=op_id, **_target(post)))
            post_released.send(post.id)


def _require_rank(actor: User, post: Post) -> None:
    if not can_moderate(actor, post.author):
        raise NotAllowed(_("You may not act on a thought by this person."))
    if post.state == PostState.DELETED:
        raise Conflict(_("Its author has deleted this thought."))


def _target(post: Post) -> dict[str, Any]:
    """What the audit log says of the post once it has changed."""
    return {
        "target_type": "post",
        "target_id": post.id,
        "target_label": f"@{post.author.username}",
        "after": {"state": post.state},
    }
