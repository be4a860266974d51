"""How a member is shown, and how much of a list they see at once."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pythoughts.access import actor, members_only
from pythoughts.errors import DomainError
from pythoughts.i18n import _
from pythoughts.preferences import use_cases
from pythoughts.preferences.choices import my_choices
from pythoughts.preferences.forms import ProfileForm
from pythoughts.preferences.views.blueprint import bp
from pythoughts.web import keeps_form, refused

PAGE = "preferences/show.html"


@bp.get("/profile")
@bp.get("/preferences/profile")
@members_only
def old_address() -> Response:
    """Lead to the one address of this page."""
    return redirect(url_for(".show"), code=301)


@bp.route("/preferences", methods=["GET", "POST"])
@bp.post("/preferences/profile", endpoint="save_profile")
@members_only
@keeps_form
def show() -> Response | str | tuple[str, int]:
    """The first page of the settings: the public profile."""
    form = ProfileForm(data=_shown_now())
    if not form.validate_on_submit():
        return render_template(PAGE, form=form), 422 if request.method == "POST" else 200
    try:
        use_cases.save_profile(
            actor=actor(), name=form.name.data or "", bio=form.bio.data or "", username=_new_username(form)
        )
        use_cases.save_settings(actor=actor(), settings={"page_size": form.page_size.data})
    except DomainError as error:
        return refused(error, form, PAGE)
    flash(str(_("Your profile is saved.")))
    return redirect(url_for(".show"), code=303)


def _new_username(form: ProfileForm) -> str | None:
    """A form that has no such field leaves the name as it is."""
    return form.username.data if "username" in request.form else None


def _shown_now() -> dict[str, Any]:
    me = actor()
    return {
        "username": me.display_username or me.username,
        "name": me.name,
        "bio": me.bio,
        "page_size": my_choices().page_size,
    }
