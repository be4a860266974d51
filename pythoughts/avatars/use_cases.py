"""Give oneself a picture, take it away, and prepare what was sent."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from pythoughts.audit.use_cases import Act, record
from pythoughts.auth.models import User
from pythoughts.auth.use_cases.records import check_reason, lock_user, require
from pythoughts.avatars.models import Avatar
from pythoughts.avatars.permissions import can_remove_picture
from pythoughts.db import new_id, transaction
from pythoughts.errors import Invalid, NotFound
from pythoughts.i18n import Text, _
from pythoughts.jobs.queue import enqueue
from pythoughts.limits import use_cases as limits
from pythoughts.limits.use_cases import Hit
from pythoughts.services import images
from pythoughts.settings.limits import throttle

FILE_MAX = 5 * 1024 * 1024  # bytes
SMALL, LARGE = 96, 256  # pixels a side: twice what lists and thrice what profiles show
UPLOADS = throttle("avatar", 10, 3_600, _("Pictures that one account may upload within an hour."))


def upload_picture(*, actor: User, file: bytes) -> None:
    """Take a file that a job will make the actor's picture of; until then they keep the one they have.

    Raises:
        Invalid: it is no picture, or too big.
        TooFast: there were too many within the hour.
    """
    _check(file)
    limits.count([Hit(UPLOADS.limit, actor.id)])
    upload_id = new_id()
    values = {"original": file, "upload_id": upload_id, "failed": False}
    with transaction() as session:
        row = insert(Avatar).values(user_id=actor.id, **values)
        session.execute(row.on_conflict_do_update(index_elements=[Avatar.user_id], set_=values))
        enqueue("avatars.prepare", user_id=actor.id, upload_id=upload_id)


def _check(file: bytes) -> None:
    if len(file) > FILE_MAX:
        raise _bad(_("This picture is larger than 5 MB. Choose a smaller one."))
    try:
        images.check(file)
    except images.HugeImageError:
        raise _bad(_("This picture has more than 25 megapixels. Choose a smaller one.")) from None
    except images.BadImageError:
        raise _bad(_("This is no picture that can be read. Choose a JPEG, PNG, WebP, GIF or AVIF file.")) from None


def _bad(sentence: Text) -> Invalid:
    return Invalid(sentence, field="avatar")


def prepare_picture(*, user_id: str, upload_id: str) -> None:
    """Make the squares of a file and show them; one that was replaced or taken away meanwhile is left."""
    with transaction() as session:
        original = session.scalar(select(Avatar.original).where(*_is(user_id, upload_id)))
    if original is None:
        return
    try:
        small, large = images.squares(original, (SMALL, LARGE))
    except images.BadImageError:
        note_failed_picture(user_id=user_id, upload_id=upload_id)
    else:
        _show(user_id, upload_id, small=small, large=large)


def _is(user_id: str, upload_id: str) -> tuple[ColumnElement[bool], ...]:
    return Avatar.user_id == user_id, Avatar.upload_id == upload_id


def _show(user_id: str, upload_id: str, *, small: bytes, large: bytes) -> None:
    with transaction() as session:
        user = _find(session, user_id)
        row = _hold(session, user_id, upload_id)
        if user is None or row is None:
            return
        row.small, row.large = small, large
        row.original = row.upload_id = None
        user.avatar_version = -_next(user)


def _find(session: Session, user_id: str) -> User | None:
    """The person, locked before their picture, as whoever erases people does."""
    try:
        return lock_user(session, user_id)
    except NotFound:
        return None


def _hold(session: Session, user_id: str, upload_id: str) -> Avatar | None:
    return session.scalar(select(Avatar).where(*_is(user_id, upload_id)).with_for_update())


def _next(user: User) -> int:
    return abs(user.avatar_version) + 1


def note_failed_picture(*, user_id: str, upload_id: str) -> None:
    """Delete a file that can't be read, and let its owner know on their page."""
    with transaction() as session:
        row = _hold(session, user_id, upload_id)
        if row is not None:
            row.original, row.upload_id, row.failed = None, None, True


def drop_picture(*, actor: User) -> None:
    """Let the actor be shown with their constellation again; nothing happens when they are."""
    with transaction() as session:
        _remove(session, lock_user(session, actor.id))


def remove_picture(*, actor: User, user: User, reason: str) -> None:
    """Take away, as staff, the picture that somebody has uploaded; nothing happens when there is none.

    Raises:
        NotAllowed: the actor has no right to it, or not the rank.
        Invalid: no reason.
    """
    require(can_remove_picture(actor, user))
    why = check_reason(reason)
    with transaction() as session:
        target = lock_user(session, user.id)
        require(can_remove_picture(actor, target))
        if _remove(session, target):
            record(Act(actor, "user.remove_picture", "user", target.id, target_label=target.username, reason=why))


def _remove(session: Session, user: User) -> bool:
    """Delete what was uploaded; whether anybody else could see it."""
    row = session.scalar(select(Avatar).where(Avatar.user_id == user.id).with_for_update())
    if row is not None:
        session.delete(row)
    was_shown = user.avatar_version < 0
    if was_shown:
        user.avatar_version = _next(user)
    return was_shown
