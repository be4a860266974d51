"""Changing what one wrote, and what a post said before."""

from flask import flash, render_template, url_for
from werkzeug.wrappers import Response

from pythoughts.access import actor, members_only, members_or, public, reader
from pythoughts.errors import Conflict, DomainError, Malformed
from pythoughts.feed import queries, use_cases
from pythoughts.feed.forms import EditForm
from pythoughts.feed.views.blueprint import bp
from pythoughts.feed.views.kept import carries_words, forget_words, keep_words, kept_words
from pythoughts.htmx import lead_to, wants_partial
from pythoughts.i18n import _
from pythoughts.web import keeps_form, refused


@bp.get("/posts/<id:post_id>/edit")
@members_only
def edit(post_id: str) -> str:
    """A page to change a thought on."""
    original = queries.get_original(post_id, author=actor())
    form = EditForm.of(kept_words() or original.message, original.version)
    return render_template("feed/edit.html", form=form, post_id=post_id, current="")


@bp.post("/posts/<id:post_id>/edit")
@members_or(carries_words)
@keeps_form
def update(post_id: str) -> Response:
    """Change a thought; whoever is signed out by now keeps their words."""
    form = EditForm()
    is_sound = form.validate()
    if reader() is None:
        return keep_words(url_for(".edit", post_id=post_id), is_sound=is_sound)
    if not is_sound:
        return _refused(Malformed(_("This page was open in another session. Send it again.")), form, post_id)
    try:
        use_cases.edit_post(actor=actor(), post_id=post_id, **form.values())
    except DomainError as error:
        return _refused(error, form, post_id)
    flash(str(_("Your thought is saved.")))
    return forget_words(lead_to(url_for(".show", post_id=post_id)))


@bp.get("/posts/<id:post_id>/history")
@public
def history(post_id: str) -> str:
    """What a thought said before it was edited."""
    return render_template("feed/history.html", history=queries.get_history(post_id, reader=reader()))


def _refused(error: DomainError, form: EditForm, post_id: str) -> Response:
    """The form again with everything that was typed; on a conflict beside what the thought says by now."""
    current = ""
    if isinstance(error, Conflict):
        original = queries.get_original(post_id, author=actor())
        current, form.version.data = original.message, str(original.version)
    page = "feed/_edit_form.html" if wants_partial() else "feed/edit.html"
    return refused(error, form, page, post_id=post_id, current=current)
