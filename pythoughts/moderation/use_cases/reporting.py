"""Report a post or a person, once each."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, joinedload

from pythoughts.access import Permission, Role, grants
from pythoughts.auth.models import User
from pythoughts.auth.throttles import HOUR, hits_from_here, hits_of
from pythoughts.auth.use_cases.records import lock_user
from pythoughts.db import new_id, transaction
from pythoughts.errors import Conflict, Gone, Invalid, NotAllowed, NotFound
from pythoughts.feed.models import Post, PostState
from pythoughts.feed.use_cases import hold_post
from pythoughts.i18n import _
from pythoughts.limits.use_cases import count
from pythoughts.moderation.models import DETAILS_MAX, Category, Outcome, Report, ReviewItem
from pythoughts.moderation.permissions import can_report
from pythoughts.moderation.queries import accuracy_of
from pythoughts.moderation.use_cases.items import hold_item, open_item
from pythoughts.moderation.weights import weigh
from pythoughts.preferences.queries import get_person
from pythoughts.settings.limits import throttle
from pythoughts.settings.queries import value_of
from pythoughts.settings.registry import define
from pythoughts.text import grapheme_count, is_id, is_storable, normalise

REPORTS = (throttle("report", 20, HOUR, _("Reports of one account within an hour.")),)
REPORTS_NETWORK = (throttle("report-network", 60, HOUR, _("Reports from one network within an hour.")),)
HOLD_AFTER = define(
    "moderation.hold_after",
    5,
    _("Open reports after which a member's post waits for a moderator, hidden; 0 means never."),
    most=1_000,
)


@dataclass(frozen=True)
class Complaint:
    """What somebody says is wrong, checked."""

    category: Category
    details: str | None


def report_post(*, actor: User, post_id: str, category: str, details: str = "") -> None:
    """Tell staff of a post; enough reports hide a member's post until a moderator has looked.

    Args:
        actor: whoever reports; a block between them and the author does not matter.
        post_id: a live post of somebody else.
        category: one of Category.
        details: for the moderators; at most DETAILS_MAX graphemes.

    Raises:
        Invalid: no such category, or the details are too long or can't be stored.
        NotFound, Gone: the post isn't there for the actor, or was taken away.
        NotAllowed: it is the actor's own.
        Conflict: the actor has reported it already.
        TooFast: a limit is reached.
    """
    complaint = _checked(category, details)
    _count(actor)
    with transaction() as session:
        post = _hold_post(session, post_id, actor)
        _require(can_report(actor, post.author))
        item = hold_item(session, post_id=post.id)
        _add(session, item, actor, complaint, is_fine=_is_fine(item, post))
        if _is_too_much(item, post):
            hold_post(actor=None, post_id=post.id, reason=f"{item.open_reports} reports")


def report_person(*, actor: User, username: str, category: str, details: str = "") -> None:
    """Tell staff of a person.

    Raises:
        Invalid: no such category, or the details are too long or can't be stored.
        NotFound: nobody has this name.
        NotAllowed: it is the actor.
        Conflict: the actor has reported them already.
        TooFast: a limit is reached.
    """
    complaint = _checked(category, details)
    person = get_person(username)
    _require(can_report(actor, person))
    _count(actor)
    with transaction() as session:
        lock_user(session, person.id)
        item = hold_item(session, person_id=person.id)
        _add(session, item, actor, complaint, is_fine=False)


def _checked(category: str, details: str) -> Complaint:
    if category not in set(Category):
        raise Invalid(_("Choose a reason so moderators know what to look for."), field="category")
    if not is_storable(details):
        raise Invalid(_("This text holds characters that cannot be stored."), field="details")
    text = normalise(details)
    if grapheme_count(text) > DETAILS_MAX or len(text.encode()) > DETAILS_MAX * 16:  # bytes: towers of accents
        raise Invalid(_("Keep this to %(max)d characters.", max=DETAILS_MAX), field="details")
    return Complaint(Category(category), text or None)


def _require(allowed: bool) -> None:
    if not allowed:
        raise NotAllowed(_("You can only report other people."))


def _count(actor: User) -> None:
    if actor.role == Role.MEMBER:
        count(hits_of(actor.id, REPORTS) + hits_from_here(REPORTS_NETWORK))


def _hold_post(session: Session, post_id: str, actor: User) -> Post:
    """Lock the post, so that whatever happens to it at this moment comes before or after the report."""
    locked = select(Post).where(Post.id == post_id).with_for_update(key_share=True, of=Post)
    fresh = locked.options(joinedload(Post.author)).execution_options(populate_existing=True)
    post = session.scalar(fresh) if is_id(post_id) else None
    sees_held = grants(actor.role, Permission.POST_MODERATE) or (post is not None and post.user_id == actor.id)
    if post is None or (post.state == PostState.HELD and not sees_held):
        raise NotFound(_("There is no thought at this address."))
    if post.state in {PostState.REMOVED, PostState.DELETED}:
        raise Gone(_("This thought was taken away."))
    return post


def _is_fine(item: ReviewItem, post: Post) -> bool:
    """Whether staff have found the post fine as it stands now."""
    return item.fine_at is not None and (post.edited_at is None or post.edited_at <= item.fine_at)


def _add(session: Session, item: ReviewItem, actor: User, complaint: Complaint, *, is_fine: bool) -> None:
    is_staff = actor.role != Role.MEMBER
    weight = weigh(complaint.category, accuracy_of(actor.id), is_staff=is_staff)
    row = insert(Report).values(
        id=new_id(),
        item_id=item.id,
        reporter_id=actor.id,
        category=complaint.category,
        details=complaint.details,
        weight=weight,
        outcome=Outcome.DISAGREED if is_fine else Outcome.OPEN,
        decided_at=item.fine_at if is_fine else None,
    )
    once = row.on_conflict_do_nothing(index_elements=[Report.item_id, Report.reporter_id])
    if session.scalar(once.returning(Report.id)) is None:
        raise Conflict(_("You have reported this already. Once is enough, we look at every report."))
    if not is_fine:
        open_item(item)
        item.open_reports += 1
        item.score += weight


def _is_too_much(item: ReviewItem, post: Post) -> bool:
    most = value_of(HOLD_AFTER)
    is_members = post.author.role == Role.MEMBER and post.state == PostState.LIVE
    return bool(most) and is_members and item.open_reports >= most
