"""Decide what becomes of the reports about one post or person."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from pythoughts.audit.use_cases import Act, record
from pythoughts.auth.models import User
from pythoughts.auth.use_cases.records import REASON_MAX
from pythoughts.clock import now
from pythoughts.db import transaction
from pythoughts.errors import Conflict, Invalid, NotAllowed, NotFound
from pythoughts.feed.models import Post
from pythoughts.i18n import _
from pythoughts.moderation.models import ItemState, Outcome, ReviewItem
from pythoughts.moderation.permissions import can_review
from pythoughts.moderation.use_cases.items import close_item
from pythoughts.text import is_id, is_storable, normalise

VERDICTS = {Outcome.AGREED: "review.agree", Outcome.DISAGREED: "review.disagree"}


def decide(*, actor: User, item_id: str, version: int, outcome: Outcome, reason: str = "") -> None:
    """Agree or disagree with every open report of one item; a post that was found fine stays so until it is edited.

    What happens to the post or the person is another act: this one closes the reports, and the reporters hear of it.

    Args:
        actor: a moderator or an admin.
        item_id: the key of the item.
        version: the one that the actor read.
        outcome: agreed or disagreed.
        reason: why, for the audit log; it may be empty.

    Raises:
        Invalid: another outcome, or a reason that is too long.
        NotFound: there is no such item.
        NotAllowed: the actor is no moderator, or the rank of whom it is about is not below theirs.
        Conflict: somebody was faster.
    """
    if outcome not in VERDICTS:
        raise Invalid(_("Agree with the reports or disagree."), field="outcome")
    why = _checked(reason)
    with transaction() as session:
        item = _hold(session, item_id)
        person = _person_of(session, item)
        if not can_review(actor, person):
            raise NotAllowed(_("You may only act on people of a lower rank."))
        _require_fresh(session, item, version)
        if outcome == Outcome.DISAGREED and item.post_id:
            item.fine_at = now()
        reports = item.open_reports
        close_item(session, item, outcome, decided_by=actor)
        kind, key = ("post", item.post_id) if item.post_id else ("user", person.id)
        target = (kind, key, f"@{person.username}")
        record(Act(actor, VERDICTS[outcome], *target, reason=why, after={"reports": reports}))


def _checked(reason: str) -> str | None:
    why = normalise(reason) if is_storable(reason) else None
    if why is None or len(why) > REASON_MAX:
        raise Invalid(_("Keep this to %(max)d characters.", max=REASON_MAX), field="reason")
    return why or None


def _hold(session: Session, item_id: str) -> ReviewItem:
    item = session.get(ReviewItem, item_id, with_for_update=True, populate_existing=True) if is_id(item_id) else None
    if item is None:
        raise NotFound(_("There is nothing to review at this address."))
    return item


def _person_of(session: Session, item: ReviewItem) -> User:
    """The author of the post, or the person."""
    author = select(Post.user_id).where(Post.id == item.post_id).scalar_subquery()
    return session.scalars(select(User).where(User.id == (item.person_id or author))).one()


def _require_fresh(session: Session, item: ReviewItem, version: int) -> None:
    if item.state == ItemState.OPEN and item.version == version:
        return
    faster = session.get(User, item.decided_by) if item.decided_by else None
    if faster is not None and faster.username:
        raise Conflict(_("@%(username)s has decided this already.", username=faster.username))
    raise Conflict(_("This has changed since you opened it. Look at it again."))
