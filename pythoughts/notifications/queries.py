"""What somebody is told: how much is new, a page of it, one of it, and what a digest says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import BindParameter, ColumnElement, Select, and_, func, literal, or_, select, true, tuple_
from sqlalchemy.orm import aliased

from pythoughts.auth.models import User
from pythoughts.db import db
from pythoughts.errors import NotFound
from pythoughts.feed.models import Post, PostState
from pythoughts.feed.queries import Author
from pythoughts.feed.queries.rows import author_columns
from pythoughts.i18n import _
from pythoughts.notifications.models import SOCIAL, Digest, NoticeKind, Notification
from pythoughts.preferences.models import UserPreferences
from pythoughts.preferences.queries import cut_ids, ignored_ids
from pythoughts.text import is_id
from pythoughts.words.queries import censored

PAGE_SIZE = 30  # notices, before those that belong together are put together
COUNTED = 99  # the badge says no more than "99+"
EXCERPT = 140  # characters of a post
MAILED = 200  # notices that one mail is made of

Writer = aliased(User, name="writer")
COLUMNS: tuple[Any, ...] = (
    Notification.id,
    Notification.kind,
    Notification.created_at,
    Notification.read_at,
    Notification.post_id,
    Notification.letter,
    Notification.reason,
    Post.reply_to_id,
    Post.state,
    func.left(Post.message, EXCERPT + 1),
)
WIDTH = len(COLUMNS)
REACHABLE = (
    User.email_verified,
    User.deleted_at.is_(None),
    User.delete_after.is_(None),
    ~User.banned,
)
"""Whom a digest may be mailed to: whoever can read it here, at an address that is proven."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that somebody is told.

    Attributes:
        post_id: which post it is about, None for what is about no post.
        answered_id: what that post replies to.
        state: of the post.
        message: its beginning, as everybody reads it; longer than EXCERPT when there is more.
        person: who did it, or whom a report was about; None when nobody is named.
    """

    id: str
    kind: str
    created_at: datetime
    read_at: datetime | None
    post_id: str | None
    letter: str | None
    reason: str | None
    answered_id: str | None
    state: str | None
    message: str
    person: Author | None

    @property
    def is_new(self) -> bool:
        """Whether it has not been read."""
        return self.read_at is None

    @property
    def is_open(self) -> bool:
        """Whether its reader finds the post where it was."""
        return self.state in {PostState.LIVE, PostState.HELD}

    @property
    def excerpt(self) -> str:
        """The post's beginning on one line; empty when there is no post, or its author took it away."""
        if self.state == PostState.DELETED:
            return ""
        line = " ".join(self.message.split())
        return line if len(self.message) <= EXCERPT else f"{line[:EXCERPT].rstrip()}…"


@dataclass(frozen=True, slots=True)
class Bundle:
    """Notices that say the same: replies to one post, new or read alike; the newest first."""

    notices: tuple[Notice, ...]

    @property
    def first(self) -> Notice:
        """The newest."""
        return self.notices[0]

    @property
    def people(self) -> tuple[Author, ...]:
        """Everybody who did it, each once, the last to do so first."""
        return tuple({each.person.id: each.person for each in self.notices if each.person}.values())


@dataclass(frozen=True, slots=True)
class NoticePage:
    """Some notices; `after` names the one after which the next page begins, None on the last."""

    bundles: list[Bundle]
    after: str | None


def unread_count(user_id: str) -> int:
    """How many new notices somebody has; more than COUNTED are not counted on."""
    return db.session.scalar(unread_by(user_id)) or 0


def unread_by(user_id: str | BindParameter[str]) -> Select[int]:
    """Selects that number, to be read along with something else."""
    new = _joined(select(Notification.id)).where(*shown_to(user_id), Notification.read_at.is_(None))
    return select(func.count()).select_from(new.limit(COUNTED + 1).subquery())


def shown_to(user_id: str | BindParameter[str]) -> tuple[ColumnElement[bool], ...]:
    """What is somebody's and may be shown: nothing of posts out of sight, nor by people whom they don't hear."""
    heard = and_(
        Post.state == PostState.LIVE,
        Notification.person_id.not_in(ignored_ids(user_id)),
        Notification.person_id.not_in(cut_ids(user_id)),
    )
    is_plain = Notification.kind.not_in([literal(str(kind)) for kind in SOCIAL])
    return Notification.user_id == user_id, or_(is_plain, heard)


