"""Sign in and out."""

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from pythoughts.access import public, reader
from pythoughts.auth import use_cases
from pythoughts.auth.browser import drop, hand_out
from pythoughts.auth.captcha import check_captcha, is_configured, show_captcha
from pythoughts.auth.forms import SignInForm
from pythoughts.auth.returning import HOME, safe_next
from pythoughts.auth.use_cases import HalfSignedIn
from pythoughts.auth.views.blueprint import bp
from pythoughts.auth.views.second_step import lead_to_second_step
from pythoughts.errors import DomainError
from pythoughts.web import keeps_form, refused

PAGE = "auth/sign_in.html"


@bp.route("/sign-in", methods=["GET", "POST"])
@public
@keeps_form
def sign_in() -> Response | str | tuple[str, int]:
    """The form; once it is right, on to where the person was going."""
    form, target = SignInForm(), safe_next(request.values.get("next"))
    if not form.validate_on_submit():
        return _form(form, target)
    try:
        _check_guessers(form)
        opened = use_cases.sign_in(
            identifier=form.identifier.data, password=form.password.data, remember=form.remember.data
        )
    except DomainError as error:
        _show_captcha_to_guessers(form)
        return refused(error, form, PAGE, target=target)
    if isinstance(opened, HalfSignedIn):
        return lead_to_second_step(opened, target, remember=form.remember.data)
    hand_out(opened)
    return redirect(target, code=303)


def _show_captcha_to_guessers(form: SignInForm) -> None:
    """Only after failures, and never in a browser that the owner has used."""
    if is_configured() and use_cases.is_being_guessed(identifier=form.identifier.data):
        show_captcha("sign-in")


def _check_guessers(form: SignInForm) -> None:
    _show_captcha_to_guessers(form)
    check_captcha()


def _form(form: SignInForm, target: str) -> Response | str | tuple[str, int]:
    if request.method == "POST":
        return render_template(PAGE, form=form, target=target), 422
    if reader():
        return redirect(target, code=303)
    return render_template(PAGE, form=form, target=target)


@bp.post("/sign-out")
@public
def sign_out() -> Response:
    """Leave; whoever has left already may leave again."""
    drop()
    return redirect(HOME, code=303)
