"""Whom a member keeps away, and who by that keeps away from them."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from pythoughts.access import actor, members_only
from pythoughts.errors import DomainError
from pythoughts.i18n import _
from pythoughts.preferences import queries, use_cases
from pythoughts.preferences.forms import BlockForm
from pythoughts.preferences.views.blueprint import bp
from pythoughts.preferences.views.returning import way_back
from pythoughts.web import keeps_form, page_or_partial, refused

PAGE = "preferences/blocked.html"


@bp.post("/user/<username>/block")
@members_only
def block(username: str) -> Response:
    """Block somebody; their page then says so, with a button that takes it back."""
    person = use_cases.block_person(actor=actor(), username=username)
    flash(str(_("You have blocked @%(username)s.", username=person.username)))
    return redirect(url_for("feed.profile", username=person.username), code=303)


@bp.post("/user/<username>/unblock")
@members_only
def unblock(username: str) -> Response:
    """Take a block back."""
    person = use_cases.unblock_person(actor=actor(), username=username)
    flash(str(_("@%(username)s is not blocked any more.", username=person.username)))
    return redirect(way_back(), code=303)


@bp.route("/preferences/blocked", methods=["GET", "POST"])
@members_only
@keeps_form
def blocked() -> Response | str | tuple[str, int]:
    """The list, and a form that adds to it by name."""
    form = BlockForm()
    if not form.validate_on_submit():
        return _list(form), 422 if request.method == "POST" else 200
    try:
        person = use_cases.block_person(actor=actor(), username=form.username.data)
    except DomainError as error:
        return refused(error, form, PAGE, listed=queries.list_blocked(actor().id))
    flash(str(_("You have blocked @%(username)s.", username=person.username)))
    return redirect(url_for(".blocked"), code=303)


def _list(form: BlockForm) -> str:
    listed = queries.list_blocked(actor().id, after=request.args.get("after"))
    return page_or_partial(PAGE, "preferences/_blocked_people.html", form=form, listed=listed)
