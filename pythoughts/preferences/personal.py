"""What a person has chosen, with the names of those whom they ignore."""

from typing import Any

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from pythoughts.auth.models import User
from pythoughts.i18n import _
from pythoughts.personal import Farewell, Part
from pythoughts.preferences.models import UserPreferences
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


PARTS = (Part("user_preferences", _("Preferences"), rows=_rows, erase=_erase),)
