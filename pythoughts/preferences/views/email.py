"""Move to another address."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pythoughts.access import actor, members_only
from pythoughts.auth.browser import session_id
from pythoughts.auth.proof import keeps_typed, recently_proven, typed_before
from pythoughts.auth.queries import find_email_change
from pythoughts.auth.use_cases import confirm_email_change, request_email_change
from pythoughts.errors import DomainError
from pythoughts.i18n import _
from pythoughts.preferences.forms import EmailCodeForm, EmailForm
from pythoughts.preferences.views.blueprint import bp
from pythoughts.web import keeps_form, refused

PAGE = "preferences/email.html"


@bp.route("/preferences/email", methods=["GET", "POST"])
@members_only
@recently_proven
@keeps_typed("email")
@keeps_form
def email() -> Response | tuple[str, int]:
    """The address so far, and a form for another; once a code is on its way, a form for that."""
    form = EmailForm(data=typed_before())
    if not form.validate_on_submit():
        return render_template(PAGE, **_shown(email_form=form)), 422 if request.method == "POST" else 200
    try:
        request_email_change(actor=actor(), email=form.email.data)
    except DomainError as error:
        return refused(error, form, PAGE, **_shown(email_form=form))
    flash(str(_("A code is on its way to the new address.")))
    return redirect(url_for(".email"), code=303)


@bp.post("/preferences/email/confirm")
@members_only
@recently_proven
def confirm_email() -> Response | tuple[str, int]:
    """Once the code is right, the account has its new address."""
    form = EmailCodeForm()
    if not form.validate_on_submit():
        return render_template(PAGE, **_shown(code_form=form)), 422
    try:
        confirm_email_change(actor=actor(), session_id=session_id(), code=form.code.data)
    except DomainError as error:
        return refused(error, form, PAGE, **_shown(code_form=form))
    flash(str(_("Your address is changed. Every other device is signed out.")))
    return redirect(url_for(".email"), code=303)


def _shown(**forms: Any) -> dict[str, Any]:
    empty = {"email_form": EmailForm(formdata=None), "code_form": EmailCodeForm(formdata=None)}
    return {**empty, "change": find_email_change(actor().id), **forms}
