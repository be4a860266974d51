"""Review items while they are held: made when there is none, opened, closed with everybody's reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from pythoughts.auth.models import User
from pythoughts.clock import now
from pythoughts.db import new_id
from pythoughts.errors import Gone, NotFound
from pythoughts.feed.models import Post
from pythoughts.feed.use_cases.holding import hold
from pythoughts.i18n import _
from pythoughts.moderation.models import ItemState, Outcome, Report, ReviewItem
from pythoughts.signals import reports_decided
from pythoughts.text import is_id


@dataclass(frozen=True)
class Case:
    """An item with all that a decision about it needs, locked until the end.

    Attributes:
        item: the item.
        post: what it is about, None when that is a person.
        person: the author of the post, or the person.
    """

    item: ReviewItem
    post: Post | None
    person: User

    @property
    def target(self) -> tuple[str, str, str]:
        """What the audit log calls it: kind, key and label."""
        key = ("post", self.post.id) if self.post else ("user", self.person.id)
        return *key, f"@{self.person.username}"


def hold_case(session: Session, item_id: str) -> Case:
    """Lock an item, and before it the post that it is about: so does everybody who locks both.

    Raises:
        NotFound: there is no such item.
        Gone: whatever it was about does not exist any more.
    """
    found = session.get(ReviewItem, item_id) if is_id(item_id) else None
    if found is None:
        raise NotFound(_("There is nothing to review at this address."))
    post = hold(session, found.post_id) if found.post_id else None
    item = session.scalars(_locked().where(ReviewItem.id == item_id)).one_or_none()
    if item is None:
        raise Gone(_("What this was about is gone."))
    person = session.scalars(select(User).where(User.id == (post.user_id if post else item.person_id))).one()
    return Case(item, post, person)


def hold_posts(session: Session, post_ids: Sequence[str]) -> None:
    """Lock several posts and what they answer in the one order in which nobody waits in a circle: the newest first."""
    answered = select(Post.reply_to_id).where(Post.id.in_(post_ids))
    all_of_them = select(Post.id).where(or_(Post.id.in_(post_ids), Post.id.in_(answered)))
    session.execute(all_of_them.order_by(Post.id.desc()).with_for_update(key_share=True)).all()


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


def set_aside(item: ReviewItem, *, decided_by: User | None) -> None:
    """Take it out of the queue as it is: its reports stay open, and the next one brings all of them back."""
    item.state = ItemState.DECIDED
    item.decided_at, item.decided_by = now(), decided_by.id if decided_by else None
    item.claimed_by = item.claimed_until = None
    item.version += 1


def close_item(session: Session, item: ReviewItem, outcome: Outcome, *, decided_by: User | None) -> None:
    """Take it out of the queue, and let its reporters hear what became of their reports."""
    set_aside(item, decided_by=decided_by)
    item.score = item.open_reports = 0
    waiting = update(Report).where(Report.item_id == item.id, Report.outcome == Outcome.OPEN)
    decided = waiting.values(outcome=outcome, decided_at=item.decided_at).returning(Report.reporter_id)
    reporters = session.scalars(decided, execution_options={"synchronize_session": False}).all()
    if reporters:
        about = (item.post_id, item.person_id)
        reports_decided.send(item.id, reporter_ids=sorted(reporters), outcome=outcome, about=about)


def snapshot(session: Session, item: ReviewItem) -> dict[str, Any]:
    """An open item as the audit log remembers it, so that a decision can be taken back.

    `noticed` is what the score owes to the word filter; the rest are the weights of the open reports.
    """
    return {
        "item": item.id,
        "noticed": item.score - _weight_of_open(session, item)[1],
        "opened_at": _written(item.opened_at),
        "fine_at": _written(item.fine_at),
        "claimed_by": item.claimed_by,
        "claimed_until": _written(item.claimed_until),
    }


def bring_back(session: Session, item: ReviewItem, before: dict[str, Any]) -> None:
    """Make a decided item what its `snapshot` says; reports that came since and were closed with it wait as well."""
    closed = update(Report).where(Report.item_id == item.id, Report.decided_at == item.decided_at)
    opened = closed.values(outcome=Outcome.OPEN, decided_at=None)
    session.execute(opened, execution_options={"synchronize_session": False})
    item.open_reports, weight = _weight_of_open(session, item)
    item.state, item.score = ItemState.OPEN, before["noticed"] + weight
    item.decided_by = item.decided_at = None
    item.opened_at = datetime.fromisoformat(before["opened_at"])
    item.fine_at, item.claimed_until = _read(before["fine_at"]), _read(before["claimed_until"])
    item.claimed_by = before["claimed_by"]
    item.version += 1


def _weight_of_open(session: Session, item: ReviewItem) -> tuple[int, int]:
    """How many reports wait, and what they weigh together."""
    waiting = select(func.count(), func.coalesce(func.sum(Report.weight), 0))
    number, weight = session.execute(waiting.where(Report.item_id == item.id, Report.outcome == Outcome.OPEN)).one()
    return number, int(weight)


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _read(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
