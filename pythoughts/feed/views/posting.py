"""Writing: the composer on pages of its own, and what posting answers."""

from flask import make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from pythoughts.access import actor, members_only, members_or, reader
from pythoughts.errors import DomainError, Malformed
from pythoughts.feed import queries, use_cases
from pythoughts.feed.forms import PostForm
from pythoughts.feed.queries import PostRow
from pythoughts.feed.views.blueprint import bp
from pythoughts.feed.views.fragments import new_reply
from pythoughts.feed.views.kept import carries_words, forget_words, keep_words, kept_words
from pythoughts.htmx import lead_to, wants_partial
from pythoughts.i18n import _
from pythoughts.text import is_id
from pythoughts.web import keeps_form, page_or_partial, refused

LIST_COMPOSER = "composer"  # id of the composer above a list: it stays, and what it makes joins the list
INLINE_COMPOSER = "c-"  # and of one inside a list, followed by the id of what it answers: the reply takes its place


@bp.get("/posts/new")
@members_only
def new() -> str:
    """A page to write a thought on."""
    return render_template("feed/new.html", form=PostForm.empty(message=kept_words()), parent=None)


@bp.get("/posts/<id:post_id>/reply")
@members_only
def reply(post_id: str) -> str:
    """A page to write a reply on, or the box for it inside a list."""
    parent = queries.get_post(post_id, reader=actor())
    form = PostForm.empty(reply_to_id=post_id, message=kept_words())
    return page_or_partial("feed/new.html", "feed/_reply_box.html", form=form, parent=parent)


@bp.post("/posts")
@members_or(carries_words)
@keeps_form
def create() -> Response:
    """Post a thought or a reply; whoever is signed out by now is led to the sign-in, and their words with them."""
    form = PostForm()
    is_sound = form.validate()
    if reader() is None:
        return keep_words(_page_to_write(form), is_sound=is_sound)
    if not is_sound:
        return _refused(Malformed(_("This page was open in another session. Send it again.")), form)
    try:
        post_id = use_cases.create_post(author=actor(), **form.values())
    except DomainError as error:
        return _refused(error, form)
    return forget_words(make_response(_created(post_id, form)))


def _page_to_write(form: PostForm) -> str:
    answered = form.reply_to_id.data or ""
    return url_for(".reply", post_id=answered) if is_id(answered) else url_for(".new")


def _refused(error: DomainError, form: PostForm) -> Response:
    """The composer again, with the sentence and with everything that was typed."""
    form.renew()
    if wants_partial():
        return refused(error, form, "feed/_composer.html", composer_id=_composer_id() or LIST_COMPOSER)
    return refused(error, form, "feed/new.html", parent=_parent(form))


def _parent(form: PostForm) -> PostRow | None:
    answered = form.reply_to_id.data or ""
    return queries.find_post(answered, reader=reader()) if is_id(answered) else None


def _created(post_id: str, form: PostForm) -> Response | str:
    composer_id = _composer_id() if wants_partial() else ""
    if composer_id == LIST_COMPOSER:
        return _joining_the_list(queries.get_post(post_id, reader=actor()))
    if composer_id.startswith(INLINE_COMPOSER):
        return new_reply(queries.get_post(post_id, reader=actor()), actor())
    return lead_to(_place_of(post_id, form.reply_to_id.data))


def _joining_the_list(post: PostRow) -> str:
    form = PostForm.empty(reply_to_id=post.reply_to_id)
    newest_first = "sort=new" in request.headers.get("HX-Current-URL", "")
    return render_template("feed/_created.html", post=post, form=form, newest_first=newest_first)


def _place_of(post_id: str, answered: str | None) -> str:
    """In its thread, or on top of the feed; what is held stands in no list, so it is shown by itself."""
    if answered:
        return url_for(".show", post_id=answered, _anchor=f"post-{post_id}")
    return url_for(".index") if queries.is_live(post_id) else url_for(".show", post_id=post_id)


def _composer_id() -> str:
    """Which composer htmx will swap."""
    return request.headers.get("HX-Target", "").partition("#")[2]
