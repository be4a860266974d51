"""Decide at once about everything that waits because of one person."""

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from pythoughts.auth.models import User
from pythoughts.db import new_id, transaction
from pythoughts.errors import Conflict, Invalid
from pythoughts.feed.models import Post
from pythoughts.i18n import _
from pythoughts.moderation.models import ItemState, ReviewItem, Verdict
from pythoughts.moderation.use_cases.deciding import Wish, checked_reason, is_claimed_by_another, require_right, settle
from pythoughts.moderation.use_cases.items import hold_case, hold_posts

AT_ONCE = 200  # items in one transaction, the newest first
FOR_ALL = frozenset({Verdict.APPROVE, Verdict.IGNORE, Verdict.REMOVE})


def decide_about_author(*, actor: User, person_id: str, verdict: Verdict, reason: str = "") -> tuple[str, int]:
    """Give one verdict on all open items about a person and what they wrote, AT_ONCE at most.

    What somebody else has claimed stays, and so do items about the person when posts are to be removed.

    Returns:
        The id that all acts share, and how many items were decided.

    Raises:
        Invalid: the verdict is not meant for many, or the reason is missing or too long.
        NotAllowed: the actor is no moderator, or the person's rank is not below theirs.
        Conflict: nothing waits that the actor could decide.
    """
    if verdict not in FOR_ALL:
        raise Invalid(_("Choose what to do with all of them."), field="verdict")
    wish = Wish(actor, verdict, checked_reason(verdict, reason), new_id())
    with transaction() as session:
        found = session.execute(_waiting(person_id, verdict)).all()
        hold_posts(session, [row.post_id for row in found if row.post_id])
        decided = sum(_settle(session, row.id, wish) for row in found)
        if not decided:
            raise Conflict(_("Nothing of this person waits for you."))
    return wish.op_id, decided


def _waiting(person_id: str, verdict: Verdict) -> Select[str, str | None]:
    of_posts = ReviewItem.post_id.in_(select(Post.id).where(Post.user_id == person_id))
    about = of_posts if verdict == Verdict.REMOVE else or_(of_posts, ReviewItem.person_id == person_id)
    items = select(ReviewItem.id, ReviewItem.post_id).where(about, ReviewItem.state == ItemState.OPEN)
    return items.order_by(ReviewItem.post_id.desc().nulls_last(), ReviewItem.id).limit(AT_ONCE)


def _settle(session: Session, item_id: str, wish: Wish) -> bool:
    """Decide about one of them, unless somebody was faster or looks at it."""
    case = hold_case(session, item_id)
    require_right(wish.actor, case)
    if case.item.state != ItemState.OPEN or is_claimed_by_another(case.item, wish.actor):
        return False
    settle(session, case, wish)
    return True
