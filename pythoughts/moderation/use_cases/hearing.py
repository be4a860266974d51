"""What moderation does when something happens to posts, in the transaction in which it happens."""

from typing import Any

from pythoughts.auth.models import User
from pythoughts.db import transaction
from pythoughts.moderation.models import ItemState, Outcome
from pythoughts.moderation.use_cases.items import close_item, find_item, hold_item, open_item
from pythoughts.moderation.weights import WORD_FLAGS, WORD_HOLDS
from pythoughts.signals import post_deleted, post_removed, post_watched


@post_watched.connect
def put_into_queue(post_id: str, *, word_id: str, is_held: bool, **_rest: Any) -> None:
    """A watched word wants somebody to look at a post."""
    with transaction() as session:
        item = hold_item(session, post_id=post_id)
        open_item(item)
        item.word_id = word_id
        item.score += WORD_HOLDS if is_held else WORD_FLAGS


@post_removed.connect
def agree_with_reports(post_id: str, *, actor: User, **_rest: Any) -> None:
    """Staff removed a post: whoever reported it was right."""
    _close(post_id, Outcome.AGREED, actor)


@post_deleted.connect
def drop_reports(post_id: str, **_rest: Any) -> None:
    """An author took a post away: there is nothing left to decide."""
    _close(post_id, Outcome.GONE, None)


def _close(post_id: str, outcome: Outcome, actor: User | None) -> None:
    with transaction() as session:
        item = find_item(session, post_id=post_id)
        if item is not None and (item.state == ItemState.OPEN or item.open_reports):
            close_item(session, item, outcome, decided_by=actor)
