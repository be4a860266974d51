"""What a post says in its author's own words, and what it said before."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from pythoughts.db import db
from pythoughts.errors import Gone, NotAllowed, NotFound
from pythoughts.feed.models import Post, PostRevision, PostState
from pythoughts.feed.permissions import is_young
from pythoughts.feed.queries.rows import PostRow
from pythoughts.feed.queries.threads import get_post
from pythoughts.i18n import _
from pythoughts.words.queries import censored

VERSIONS_SHOWN = 100  # earlier texts on a page of history, the newest


@dataclass(frozen=True, slots=True)
class Original:
    """A post as its author typed it, no word of it masked."""

    id: str
    message: str
    version: int
    state: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Version:
    """What a post said from some moment on."""

    message: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class History:
    """A post and what it said before, the newest first."""

    post: PostRow
    earlier: list[Version]


def get_original(post_id: str, *, author: Any) -> Original:
    """The post that its author may still edit.

    Raises:
        NotFound: there is none, or it is somebody else's.
        Gone: it was taken away.
        NotAllowed: the time to edit it is over.
    """
    columns = (Post.id, Post.message, Post.version, Post.state, Post.created_at)
    row = db.session.execute(select(*columns).where(Post.id == post_id, Post.user_id == author.id)).first()
    if row is None:
        raise NotFound(_("There is no thought of yours at this address."))
    if row.state not in {PostState.LIVE, PostState.HELD}:
        raise Gone(_("This thought was taken away."))
    if not is_young(row.created_at):
        raise NotAllowed(_("The time to edit this thought is over. You can reply to it instead."))
    return Original(*row)


def get_history(post_id: str, *, reader: Any | None) -> History:
    """What everybody who may read the post may know it said before, words masked that staff want masked.

    Raises:
        NotFound: there is none, or it is held or behind a block and not for the reader's eyes.
        Gone: it was taken away, and its earlier texts with it.
    """
    post = get_post(post_id, reader=reader)
    revisions = (
        select(PostRevision.message, PostRevision.written_at)
        .where(PostRevision.post_id == post_id)
        .order_by(PostRevision.post_version.desc())
        .limit(VERSIONS_SHOWN)
    )
    rows = db.session.execute(revisions).all() if post.edited_at else []
    return History(post, [Version(censored(row.message), row.written_at) for row in rows])
