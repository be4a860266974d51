"""Get back in without the password."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pythoughts.access import public
from pythoughts.auth import queries, use_cases
from pythoughts.auth.captcha import check_captcha, show_captcha
from pythoughts.auth.forms import ForgotForm, NewPasswordForm
from pythoughts.auth.views.blueprint import bp
from pythoughts.errors import DomainError, Gone
from pythoughts.i18n import _
from pythoughts.web import keeps_form, refused

FORGOT = "auth/forgot_password.html"
RESET = "auth/reset_password.html"
GONE = "auth/link_gone.html"


@bp.route("/forgot-password", methods=["GET", "POST"])
@public
@keeps_form
def forgot_password() -> Response | str | tuple[str, int]:
    """Ask for a link; the answer is the same whether or not somebody has the address."""
    form = ForgotForm()
    show_captcha("forgot-password")
    if not form.validate_on_submit():
        status = 422 if request.method == "POST" else 200
        return render_template(FORGOT, form=form, sent="sent" in request.args), status
    try:
        check_captcha()
        use_cases.request_password_reset(email=form.email.data)
    except DomainError as error:
        return refused(error, form, FORGOT, sent=False)
    return redirect(url_for(".forgot_password", sent=1), code=303)


@bp.route("/reset-password/<token>", methods=["GET", "POST"])
@public
@keeps_form
def reset_password(token: str) -> Response | tuple[str, int]:
    """The form behind a link. Looking uses nothing up: mail programs open links on their own."""
    form, link = NewPasswordForm(), queries.find_link(token)
    if link is None:
        return render_template(GONE), Gone.status
    person = link.user
    if not form.validate_on_submit():
        return render_template(RESET, form=form, person=person), 422 if request.method == "POST" else 200
    try:
        use_cases.reset_password(token=token, password=form.password.data)
    except DomainError as error:
        return refused(error, form, RESET, person=person)
    flash(str(_("Your new password is set. Sign in with it.")))
    return redirect(url_for(".sign_in"), code=303)
