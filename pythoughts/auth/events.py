"""What the lines of the sign-in history are called, for their owner and for staff."""

from pythoughts.auth.models import Event
from pythoughts.i18n import _

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
    Event.SECOND_FACTOR_FAILED: _("Somebody gave a wrong second-factor code"),
    Event.ACCOUNT_CONNECTED: _("An account elsewhere was connected"),
    Event.ACCOUNT_DISCONNECTED: _("An account elsewhere was disconnected"),
    Event.ACCOUNT_CLOSED: _("Account closed"),
    Event.ACCOUNT_REOPENED: _("Account opened again"),
    Event.BANNED: _("Banned"),
    Event.BAN_LIFTED: _("Ban lifted"),
    Event.ROLE_CHANGED: _("Role changed"),
    Event.IMPERSONATED: _("Staff looked at the site through this account"),
}
