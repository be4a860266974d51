"""What the old address of an account can do after a change."""

from flask import flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from pythoughts.access import public
from pythoughts.auth import queries, use_cases
from pythoughts.auth.views.blueprint import bp
from pythoughts.errors import DomainError, Gone
from pythoughts.i18n import _
from pythoughts.web import keeps_form, refused

PAGE = "auth/email_undo.html"
GONE = "auth/undo_gone.html"


@bp.route("/email-undo/<token>", methods=["GET", "POST"])
@public
@keeps_form
def email_undo(token: str) -> Response | tuple[str, int]:
    """One button. Looking takes nothing back: mail programs open links on their own."""
    form, change = FlaskForm(), queries.find_undo(token)
    if change is None:
        return render_template(GONE), Gone.status
    person = queries.find_person(change.user_id)
    if not form.validate_on_submit():
        return render_template(PAGE, form=form, change=change, person=person), 422 if form.is_submitted() else 200
    try:
        address = use_cases.undo_email_change(token=token)
    except DomainError as error:
        return refused(error, form, PAGE, change=change, person=person)
    flash(str(_("Your address is %(address)s again, and every device is signed out.", address=address)))
    flash(str(_("Set a new password now, in case somebody else knows the one you have.")))
    return redirect(url_for(".forgot_password"), code=303)
