"""The picture that a person has uploaded is theirs to take along, and goes with them."""

from typing import Any

from sqlalchemy import Select, delete, func, literal, select
from sqlalchemy.orm import Session

from pythoughts.avatars.models import Avatar
from pythoughts.i18n import _
from pythoughts.personal import Farewell, Part

HEAD = "data:image/webp;base64,"


def _rows(user_id: str) -> Select[Any]:
    """The picture as an address that holds it whole, because an export is text."""
    packed = func.replace(func.encode(Avatar.large, "base64"), "\n", "")
    columns: tuple[Any, ...] = ((literal(HEAD) + packed).label("picture"), Avatar.created_at, Avatar.updated_at)
    return select(*columns).where(Avatar.user_id == user_id)


def _erase(session: Session, farewell: Farewell) -> None:
    session.execute(delete(Avatar).where(Avatar.user_id == farewell.user_id))


PARTS = (Part("avatar", _("Picture"), rows=_rows, erase=_erase),)
