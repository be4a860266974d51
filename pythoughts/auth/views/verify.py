"""Prove an address with the mailed code."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pythoughts.access import actor, members_or, reader
from pythoughts.auth import use_cases
from pythoughts.auth.captcha import check_captcha, show_captcha
from pythoughts.auth.forms import CodeForm
from pythoughts.auth.views.blueprint import bp
from pythoughts.auth.views.pending import PAGE, is_waiting, resend_pending, verify_pending
from pythoughts.errors import DomainError
from pythoughts.i18n import _
from pythoughts.web import keeps_form, refused

ACTION = "send-code"


@bp.route("/verify", methods=["GET", "POST"])
@members_or(is_waiting)
@keeps_form
def verify() -> Response | str | tuple[str, int]:
    """The form for the code; once it is right, its sender may post."""
    show_captcha(ACTION)
    if reader() is None:
        return verify_pending()
    form = CodeForm()
    if not form.validate_on_submit():
        return _form(form)
    try:
        use_cases.verify_email(actor=actor(), code=form.code.data)
    except DomainError as error:
        return refused(error, form, PAGE, **_shown())
    flash(str(_("Your email is confirmed. Now you can post.")))
    return redirect("/", code=303)


def _form(form: CodeForm) -> Response | str | tuple[str, int]:
    if request.method == "POST":
        return render_template(PAGE, form=form, **_shown()), 422
    if actor().email_verified:
        return redirect("/", code=303)
    return render_template(PAGE, form=form, **_shown())


@bp.post("/verify/resend")
@members_or(is_waiting)
def resend_code() -> Response:
    """Mail the code again."""
    show_captcha(ACTION)
    if reader() is None:
        return resend_pending()
    try:
        check_captcha()
        use_cases.resend_code(actor=actor())
    except DomainError as error:
        return refused(error, CodeForm(formdata=None), PAGE, **_shown())
    flash(str(_("The code is on its way again.")))
    return redirect(url_for(".verify"), code=303)


def _shown() -> dict[str, str | int]:
    """The address, the seconds until another mail may be asked for, and where another address is typed."""
    wait = use_cases.seconds_until_resend(actor=actor())
    return {"address": actor().email, "wait": wait, "elsewhere": url_for("preferences.email")}
