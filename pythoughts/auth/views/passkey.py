"""Sign in with a passkey. Its button appears where the browser can do it; without JavaScript there is the password."""

from flask import Response as Answer
from flask import redirect, request, session
from werkzeug.wrappers import Response

from pythoughts.access import public
from pythoughts.auth import use_cases
from pythoughts.auth.browser import hand_out
from pythoughts.auth.forms import SignInForm
from pythoughts.auth.returning import safe_next
from pythoughts.auth.views.blueprint import bp
from pythoughts.errors import DomainError
from pythoughts.web import refused

PAGE = "auth/sign_in.html"
ASKED = "passkey_asked"  # name in the signed cookie: the token of the question that is open


@bp.post("/sign-in/passkey/options")
@public
def passkey_options() -> Response:
    """What the browser is to sign, as JSON."""
    challenge = use_cases.ask_for_passkey()
    session[ASKED] = challenge.token
    return Answer(challenge.options, mimetype="application/json")


@bp.post("/sign-in/passkey")
@public
def passkey() -> Response:
    """Once the passkey has signed, on to where the person was going."""
    target, answer = safe_next(request.values.get("next")), request.form.get("credential", "")
    try:
        opened = use_cases.sign_in_with_passkey(token=session.pop(ASKED, ""), answer=answer)
    except DomainError as error:
        return refused(error, SignInForm(formdata=None), PAGE, target=target)
    hand_out(opened)
    return redirect(target, code=303)
