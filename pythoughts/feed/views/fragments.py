"""Posts as pages show them: each is rendered once while it looks the same, then they are put together."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from pythoughts.feed.queries import PostRow, Thread
from pythoughts.feed.views.visits import Mark
from pythoughts.i18n import once
from pythoughts.web import age_of

NOTHING = Markup()
SLOT = Markup("<slot></slot>")  # where the replies to a reply go; nobody can type it, what is typed gets escaped


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reply stands, as far as that shows.

    Attributes:
        level: 1 at the left.
        has_more: whether replies to it stand below.
        is_starter: whether it is by whom the page is about.
        is_stray: whether it answers something that is not on the page.
        is_ignored: whether the reader does not want to hear its author.
        is_new: whether it was written just now.
    """

    level: int = 1
    has_more: bool = False
    is_starter: bool = False
    is_stray: bool = False
    is_ignored: bool = False
    is_new: bool = False


def articles(posts: Iterable[PostRow], reader: Any | None, *, is_new: bool = False, mark: Mark | None = None) -> Markup:
    """Posts below each other; new ones light up once, and a line stands above what was there when its reader left."""
    return _joined(
        _here(mark, post)
        + once("feed/_post.html", post=post, age=age_of(post.created_at), seen_by=post.seen_by(reader), is_new=is_new)
        for post in posts
    )


def _here(mark: Mark | None, post: PostRow) -> Markup:
    if mark is None or mark.post_id != post.id:
        return NOTHING
    return once("feed/_here.html", left_at=mark.left_at, age=age_of(mark.left_at))


def replies(thread: Thread, reader: Any | None, ignored: Collection[str]) -> Markup:
    """Everything below the post that a page is about, with the replies of `ignored` people folded."""
    return _Branches(thread, reader, ignored).below(thread.tops, 1)


def new_reply(post: PostRow, reader: Any) -> Markup:
    """A reply that has just been written, where its form was."""
    return _reply(post, reader, Place(is_new=True))


@dataclass(frozen=True)
class _Branches:
    thread: Thread
    reader: Any | None
    ignored: Collection[str]

    def below(self, posts: Iterable[PostRow], level: int) -> Markup:
        return _joined(self._branch(post, level) for post in posts)

    def _branch(self, post: PostRow, level: int) -> Markup:
        more = self.thread.children.get(post.id, ())
        html = _reply(post, self.reader, self._place(post, level, has_more=bool(more)))
        return html.replace(SLOT, self.below(more, level + 1)) if more else html

    def _place(self, post: PostRow, level: int, *, has_more: bool) -> Place:
        return Place(
            level,
            has_more,
            is_starter=post.author.id == self.thread.post.author.id,
            is_stray=level == 1 and post.reply_to_id != self.thread.post.id,
            is_ignored=post.author.id in self.ignored,
        )


def _reply(post: PostRow, reader: Any | None, place: Place) -> Markup:
    return once(
        "feed/_reply.html", post=post, age=age_of(post.created_at), seen_by=post.seen_by(reader), place=place, slot=SLOT
    )


def _joined(parts: Iterable[Markup]) -> Markup:
    return Markup("".join(parts))  # noqa: S704  (each comes from a template)
