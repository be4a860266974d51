"""Whom a member does not want to hear."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pythoughts.access import actor, members_only
from pythoughts.errors import DomainError
from pythoughts.htmx import wants_partial
from pythoughts.i18n import _
from pythoughts.preferences import queries, use_cases
from pythoughts.preferences.forms import IgnoreForm
from pythoughts.preferences.views.blueprint import bp
from pythoughts.preferences.views.returning import way_back
from pythoughts.web import keeps_form, page_or_partial, refused

PAGE = "preferences/ignored.html"


@bp.post("/user/<username>/ignore")
@members_only
def ignore(username: str) -> Response | str:
    """Ignore somebody; with JavaScript a note that can be undone takes the post's place."""
    person = use_cases.ignore_person(actor=actor(), username=username)
    if wants_partial():
        return render_template("preferences/_ignored_note.html", person=person)
    flash(str(_("You are ignoring @%(username)s.", username=person.username)))
    return redirect(way_back(), code=303)


@bp.post("/user/<username>/unignore")
@members_only
def unignore(username: str) -> Response:
    """Hear somebody again; with JavaScript the page is loaded anew, with what was left out."""
    person = use_cases.stop_ignoring(actor=actor(), username=username)
    if wants_partial():
        return Response(headers={"HX-Refresh": "true"})
    flash(str(_("You are not ignoring @%(username)s any more.", username=person.username)))
    return redirect(way_back(), code=303)


@bp.route("/preferences/ignored", methods=["GET", "POST"])
@members_only
@keeps_form
def ignored() -> Response | str | tuple[str, int]:
    """The list, and a form that adds to it by name."""
    form = IgnoreForm()
    if not form.validate_on_submit():
        return _list(form), 422 if request.method == "POST" else 200
    try:
        person = use_cases.ignore_person(actor=actor(), username=form.username.data)
    except DomainError as error:
        return refused(error, form, PAGE, listed=queries.list_ignored(actor().id))
    flash(str(_("You are ignoring @%(username)s.", username=person.username)))
    return redirect(url_for(".ignored"), code=303)


def _list(form: IgnoreForm) -> str:
    listed = queries.list_ignored(actor().id, after=request.args.get("after"))
    return page_or_partial(PAGE, "preferences/_ignored_people.html", form=form, listed=listed)
