"""What is known of somebody's picture.

`user.avatar_version` says it all to a list, at no query: above zero the picture is drawn, below it was uploaded, and
another number is another picture.
"""

from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import case, select

from pythoughts.auth.models import User
from pythoughts.avatars.models import Avatar
from pythoughts.db import db
from pythoughts.errors import NotFound
from pythoughts.i18n import _


class Upload(StrEnum):
    """What has become of the last file that somebody sent."""

    NONE = ""
    WAITING = "waiting"
    FAILED = "failed"


class Picture(NamedTuple):
    """What a person is shown with now.

    Attributes:
        version: as `user.avatar_version` has it.
        webp: the uploaded picture, None when theirs is drawn.
    """

    version: int
    webp: bytes | None


def get_picture(user_id: str, *, large: bool) -> Picture:
    """The picture of `user_id` in one of its two sizes.

    Raises:
        NotFound: there is no such person.
    """
    column = Avatar.large if large else Avatar.small
    selection = select(User.avatar_version, column).outerjoin(Avatar, Avatar.user_id == User.id)
    row = db.session.execute(selection.where(User.id == user_id)).first()
    if row is None or (row.avatar_version < 0 and row[1] is None):
        raise NotFound(_("There is no such picture."))
    return Picture(*row)


def upload_of(user_id: str) -> Upload:
    """Whether a file of theirs is being prepared, or could not be."""
    state = case((Avatar.upload_id.is_not(None), "waiting"), (Avatar.failed, "failed"), else_="")
    return Upload(db.session.scalar(select(state).where(Avatar.user_id == user_id)) or "")
