"""Prove an address with the mailed code."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pythoughts.access import actor, members_only
from pythoughts.auth import use_cases
from pythoughts.auth.forms import CodeForm
from pythoughts.auth.views.blueprint import bp
from pythoughts.errors import DomainError
from pythoughts.i18n import _
from pythoughts.web import keeps_form, refused

PAGE = "auth/verify.html"


@bp.route("/verify", methods=["GET", "POST"])
@members_only
@keeps_form
def verify() -> Response | str | tuple[str, int]:
    """The form for the code; once it is right, its sender may post."""
    form = CodeForm()
    if not form.validate_on_submit():
        return _form(form)
    try:
        use_cases.verify_email(actor=actor(), code=form.code.data)
    except DomainError as error:
        return refused(error, form, PAGE, wait=_wait())
    flash(str(_("Your email is confirmed. Now you can post.")))
    return redirect("/", code=303)


def _form(form: CodeForm) -> Response | str | tuple[str, int]:
    if request.method == "POST":
        return render_template(PAGE, form=form, wait=_wait()), 422
    if actor().email_verified:
        return redirect("/", code=303)
    return render_template(PAGE, form=form, wait=_wait())


@bp.post("/verify/resend")
@members_only
def resend_code() -> Response:
    """Mail the code again."""
    try:
        use_cases.resend_code(actor=actor())
    except DomainError as error:
        return refused(error, CodeForm(formdata=None), PAGE, wait=_wait())
    flash(str(_("The code is on its way again.")))
    return redirect(url_for(".verify"), code=303)


def _wait() -> int:
    """Seconds until another mail may be asked for."""
    return use_cases.seconds_until_resend(actor=actor())
