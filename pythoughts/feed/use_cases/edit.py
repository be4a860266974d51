"""Change what a post says, for a while, and keep what it said."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from pythoughts.access import Role
from pythoughts.auth.models import User
from pythoughts.auth.throttles import hits_of
from pythoughts.clock import now
from pythoughts.db import transaction
from pythoughts.errors import Conflict, Gone, NotAllowed
from pythoughts.feed.models import Post, PostRevision, PostState
from pythoughts.feed.permissions import can_edit
from pythoughts.feed.use_cases.holding import hold, move, refuse_stranger
from pythoughts.feed.use_cases.publish import clean_message, hold_author, require_voice, verdict_on
from pythoughts.i18n import _
from pythoughts.limits.use_cases import count
from pythoughts.settings.limits import throttle
from pythoughts.signals import post_edited, post_watched
from pythoughts.words.judging import Verdict

EDITS = (throttle("edit", 20, 60, _("Edits of one account within a minute.")),)


def edit_post(*, actor: User, post_id: str, message: str, version: int | None = None) -> None:
    """Let an author change a live or held post; the same text again changes nothing.

    Args:
        actor: its author.
        post_id: the post.
        message: the whole new text, under the rules of a new post.
        version: of the post when the author opened it; None replaces whatever it says now.

    Raises:
        NotAllowed: it is somebody else's, the time to edit is over, or the author may not write at the moment.
        Invalid: the text is empty, too long, can't be stored or holds a blocked word.
        NotFound, Gone: there is no such post, or it was taken away.
        Conflict: its text was changed after the author opened it.
        TooFast: they edit too often.
    """
    require_voice(actor)
    text = clean_message(message)
    verdict = verdict_on(text, actor)
    count(hits_of(actor.id, EDITS) if actor.role == Role.MEMBER else [])
    with transaction() as session:
        hold_author(session, actor.id)
        post = hold(session, post_id)
        require_editable(actor, post)
        if post.message != text:
            _require_unchanged(session, post, version)
            _replace(session, post, text)
            _settle(session, post, verdict)


def require_editable(actor: User, post: Post) -> None:
    """Say why somebody may not change a post, if so.

    Raises:
        NotFound: it is held and somebody else's.
        NotAllowed: it is somebody else's, or too old.
        Gone: it was taken away.
    """
    if actor.id != post.user_id:
        refuse_stranger(post, _("Only its author can edit this thought."))
    if post.state not in {PostState.LIVE, PostState.HELD}:
        raise Gone(_("This thought was taken away."), field="message")
    if not can_edit(actor, post):
        raise NotAllowed(_("The time to edit this thought is over. You can reply to it instead."), field="message")


def _require_unchanged(session: Session, post: Post, version: int | None) -> None:
    """A change of state makes a new version too, but takes nobody's words."""
    if version is None:
        return
    later = exists().where(PostRevision.post_id == post.id, PostRevision.post_version >= version)
    if session.scalar(select(later)):
        raise Conflict(
            _("This thought was changed after you opened it. Compare, then save again to replace it."), field="message"
        )


def _replace(session: Session, post: Post, text: str) -> None:
    written_at = post.edited_at or post.created_at
    session.add(PostRevision(post_id=post.id, post_version=post.version, message=post.message, written_at=written_at))
    post.message, post.edited_at = text, now()


def _settle(session: Session, post: Post, verdict: Verdict) -> None:
    """Hold back what has to be looked at first; tell of the rest, and staff of what the word filter noticed."""
    if verdict.holds and post.state == PostState.LIVE:
        move(session, post, PostState.HELD)
    else:
        post.version += 1
    session.flush()
    if post.state == PostState.LIVE:
        post_edited.send(post.id, author_id=post.user_id, reply_to_id=post.reply_to_id)
    if noticed := verdict.holds or verdict.flags:
        post_watched.send(post.id, word_id=noticed.word.id, is_held=post.state == PostState.HELD)
