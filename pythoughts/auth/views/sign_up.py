"""Create an account."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pythoughts.access import public, reader
from pythoughts.auth import use_cases
from pythoughts.auth.browser import hand_out
from pythoughts.auth.captcha import check_captcha, show_captcha
from pythoughts.auth.forms import SignUpForm
from pythoughts.auth.use_cases import WaitingForCode
from pythoughts.auth.views.blueprint import bp
from pythoughts.auth.views.pending import wait_for_code
from pythoughts.errors import DomainError
from pythoughts.web import keeps_form, refused

PAGE = "auth/sign_up.html"


@bp.route("/sign-up", methods=["GET", "POST"])
@public
@keeps_form
def sign_up() -> Response | str | tuple[str, int]:
    """The form; once it is right, its sender is signed in and waits for the code."""
    form = SignUpForm()
    show_captcha("sign-up")
    if not form.validate_on_submit():
        return _form(form)
    try:
        check_captcha()
        opened = use_cases.sign_up(username=form.username.data, email=form.email.data, password=form.password.data)
    except DomainError as error:
        return refused(error, form, PAGE)
    if isinstance(opened, WaitingForCode):
        wait_for_code(opened)
    else:
        hand_out(opened)
    return redirect(url_for(".verify"), code=303)


def _form(form: SignUpForm) -> Response | str | tuple[str, int]:
    if request.method == "POST":
        return render_template(PAGE, form=form), 422
    if reader():
        return redirect("/", code=303)
    return render_template(PAGE, form=form)
