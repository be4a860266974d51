"""Take back what was decided, as long as nothing has changed since."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, aliased

from pythoughts.audit.models import AuditLog
from pythoughts.audit.use_cases import Act, record
from pythoughts.auth.models import User
from pythoughts.db import transaction
from pythoughts.errors import Conflict, DomainError, NotAllowed, NotFound
from pythoughts.feed.models import PostState
from pythoughts.feed.use_cases import hold_post, release_post, restore_post
from pythoughts.i18n import _
from pythoughts.moderation.models import ItemState, ReviewItem
from pythoughts.moderation.permissions import can_decide
from pythoughts.moderation.use_cases.deciding import require_right
from pythoughts.moderation.use_cases.items import bring_back, hold_case, hold_posts
from pythoughts.text import is_id

DECIDED = ("review.agree", "review.disagree", "review.ignore")
MOVED = ("post.hold", "post.release", "post.remove")
UNDO = "undo:"  # begins the id of the acts that took back those with the rest of it


@dataclass(frozen=True)
class Undone:
    """What came of it.

    Attributes:
        item_id: the last item of which everything is as it was.
        changed: how many others have changed since and stay as they are.
    """

    item_id: str
    changed: int


def undo(*, actor: User, op_id: str) -> Undone:
    """Make items, reports and posts what they were before an act with this id; nobody needs to be who decided.

    Raises:
        NotFound: there was no such act.
        NotAllowed: the actor is no moderator, or the rank of whom it is about is not below theirs.
        Conflict: everything that it did has changed since.
    """
    if not can_decide(actor):
        raise NotAllowed(_("Your role does not include this."))
    with transaction() as session:
        acts = _acts_of(session, op_id)
        if not acts:
            raise NotFound(_("There is nothing to undo at this address."))
        hold_posts(session, [act.target_id for act in acts if act.target_type == "post"])
        failures, last = [], None
        for target, done in groupby(acts, key=lambda act: (act.target_type, act.target_id)):
            failure = _try(session, actor, list(done))
            failures += [failure] if failure else []
            last = last if failure else target
        if last is None:
            raise failures[0]
        return Undone(session.scalars(_item_of(*last)).one(), len(failures))


def _acts_of(session: Session, op_id: str) -> Sequence[AuditLog]:
    """What was done under this id, by target, the last act on each first."""
    mine = select(AuditLog).where(AuditLog.op_id == op_id, AuditLog.action.in_(DECIDED + MOVED))
    order = (AuditLog.target_id, AuditLog.id.desc())
    return session.scalars(mine.order_by(*order)).all() if is_id(op_id) else ()


def _item_of(kind: str, key: str) -> Select[str]:
    target = ReviewItem.post_id if kind == "post" else ReviewItem.person_id
    return select(ReviewItem.id).where(target == key)


def _try(session: Session, actor: User, acts: Iterable[AuditLog]) -> DomainError | None:
    """Undo everything that was done to one target, or nothing of it."""
    try:
        with session.begin_nested():
            for act in acts:
                (_reopen if act.action in DECIDED else _move_back)(session, actor, act)
    except Conflict as conflict:
        return conflict
    return None


def _reopen(session: Session, actor: User, act: AuditLog) -> None:
    case = hold_case(session, act.before["item"])
    require_right(actor, case)
    is_gone = case.post is not None and case.post.state in {PostState.REMOVED, PostState.DELETED}
    if is_gone or case.item.state == ItemState.OPEN or case.item.version != act.after["version"]:
        raise Conflict(_("This has changed since, so it stays as it is."))
    bring_back(session, case.item, act.before)
    after = {"reports": case.item.open_reports, "version": case.item.version}
    record(Act(actor, "review.reopen", *case.target, after=after, op_id=f"{UNDO}{act.op_id}"))


def _move_back(session: Session, actor: User, act: AuditLog) -> None:
    if _was_touched_since(session, act):
        raise Conflict(_("This has changed since, so it stays as it is."))
    who: dict[str, Any] = {"actor": actor, "post_id": act.target_id, "op_id": f"{UNDO}{act.op_id}"}
    if act.action == "post.remove":
        restore_post(**who)
    elif act.action == "post.hold":
        release_post(**who)
    else:
        hold_post(**who, reason=str(_("Taken back")))


def _was_touched_since(session: Session, act: AuditLog) -> bool:
    """Whether it is undone already, or staff did something else to the post that is not."""
    later, undone = aliased(AuditLog), aliased(AuditLog)
    is_undone = select(undone.id).where(undone.op_id == UNDO + later.op_id, undone.target_id == act.target_id).exists()
    is_undo = later.op_id.startswith(UNDO)
    counts = or_(later.op_id == f"{UNDO}{act.op_id}", later.op_id.is_(None), and_(~is_undo, ~is_undone))
    on_post = (later.target_type == "post", later.target_id == act.target_id, later.action.startswith("post."))
    return session.scalar(select(later.id).where(*on_post, later.id > act.id, counts).limit(1)) is not None
