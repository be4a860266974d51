"""Keep an item to oneself while looking at it, and tell other moderators about it."""

from datetime import timedelta

from pythoughts.audit.use_cases import Act, record
from pythoughts.auth.models import User
from pythoughts.auth.use_cases.records import check_reason
from pythoughts.clock import now
from pythoughts.db import transaction
from pythoughts.errors import Conflict
from pythoughts.i18n import _
from pythoughts.moderation.models import ItemState
from pythoughts.moderation.use_cases.deciding import require_right, require_unclaimed
from pythoughts.moderation.use_cases.items import hold_case

CLAIMED_FOR = timedelta(minutes=10)


def claim(*, actor: User, item_id: str) -> None:
    """Keep other moderators from deciding about an item for 10 minutes; claiming again begins them anew.

    Raises:
        NotFound, Gone: there is no such item, or nothing that it was about.
        NotAllowed: the actor is no moderator, or the rank of whom it is about is not below theirs.
        Conflict: somebody else has claimed it, or it is decided.
    """
    with transaction() as session:
        case = hold_case(session, item_id)
        require_right(actor, case)
        if case.item.state != ItemState.OPEN:
            raise Conflict(_("This does not wait any more."))
        require_unclaimed(session, case.item, actor)
        case.item.claimed_by, case.item.claimed_until = actor.id, now() + CLAIMED_FOR
        record(Act(actor, "review.claim", "review_item", case.item.id, case.target[2]))


def let_go(*, actor: User, item_id: str) -> None:
    """Give up one's claim; without one nothing happens.

    Raises:
        NotFound, Gone: there is no such item, or nothing that it was about.
        NotAllowed: the actor is no moderator, or the rank of whom it is about is not below theirs.
    """
    with transaction() as session:
        case = hold_case(session, item_id)
        require_right(actor, case)
        if case.item.claimed_by == actor.id:
            case.item.claimed_by = case.item.claimed_until = None
            record(Act(actor, "review.let_go", "review_item", case.item.id, case.target[2]))


def add_note(*, actor: User, item_id: str, text: str) -> None:
    """Leave a note for other moderators; it stands in the history of the post or the person.

    Raises:
        NotFound, Gone: there is no such item, or nothing that it was about.
        NotAllowed: the actor is no moderator, or the rank of whom it is about is not below theirs.
        Invalid: it is empty, too long or can't be stored.
    """
    note = check_reason(text)
    with transaction() as session:
        case = hold_case(session, item_id)
        require_right(actor, case)
        record(Act(actor, "review.note", *case.target, reason=note))
