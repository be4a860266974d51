"""How pages look and work for a member."""

from dataclasses import asdict

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pythoughts.access import actor, members_only
from pythoughts.config import current_settings
from pythoughts.i18n import _
from pythoughts.preferences import use_cases
from pythoughts.preferences.choices import my_choices
from pythoughts.preferences.forms import AppearanceForm
from pythoughts.preferences.views.blueprint import bp
from pythoughts.web import keeps_form

PAGE = "preferences/appearance.html"
NAMES = ("theme", "density", "background", "motion", "shortcuts", "language")
THEME_COOKIE_AGE = 31_536_000  # seconds, a year


@bp.route("/preferences/appearance", methods=["GET", "POST"])
@members_only
@keeps_form
def appearance() -> Response | tuple[str, int]:
    """The theme goes into a cookie too, so that it holds before anybody signs in here."""
    form = AppearanceForm(data=asdict(my_choices()))
    if not form.validate_on_submit():
        return render_template(PAGE, form=form), 422 if request.method == "POST" else 200
    use_cases.save_settings(actor=actor(), settings={name: form[name].data for name in NAMES})
    flash(str(_("Your settings are saved.")))
    return _with_theme(redirect(url_for(".appearance"), code=303), form.theme.data)


def _with_theme(response: Response, theme: str) -> Response:
    """Scripts read the cookie and write it, so it is open to them."""
    secure = current_settings().https
    response.set_cookie("theme", theme, max_age=THEME_COOKIE_AGE, samesite="Lax", secure=secure)
    return response
