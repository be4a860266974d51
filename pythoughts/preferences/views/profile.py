"""How a member is shown, and how much of a list they see at once."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pythoughts.access import actor, members_only
from pythoughts.avatars.queries import Upload, upload_of
from pythoughts.avatars.use_cases import FILE_MAX, drop_picture, upload_picture
from pythoughts.errors import DomainError
from pythoughts.htmx import wants_partial
from pythoughts.i18n import _
from pythoughts.preferences import use_cases
from pythoughts.preferences.choices import my_choices
from pythoughts.preferences.forms import ProfileForm
from pythoughts.preferences.views.blueprint import bp
from pythoughts.web import keeps_form, refused, takes_uploads

PAGE = "preferences/show.html"


@bp.get("/profile")
@bp.get("/preferences/profile")
@members_only
def old_address() -> Response:
    """Lead to the one address of this page."""
    return redirect(url_for(".show"), code=301)


@bp.route("/preferences", methods=["GET", "POST"])
@members_only
@keeps_form
def show() -> Response | str | tuple[str, int]:
    """The first page of the settings: the public profile."""
    return _answer()


@bp.post("/preferences/profile")
@members_only
@takes_uploads(FILE_MAX)
@keeps_form
def save_profile() -> Response | str | tuple[str, int]:
    """The same with room for a picture."""
    return _answer()


@bp.get("/preferences/profile/avatar")
@members_only
def picture() -> Response | str:
    """The part of the page that tells what has become of the file: a picture that waits asks for it again and again."""
    if not wants_partial():
        return redirect(url_for(".show"), code=303)
    return render_template("preferences/_picture.html", upload=upload_of(actor().id))


@bp.post("/preferences/profile/avatar/remove")
@members_only
def remove_picture() -> Response:
    """Be shown with the drawn picture again."""
    drop_picture(actor=actor())
    flash(str(_("Your picture is removed.")))
    return redirect(url_for(".show"), code=303)


def _answer() -> Response | str | tuple[str, int]:
    form = ProfileForm(data=_shown_now())
    if not form.validate_on_submit():
        return render_template(PAGE, form=form, upload=_upload()), 422 if request.method == "POST" else 200
    try:
        _save(form)
    except DomainError as error:
        return refused(error, form, PAGE, upload=_upload())
    flash(str(_("Your profile is saved.")))
    return redirect(url_for(".show"), code=303)


def _upload() -> Upload:
    return upload_of(actor().id)


def _save(form: ProfileForm) -> None:
    """The picture first: a browser can't send it again when something else is refused."""
    if file := form.avatar.data:
        upload_picture(actor=actor(), file=file.read(FILE_MAX + 1))
    use_cases.save_profile(
        actor=actor(), name=form.name.data or "", bio=form.bio.data or "", username=_new_username(form)
    )
    use_cases.save_settings(actor=actor(), settings={"page_size": form.page_size.data})


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
