"""Put a wall between two people: neither sees nor reaches the other until whoever made it takes it away."""

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from pythoughts.auth.models import User
from pythoughts.auth.use_cases.records import lock_user
from pythoughts.db import new_id, transaction
from pythoughts.errors import Conflict, Invalid
from pythoughts.i18n import _
from pythoughts.preferences.models import BLOCKED_MAX, UserBlock
from pythoughts.preferences.queries import get_person


def block_person(*, actor: User, username: str) -> User:
    """Let the actor and somebody else neither see nor reach each other. A second time changes nothing.

    What one of them is writing to the other at this moment is there before the block or is refused.

    Returns:
        The person who is blocked now.

    Raises:
        NotFound: nobody has this name.
        Invalid: it is the actor's own name.
        Conflict: the actor has blocked BLOCKED_MAX people already.
    """
    person = get_person(username)
    if person.id == actor.id:
        raise Invalid(_("You can only block other people."), field="username")
    with transaction() as session:
        for user_id in sorted((actor.id, person.id)):  # one order for everybody: two blocks never wait in a circle
            lock_user(session, user_id)
        _require_room(session, actor.id, person.id)
        row = insert(UserBlock).values(id=new_id(), user_id=actor.id, blocked_id=person.id)
        session.execute(row.on_conflict_do_nothing(index_elements=[UserBlock.user_id, UserBlock.blocked_id]))
    return person


def unblock_person(*, actor: User, username: str) -> User:
    """Take the actor's block away; one that the other person made stays.

    Returns:
        The person who is not blocked any more.

    Raises:
        NotFound: nobody has this name.
    """
    person = get_person(username)
    with transaction() as session:
        mine = delete(UserBlock).where(UserBlock.user_id == actor.id, UserBlock.blocked_id == person.id)
        session.execute(mine)
    return person


def _require_room(session: Session, user_id: str, person_id: str) -> None:
    others = (UserBlock.user_id == user_id, UserBlock.blocked_id != person_id)
    if (session.scalar(select(func.count()).where(*others)) or 0) >= BLOCKED_MAX:
        raise Conflict(_("You have blocked %(max)d people, which is the most.", max=BLOCKED_MAX), field="username")
