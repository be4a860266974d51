"""What a person has chosen, with the names of those whom they ignore or have blocked."""

from typing import Any

from sqlalchemy import Select, delete, func, or_, select
from sqlalchemy.orm import Session

from pythoughts.auth.models import User
from pythoughts.i18n import _
from pythoughts.personal import Farewell, Part
from pythoughts.preferences.models import UserBlock, UserPreferences
from pythoughts.preferences.queries import ignored_ids


def _rows(user_id: str) -> Select[Any]:
    named = select(func.array_agg(User.username)).where(User.id.in_(ignored_ids(user_id))).scalar_subquery()
    columns = (
        UserPreferences.settings,
        named.label("ignored_people"),
        UserPreferences.created_at,
        UserPreferences.updated_at,
    )
    return select(*columns).where(UserPreferences.user_id == user_id)


def _erase(session: Session, farewell: Farewell) -> None:
    session.execute(delete(UserPreferences).where(UserPreferences.user_id == farewell.user_id))


def _blocked(user_id: str) -> Select[Any]:
    """Whom the person has blocked; who has blocked them is for those to tell."""
    columns: tuple[Any, ...] = (User.username.label("blocked_person"), UserBlock.created_at)
    mine = select(*columns).join(User, User.id == UserBlock.blocked_id).where(UserBlock.user_id == user_id)
    return mine.order_by(UserBlock.id)


def _unblock(session: Session, farewell: Farewell) -> None:
    both = or_(UserBlock.user_id == farewell.user_id, UserBlock.blocked_id == farewell.user_id)
    session.execute(delete(UserBlock).where(both))


PARTS = (
    Part("user_preferences", _("Preferences"), rows=_rows, erase=_erase),
    Part("user_block", _("People you have blocked"), rows=_blocked, erase=_unblock),
)
