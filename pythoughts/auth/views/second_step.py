"""The second step of signing in, and staff who must have one."""

from flask import flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from pythoughts.access import declared_access, public, reader
from pythoughts.auth import queries, use_cases
from pythoughts.auth.browser import hand_out
from pythoughts.auth.forms import SecondStepForm
from pythoughts.auth.returning import HOME, safe_next
from pythoughts.auth.use_cases import HalfSignedIn
from pythoughts.auth.views.blueprint import bp
from pythoughts.errors import DomainError, Gone
from pythoughts.i18n import _
from pythoughts.settings.queries import value_of
from pythoughts.settings.registry import define
from pythoughts.web import refused

PAGE = "auth/second_step.html"
WAITING = "second_step"  # name in the signed cookie
NO_STAFF = frozenset({None, "public", "members"})
STAFF_TWO_FACTOR = define(
    "accounts.staff_two_factor", False, _("Staff need a second factor before they can open the back office.")
)


def lead_to_second_step(half: HalfSignedIn, target: str, *, remember: bool) -> Response:
    """Keep what the second step needs in the signed cookie, and ask for the code."""
    session[WAITING] = {"token": half.token, "remember": remember}
    return redirect(url_for("auth.second_step", next=target if target != HOME else None), code=303)


@bp.route("/sign-in/two-factor", methods=["GET", "POST"])
@public
def second_step() -> Response | tuple[str, int]:
    """The form for the code; without a first step there is nothing to finish."""
    form, target, waiting = SecondStepForm(), safe_next(request.values.get("next")), session.get(WAITING, {})
    if queries.find_second_step(waiting.get("token", "")) is None:
        return _start_over(target, _("Sign in with your name and password first."))
    if not form.validate_on_submit():
        return render_template(PAGE, form=form, target=target), 422 if request.method == "POST" else 200
    try:
        opened = use_cases.finish_second_step(code=form.code.data, **waiting)
    except Gone as error:
        return _start_over(target, error.message)
    except DomainError as error:
        return refused(error, form, PAGE, target=target)
    hand_out(opened)
    return redirect(target, code=303)


def _start_over(target: str, sentence: object) -> Response:
    session.pop(WAITING, None)
    flash(str(sentence))
    return redirect(url_for("auth.sign_in", next=target if target != HOME else None), code=303)


def require_of_staff() -> Response | None:
    """Lead staff who have no second factor to set it up, where the setting asks for one."""
    if request.endpoint is None or declared_access(request.endpoint) in NO_STAFF:
        return None
    me = reader()
    if me is None or me.two_factor_enabled or not value_of(STAFF_TWO_FACTOR):
        return None
    flash(str(_("Staff need two-factor sign-in here. Set it up, then go on.")))
    return redirect(url_for("preferences.two_factor"), code=303)
