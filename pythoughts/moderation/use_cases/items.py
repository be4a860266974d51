"""Review items while they are held: made when there is none, opened, closed with everybody's reports."""

from sqlalchemy import Select, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from pythoughts.auth.models import User
from pythoughts.clock import now
from pythoughts.db import new_id
from pythoughts.moderation.models import ItemState, Outcome, Report, ReviewItem
from pythoughts.signals import reports_decided


def hold_item(session: Session, **target: str) -> ReviewItem:
    """The one item of a target, locked until the end; a fresh one is decided, so that whoever needs it opens it.

    Args:
        session: of the transaction.
        **target: `post_id` or `person_id`; whoever locks a post too locks it first.
    """
    fresh = insert(ReviewItem).values(id=new_id(), state=ItemState.DECIDED, **target)
    session.execute(fresh.on_conflict_do_nothing(index_elements=list(target)))
    return session.scalars(_locked().filter_by(**target)).one()


def find_item(session: Session, **target: str) -> ReviewItem | None:
    """The item of a target, locked until the end, when there is one."""
    return session.scalars(_locked().filter_by(**target)).one_or_none()


def _locked() -> Select[ReviewItem]:
    return select(ReviewItem).with_for_update().execution_options(populate_existing=True)


def open_item(item: ReviewItem) -> None:
    """Put it into the queue, unless it waits there already."""
    if item.state == ItemState.OPEN:
        return
    item.state, item.opened_at = ItemState.OPEN, now()
    item.decided_by = item.decided_at = None
    item.version += 1


def close_item(session: Session, item: ReviewItem, outcome: Outcome, *, decided_by: User | None) -> None:
    """Take it out of the queue, and let its reporters hear what became of their reports."""
    item.state, item.score, item.open_reports = ItemState.DECIDED, 0, 0
    item.decided_at, item.decided_by = now(), decided_by.id if decided_by else None
    item.claimed_by = item.claimed_until = None
    item.version += 1
    waiting = update(Report).where(Report.item_id == item.id, Report.outcome == Outcome.OPEN)
    decided = waiting.values(outcome=outcome, decided_at=item.decided_at).returning(Report.reporter_id)
    reporters = session.scalars(decided, execution_options={"synchronize_session": False}).all()
    if reporters:
        about = (item.post_id, item.person_id)
        reports_decided.send(item.id, reporter_ids=sorted(reporters), outcome=outcome, about=about)
