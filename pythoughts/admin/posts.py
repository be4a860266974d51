"""Thoughts: find one, read it in its thread, remove it, put it back."""

import re
from typing import Any, ClassVar

from flask import url_for
from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import aliased

from pythoughts.access import Permission, actor
from pythoughts.admin.actions import Answer, PlainForm, Question, ReasonForm, ask, require_rank, way_back
from pythoughts.admin.base import page
from pythoughts.admin.columns import both_ways, made_between, may_act_on
from pythoughts.admin.filters import USERNAME, ChoiceFilter, Option, PersonFilter
from pythoughts.admin.listing import ListView
from pythoughts.audit.queries import history_of
from pythoughts.auth.models import User
from pythoughts.db import db
from pythoughts.errors import Conflict
from pythoughts.feed.models import Post, PostState
from pythoughts.feed.queries import Author, PostRow, find_post
from pythoughts.feed.queries.rows import posts, to_row
from pythoughts.feed.use_cases import remove_post, restore_post
from pythoughts.i18n import Text, _
from pythoughts.web import keeps_form

EXCERPT = 240  # characters of a message in the list
HISTORY = 20  # acts on the page of a thought
ANSWERS = 5  # below it
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
STATES = {
    PostState.LIVE: _("Visible"),
    PostState.HELD: _("Held"),
    PostState.REMOVED: _("Removed"),
    PostState.DELETED: _("Deleted by author"),
}

AUTHOR = ("id", "username", "display_username", "name", "role", "avatar_version")

Remover = aliased(User, name="remover")

POST_FACTS = (
    *(getattr(User, name).label(f"member_{name}") for name in AUTHOR),
    Post.state,
    Post.reply_count.label("replies"),
    Post.created_at,
)
REMOVAL = (
    Post.deleted_at.label("removed_at"),
    Remover.username.label("removed_by"),
    Post.delete_reason.label("removal_reason"),
)
ROWS = select(Post.id, func.left(Post.message, EXCERPT).label("message"), *POST_FACTS).join(Post.author)
REMOVAL_EFFECTS = (
    _("Nobody but staff can read it any more."),
    _("Replies to it stay, below a note that a moderator removed it."),
    _("You can restore it at any time."),
)


class PostsView(ListView):
    """Every thought and every reply, whatever its state."""

    permission = Permission.POST_MODERATE
    list_template = "backoffice/posts.html"
    can_view_details = True

    column_list = ("message", "member", "state", "replies", "created_at")
    column_labels: ClassVar = {
        "message": _("Thought"),
        "member": _("Member"),
        "state": _("Status"),
        "replies": _("Replies"),
        "created_at": _("Posted"),
    }
    column_details_list = (
        *column_list,
        "edited_at",
        "reply_to_id",
        "root_id",
        "removed_at",
        "removed_by",
        "removal_reason",
    )
    column_searchable_list = ("message", "id")
    column_sortable_list = ("created_at",)
    column_export_list = ()
    column_filters = (
        ChoiceFilter(
            "state", _("Status"), [Option(key, label, Post.state == key) for key, label in STATES.items()], quick=True
        ),
        PersonFilter("author", _("Member"), Post.user_id),
        *made_between(_("Posted"), Post.id),
    )
    orders: ClassVar = both_ways("created_at", Post.id)
    phone_columns = frozenset({"message"})
    number_columns = frozenset({"replies"})

    def rows(self) -> Select[Any]:
        """An excerpt of each, with its author."""
        return ROWS

    def details(self) -> Select[Any]:
        """The whole text, where it stands in its thread, and who removed it."""
        facts = (Post.message, *POST_FACTS, Post.edited_at, Post.reply_to_id, Post.root_id, *REMOVAL)
        return select(Post.id, *facts).join(Post.author).outerjoin(Remover, Remover.id == Post.deleted_by)

    def search_hint(self) -> Text:
        """What `search_for` looks at."""
        return _("Words, @member or id")

    def search_for(self, words: str) -> ColumnElement[bool]:
        """By id, by author, or by whole words; each has an index."""
        name = words.removeprefix("@").lower()
        if UUID.fullmatch(words):
            return Post.id == words
        if words.startswith("@") and USERNAME.fullmatch(name):
            return Post.user_id == select(User.id).where(User.username == name).scalar_subquery()
        return Post.search.op("@@")(func.websearch_to_tsquery("simple", words))

    @page("/<id:row_id>")
    def details_view(self, row_id: str) -> str:
        """One thought between what it answers and what answered it, and all that staff did to it."""
        post = self.get_one(row_id)
        return self.render(  # type: ignore[no-any-return]
            "backoffice/post.html",
            post=post,
            author=_author_of(post),
            may_act=may_act_on(post),
            answered=find_post(post.reply_to_id, reader=actor()) if post.reply_to_id else None,
            answers=_first_answers(post.id),
            history=history_of("post", post.id, HISTORY),
        )

    @page("/<id:row_id>/remove", methods=("GET", "POST"))
    @keeps_form
    def remove(self, row_id: str) -> Answer:
        """Ask why, then remove it."""
        post = self.get_one(row_id)
        require_rank(may_act_on(post))
        _require_state(post, PostState.LIVE, PostState.HELD)
        form = ReasonForm()

        def act() -> Text:
            remove_post(actor=actor(), post_id=post.id, reason=form.reason.data)
            return _("Removed.")

        question = Question(_("Remove this thought?"), REMOVAL_EFFECTS, _("Remove"), self._way_back(post))
        return ask(self, question, form, act)

    @page("/<id:row_id>/restore", methods=("GET", "POST"))
    @keeps_form
    def restore(self, row_id: str) -> Answer:
        """Ask once, then put it back."""
        post = self.get_one(row_id)
        require_rank(may_act_on(post))
        _require_state(post, PostState.REMOVED)

        def act() -> Text:
            restore_post(actor=actor(), post_id=post.id)
            return _("The thought is back where it was.")

        effects = (_("Everybody can read it again."),)
        question = Question(_("Restore this thought?"), effects, _("Restore"), self._way_back(post), danger=False)
        return ask(self, question, PlainForm(), act)

    def _way_back(self, post: Row[Any]) -> str:
        return way_back(url_for(f"{self.endpoint}.details_view", row_id=post.id))


def _author_of(post: Row[Any]) -> Author:
    return Author(*(getattr(post, f"member_{name}") for name in AUTHOR))


def _first_answers(post_id: str) -> list[PostRow]:
    statement = posts().where(Post.reply_to_id == post_id).order_by(Post.id).limit(ANSWERS)
    return [to_row(row) for row in db.session.execute(statement)]


def _require_state(post: Row[Any], *states: PostState) -> None:
    """Refuse to act on what somebody changed after the page was opened."""
    if post.state not in states:
        raise Conflict(_("This thought is not what it was: %(state)s.", state=STATES[PostState(post.state)]))
