"""The second factor: an authenticator app and its recovery codes."""

from typing import Any
from urllib.parse import urlsplit

from flask import flash, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from pythoughts.access import actor, members_only
from pythoughts.auth.proof import recently_proven
from pythoughts.auth.queries import find_recovery_codes, recovery_codes_left
from pythoughts.auth.sealing import seal, unseal
from pythoughts.auth.use_cases import renew_recovery_codes, turn_off_two_factor, turn_on_two_factor
from pythoughts.config import current_settings
from pythoughts.errors import DomainError, Gone, Invalid, TooFast
from pythoughts.i18n import _
from pythoughts.preferences.forms import FactorForm, RecoveryForm, TurnOffForm
from pythoughts.preferences.views.blueprint import bp
from pythoughts.services.authenticator import address_of, new_secret
from pythoughts.services.qr_codes import qr_picture
from pythoughts.web import keeps_form, refused

SET_UP, SHOW = "preferences/two_factor_set_up.html", "preferences/two_factor.html"
DRAFT = "two_factor_draft"  # name in the signed cookie: the secret, sealed, until the app has proven it
FRESH = "fresh_recovery_codes"  # the same: codes that are shown once, sealed until then


@bp.route("/preferences/two-factor", methods=["GET", "POST"])
@members_only
@recently_proven
@keeps_form
def two_factor() -> Response | tuple[str, int]:
    """How it stands; while it is off, the way to turn it on."""
    if actor().two_factor_enabled:
        return make_response(render_template(SHOW, **_shown(), fresh=_take_fresh()))
    form, secret = FactorForm(), _draft()
    if not form.validate_on_submit():
        return render_template(SET_UP, form=form, **_invitation(secret)), 422 if request.method == "POST" else 200
    try:
        codes = turn_on_two_factor(actor=actor(), secret=secret, code=form.code.data)
    except DomainError as error:
        return refused(error, form, SET_UP, **_invitation(secret))
    session.pop(DRAFT)
    return _show_once(codes)


@bp.post("/preferences/two-factor/off")
@members_only
@recently_proven
def turn_off() -> Response | tuple[str, int]:
    """Back to the password alone."""
    form = TurnOffForm()
    if not form.validate_on_submit():
        return render_template(SHOW, **_shown(off=form)), 422
    try:
        turn_off_two_factor(actor=actor(), code=form.code.data)
    except (Invalid, TooFast) as error:
        return refused(error, form, SHOW, **_shown(off=form))
    flash(str(_("Two-factor sign-in is off.")))
    return redirect(url_for(".two_factor"), code=303)


@bp.post("/preferences/two-factor/codes")
@members_only
@recently_proven
def renew_codes() -> Response | tuple[str, int]:
    """Ten new codes instead of the old ones."""
    form = RecoveryForm()
    if not form.validate_on_submit():
        return render_template(SHOW, **_shown(renew=form)), 422
    try:
        codes = renew_recovery_codes(actor=actor(), code=form.code.data)
    except (Invalid, TooFast) as error:
        return refused(error, form, SHOW, **_shown(renew=form))
    return _show_once(codes)


@bp.post("/preferences/two-factor/codes.txt")
@members_only
def download_codes() -> Response:
    """The codes that the page shows, as a file: the page sends them along, for nobody else knows them any more."""
    codes = find_recovery_codes(actor().id, request.form.get("codes", "").split())
    if not codes:
        raise Gone(_("These codes work no longer. Make new ones."))
    response = make_response("\n".join([f"{_here()} @{actor().username}", "", *codes, ""]))
    response.mimetype = "text/plain"
    response.headers["Content-Disposition"] = 'attachment; filename="recovery-codes.txt"'
    return response


def _draft() -> str:
    """The secret that this browser was shown, or a new one."""
    secret = unseal(session.get(DRAFT, ""))
    if secret is None:
        secret = new_secret()
        session[DRAFT] = seal(secret)
    return secret


def _invitation(secret: str) -> dict[str, Any]:
    groups = [secret[start : start + 4] for start in range(0, len(secret), 4)]
    address = address_of(secret, account=f"{actor().username}@{_here()}")
    return {"secret": " ".join(groups), "qr": qr_picture(address)}


def _here() -> str:
    return urlsplit(current_settings().public_url).netloc


def _shown(**forms: Any) -> dict[str, Any]:
    left = recovery_codes_left(actor().id)
    return {"off": TurnOffForm(formdata=None), "renew": RecoveryForm(formdata=None), "left": left, **forms}


def _show_once(codes: list[str]) -> Response:
    session[FRESH] = seal(" ".join(codes))
    return redirect(url_for(".two_factor"), code=303)


def _take_fresh() -> list[str]:
    return (unseal(session.pop(FRESH, "")) or "").split()