def list_notices(user_id: str, *, after: str | None = None) -> NoticePage:
    """New ones first, then the others, each the latest first, PAGE_SIZE at a time.

    Args:
        user_id: whose.
        after: the id of the last one on the page before; when it is gone, the list begins anew.
    """
    is_new = Notification.read_at.is_(None)
    mine = notices().where(*shown_to(user_id), _beyond(user_id, after))
    rows = db.session.execute(mine.order_by(is_new.desc(), Notification.id.desc()).limit(PAGE_SIZE + 1)).all()
    found = [to_notice(row) for row in rows[:PAGE_SIZE]]
    return NoticePage(bundled(found), after=found[-1].id if len(rows) > PAGE_SIZE else None)


def _beyond(user_id: str, after: str | None) -> ColumnElement[bool]:
    """The rows behind `after` in the order of the list; one that was read meanwhile stands where it stands now."""
    if after is None:
        return true()
    is_new = select(Notification.read_at.is_(None)).where(Notification.id == after, Notification.user_id == user_id)
    edge = tuple_(func.coalesce(is_new.scalar_subquery(), True), after)
    return tuple_(Notification.read_at.is_(None), Notification.id) < edge


def unread_between(user_id: str, digest: Digest) -> list[Bundle]:
    """What of the digest's time somebody has not read and may be shown, the latest first; mails about security not."""
    mine = notices().where(*shown_to(user_id), *_digestible(digest.starts_at, digest.ends_at))
    return bundled([to_notice(row) for row in db.session.execute(mine.order_by(Notification.id.desc()).limit(MAILED))])


def _digestible(starts_at: datetime, ends_at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Notification.read_at.is_(None),
        Notification.kind != NoticeKind.SECURITY,
        Notification.created_at >= starts_at,
        Notification.created_at < ends_at,
    )


def due_for_digest(often: str, starts_at: datetime, ends_at: datetime, *, limit: int) -> Sequence[str]:
    """People who want a mail so often, have something of that time to read, and have not been written to about it.

    Args:
        often: "daily" or "weekly".
        starts_at: when that time began.
        ends_at: when it was over.
        limit: most people to return.
    """
    chosen = aliased(UserPreferences, name="chosen")
    owner = cast("str", Notification.user_id)  # the subqueries take a column as well as a value
    new = _joined(select(Notification.id)).where(*shown_to(owner), *_digestible(starts_at, ends_at))
    written = select(Digest.id).where(Digest.user_id == User.id, Digest.ends_at == ends_at)
    due = (
        select(User.id)
        .join(chosen, chosen.user_id == User.id)
        .where(chosen.settings["digest"].astext == often, *REACHABLE)
        .where(~written.exists(), new.where(Notification.user_id == User.id).exists())
    )
    return db.session.scalars(due.order_by(User.id).limit(limit)).all()


def find_digest(digest_id: str | None) -> Digest | None:
    """A digest that was asked for."""
    return db.session.get(Digest, digest_id) if digest_id else None


def get_notice(notice_id: str, *, user_id: str) -> Notice:
    """One of somebody's own.

    Raises:
        NotFound: it is somebody else's, or not there for them.
    """
    found = notices().where(Notification.id == notice_id, *shown_to(user_id))
    row = db.session.execute(found).first() if is_id(notice_id) else None
    if row is None:
        raise NotFound(_("This notification is gone."))
    return to_notice(row)


def notices() -> Select[Any]:
    """All of them, with their posts and people."""
    named = _joined(select(*COLUMNS, *author_columns(Writer)))
    return named.outerjoin(Writer, Writer.id == Notification.person_id)


def _joined(selection: Select[Any]) -> Select[Any]:
    return selection.select_from(Notification).outerjoin(Post, Post.id == Notification.post_id)


def to_notice(row: Sequence[Any]) -> Notice:
    """Make a Notice of what `notices()` selects."""
    person = Author(*row[WIDTH:]) if row[WIDTH] else None
    return Notice(*[*row[: WIDTH - 1], censored(row[WIDTH - 1] or ""), person])


def bundled(found: Sequence[Notice]) -> list[Bundle]:
    """Replies to one post put together, where the latest of them stands."""
    together: dict[Any, list[Notice]] = {}
    for notice in found:
        is_reply = notice.kind == NoticeKind.REPLY and notice.answered_id
        together.setdefault((notice.answered_id, notice.is_new) if is_reply else notice.id, []).append(notice)
    return [Bundle(tuple(notices)) for notices in together.values()]
