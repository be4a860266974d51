"""Change one's password."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pythoughts.access import actor, members_only
from pythoughts.auth.browser import hand_out, session_id
from pythoughts.auth.proof import recently_proven
from pythoughts.auth.use_cases import change_password
from pythoughts.errors import DomainError
from pythoughts.i18n import _
from pythoughts.preferences.forms import PasswordForm
from pythoughts.preferences.views.blueprint import bp
from pythoughts.web import keeps_form, refused

PAGE = "preferences/password.html"


@bp.route("/preferences/password", methods=["GET", "POST"])
@members_only
@recently_proven
@keeps_form
def password() -> Response | tuple[str, int]:
    """Once the current password is right, this browser gets a new session and all others end."""
    form = PasswordForm()
    if not form.validate_on_submit():
        return render_template(PAGE, form=form), 422 if request.method == "POST" else 200
    try:
        opened = change_password(
            actor=actor(), session_id=session_id(), current=form.current_password.data, new=form.new_password.data
        )
    except DomainError as error:
        return refused(error, form, PAGE)
    hand_out(opened)
    flash(str(_("Your password is changed. Every other device is signed out.")))
    return redirect(url_for(".password"), code=303)
