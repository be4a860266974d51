"""Where a member is signed in."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from pythoughts.access import actor, members_only, owner_only
from pythoughts.auth.browser import session_id
from pythoughts.auth.queries import list_sessions
from pythoughts.auth.use_cases import revoke_other_sessions, revoke_session
from pythoughts.i18n import _
from pythoughts.preferences.views.blueprint import bp


def is_mobile(user_agent: str) -> bool:
    """Whether the browser says that it runs on a phone or a tablet."""
    return "Mobile" in user_agent or "Android" in user_agent


@bp.get("/preferences/devices")
@members_only
@owner_only
def devices() -> str:
    """Every browser that is signed in."""
    return render_template("preferences/devices.html", sessions=list_sessions(actor().id), current=session_id())


@bp.post("/preferences/devices/<id:session_key>/revoke")
@members_only
def revoke_device(session_key: str) -> Response:
    """Sign one device out."""
    revoke_session(actor=actor(), session_id=session_key)
    flash(str(_("That device is signed out.")))
    return redirect(url_for(".devices"), code=303)


@bp.post("/preferences/devices/revoke-others")
@members_only
def revoke_other_devices() -> Response:
    """Sign out everywhere but here."""
    revoke_other_sessions(actor=actor(), session_id=session_id())
    flash(str(_("Every other device is signed out.")))
    return redirect(url_for(".devices"), code=303)
