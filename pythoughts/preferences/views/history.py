"""What happened to a member's account, and from where."""

from flask import render_template, request

from pythoughts.access import actor, members_only
from pythoughts.auth.models import Event
from pythoughts.auth.queries import EVENTS_SHOWN, list_events
from pythoughts.i18n import _
from pythoughts.preferences.views.blueprint import bp
from pythoughts.text import is_id

SENTENCES = {
    Event.SIGN_UP: _("Account created"),
    Event.SIGN_IN: _("Signed in"),
    Event.SIGN_IN_FAILED: _("Somebody failed to sign in"),
    Event.SIGN_OUT: _("Signed out"),
    Event.SESSION_REVOKED: _("A device was signed out"),
    Event.SESSIONS_REVOKED: _("Several devices were signed out"),
    Event.PASSWORD_CHANGED: _("Password changed"),
    Event.PASSWORD_RESET: _("New password set by a link"),
    Event.EMAIL_VERIFIED: _("Email confirmed"),
    Event.EMAIL_CHANGED: _("Email changed"),
    Event.EMAIL_CHANGE_UNDONE: _("Change of email undone"),
    Event.USERNAME_CHANGED: _("Username changed"),
    Event.ACCOUNT_RESET: _("Account reset"),
    Event.TWO_FACTOR_ON: _("Two-factor sign-in turned on"),
    Event.TWO_FACTOR_OFF: _("Two-factor sign-in turned off"),
    Event.RECOVERY_CODES_RENEWED: _("New recovery codes made"),
    Event.RECOVERY_CODE_USED: _("Recovery code used"),
    Event.PASSKEY_ADDED: _("Passkey added"),
    Event.PASSKEY_REMOVED: _("Passkey removed"),
}


@bp.get("/preferences/history")
@members_only
def history() -> str:
    """The newest lines, and the way to older ones."""
    before = request.args.get("before", "")
    events = list_events(actor().id, before=before if is_id(before) else None)
    shown, more = events[:EVENTS_SHOWN], len(events) > EVENTS_SHOWN
    return render_template("preferences/history.html", events=shown, more=more, sentences=SENTENCES)
