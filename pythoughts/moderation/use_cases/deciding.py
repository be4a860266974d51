"""Decide what becomes of one item of the review queue."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from pythoughts.audit.use_cases import Act, record
from pythoughts.auth.models import User
from pythoughts.auth.use_cases.records import REASON_MAX, check_reason
from pythoughts.clock import now
from pythoughts.db import new_id, transaction
from pythoughts.errors import Conflict, Invalid, NotAllowed
from pythoughts.feed.models import Post, PostState
from pythoughts.feed.use_cases import hold_post, release_post, remove_post
from pythoughts.i18n import _
from pythoughts.moderation.models import ItemState, Outcome, ReviewItem, Verdict
from pythoughts.moderation.permissions import can_review
from pythoughts.moderation.use_cases.items import Case, close_item, hold_case, set_aside, snapshot
from pythoughts.text import is_storable, normalise

CLOSING = {
    Verdict.APPROVE: ("review.disagree", Outcome.DISAGREED),
    Verdict.REMOVE: ("review.agree", Outcome.AGREED),
    Verdict.AGREE: ("review.agree", Outcome.AGREED),
    Verdict.IGNORE: ("review.ignore", None),
}
"""Verdicts that take an item out of the queue: what the audit log calls each, and what its reporters hear."""
ABOUT_POSTS = frozenset({Verdict.REMOVE, Verdict.HOLD, Verdict.RELEASE})
MOVES_FROM = {Verdict.HOLD: PostState.LIVE, Verdict.RELEASE: PostState.HELD}


@dataclass(frozen=True)
class Decision:
    """What somebody wants done.

    Attributes:
        item_id: the key of the item.
        version: the one that they read.
        verdict: what to do.
        reason: why; it may be empty unless a post is removed or held.
    """

    item_id: str
    version: int
    verdict: Verdict
    reason: str = ""


@dataclass(frozen=True)
class Wish:
    """A verdict with whose it is, why, and the id that all acts of it share."""

    actor: User
    verdict: Verdict
    reason: str | None
    op_id: str


def decide(*, actor: User, decision: Decision) -> str:
    """Do what a moderator says of one item; everything about it happens or nothing.

    Approving shows a held post and disagrees with the reports; later ones collapse until the post is edited. Removing
    agrees with the reports, as agreeing does without touching anything. Ignoring says nothing: the next report brings
    the item back with all that were there. Holding and releasing leave it in the queue.

    Returns:
        The id that all acts of it share; `undo` takes it.

    Raises:
        Invalid: a reason is missing or too long, or the verdict needs a post and the item is about a person.
        NotFound, Gone: there is no such item, or nothing that it was about.
        NotAllowed: the actor is no moderator, or the rank of whom it is about is not below theirs.
        Conflict: somebody was faster, or is looking at it.
    """
    wish = Wish(actor, decision.verdict, checked_reason(decision.verdict, decision.reason), new_id())
    with transaction() as session:
        case = hold_case(session, decision.item_id)
        require_right(actor, case)
        _require_fresh(session, case, decision.version)
        require_unclaimed(session, case.item, actor)
        settle(session, case, wish)
    return wish.op_id


def checked_reason(verdict: Verdict, typed: str) -> str | None:
    """The reason as it is stored.

    Raises:
        Invalid: it is missing where it is needed, too long, or can't be stored.
    """
    if verdict in {Verdict.REMOVE, Verdict.HOLD}:
        return check_reason(typed)
    why = normalise(typed) if is_storable(typed) else None
    if why is None or len(why) > REASON_MAX:
        raise Invalid(_("Keep this to %(max)d characters.", max=REASON_MAX), field="reason")
    return why or None


def require_right(actor: User, case: Case) -> None:
    """Refuse whoever may not decide about this person.

    Raises:
        NotAllowed: the actor is no moderator, or the person's rank is not below theirs.
    """
    if not can_review(actor, case.person):
        raise NotAllowed(_("You may only act on people of a lower rank."))


def is_claimed_by_another(item: ReviewItem, actor: User) -> bool:
    """Whether somebody else looks at it at the moment."""
    lasts = item.claimed_until is not None and item.claimed_until > now()
    return lasts and item.claimed_by not in {None, actor.id}


def require_unclaimed(session: Session, item: ReviewItem, actor: User) -> None:
    """Leave alone what somebody else has claimed.

    Raises:
        Conflict: they are looking at it.
    """
    if not is_claimed_by_another(item, actor):
        return
    other = session.get(User, item.claimed_by)
    raise Conflict(_("@%(username)s is looking at this right now.", username=other.username if other else "?"))


def settle(session: Session, case: Case, wish: Wish) -> None:
    """Carry out a verdict on an item that is held and may be decided.

    Raises:
        Invalid: the verdict needs a post and the item is about a person.
        Conflict: what is to be held is held, or what is to be released is not.
    """
    if wish.verdict in ABOUT_POSTS and case.post is None:
        raise Invalid(_("There is no thought to do this to."))
    if case.post is not None and case.post.state != MOVES_FROM.get(wish.verdict, case.post.state):
        raise Conflict(_("Somebody has held or released this already. Look at it again."))
    if wish.verdict in CLOSING:
        _close(session, case, wish)
    if case.post is not None:
        _move(case.post, wish)


def _close(session: Session, case: Case, wish: Wish) -> None:
    action, outcome = CLOSING[wish.verdict]
    before, reports = snapshot(session, case.item), case.item.open_reports
    if outcome is None:
        set_aside(case.item, decided_by=wish.actor)
    else:
        close_item(session, case.item, outcome, decided_by=wish.actor)
    if wish.verdict == Verdict.APPROVE and case.post is not None:
        case.item.fine_at = case.item.decided_at
    after = {"reports": reports, "version": case.item.version}
    record(Act(wish.actor, action, *case.target, reason=wish.reason, before=before, after=after, op_id=wish.op_id))


def _move(post: Post, wish: Wish) -> None:
    """Do to the post what the verdict means for it."""
    who: dict[str, Any] = {"actor": wish.actor, "post_id": post.id, "op_id": wish.op_id}
    shows = wish.verdict == Verdict.RELEASE or (wish.verdict == Verdict.APPROVE and post.state == PostState.HELD)
    if wish.verdict == Verdict.REMOVE:
        remove_post(**who, reason=wish.reason or "")
    elif wish.verdict == Verdict.HOLD:
        hold_post(**who, reason=wish.reason or "")
    elif shows:
        release_post(**who)


def _require_fresh(session: Session, case: Case, version: int) -> None:
    item = case.item
    if item.state == ItemState.OPEN and item.version == version:
        return
    faster = session.get(User, item.decided_by) if item.decided_by else None
    if faster is None or not faster.username:
        raise Conflict(_("This has changed since you opened it. Look at it again."))
    if case.post is not None and case.post.state == PostState.REMOVED:
        raise Conflict(_("@%(username)s already removed this.", username=faster.username))
    raise Conflict(_("@%(username)s already decided this.", username=faster.username))
