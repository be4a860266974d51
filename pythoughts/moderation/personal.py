"""What a person reported, and what others said about them."""

from typing import Any

from sqlalchemy import Select, or_, select, update
from sqlalchemy.orm import Session

from pythoughts.feed.models import Post, PostState
from pythoughts.i18n import _
from pythoughts.moderation.models import ItemState, Outcome, Report, ReviewItem
from pythoughts.moderation.use_cases.items import close_item
from pythoughts.personal import Farewell, Part


def _rows(user_id: str) -> Select[Any]:
    columns: tuple[Any, ...] = (
        ReviewItem.post_id,
        ReviewItem.person_id,
        Report.category,
        Report.details,
        Report.outcome,
        Report.created_at,
        Report.decided_at,
    )
    mine = select(*columns).join(ReviewItem, ReviewItem.id == Report.item_id)
    return mine.where(Report.reporter_id == user_id).order_by(Report.id)


def _erase(session: Session, farewell: Farewell) -> None:
    """Neither what they wrote about others stays, nor what others wrote about them."""
    posts = select(Post.id).where(Post.user_id == farewell.user_id)
    about = or_(ReviewItem.person_id == farewell.user_id, ReviewItem.post_id.in_(posts))
    told = or_(Report.reporter_id == farewell.user_id, Report.item_id.in_(select(ReviewItem.id).where(about)))
    emptied = update(Report).where(told, Report.details.is_not(None)).values(details=None)
    session.execute(emptied, execution_options={"synchronize_session": False})


def _close(session: Session, farewell: Farewell) -> None:
    """There is nothing left to decide about somebody who is gone, nor about what went with them."""
    posts = select(Post.id).where(Post.user_id == farewell.user_id, Post.state == PostState.DELETED)
    about = or_(ReviewItem.person_id == farewell.user_id, ReviewItem.post_id.in_(posts))
    waiting = select(ReviewItem).where(about, ReviewItem.state == ItemState.OPEN).order_by(ReviewItem.id)
    for item in session.scalars(waiting.with_for_update()):
        close_item(session, item, Outcome.GONE, decided_by=None)


PARTS = (
    Part("report", _("What you have reported"), rows=_rows, erase=_erase),
    Part("review_item", withheld="what staff have to look at comes from the reports of others", erase=_close),
)
