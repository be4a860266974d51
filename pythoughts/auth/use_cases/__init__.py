"""Everything that can be done with an account."""

from pythoughts.auth.use_cases.account_reset import Confirmation, Delivery, Reset, reset_account
from pythoughts.auth.use_cases.codes import current_code, resend_code, seconds_until_resend, verify_email
from pythoughts.auth.use_cases.confirming import confirm_password
from pythoughts.auth.use_cases.connections import (
    connect_identity,
    disconnect_identity,
    sign_in_with_identity,
    sign_up_with_identity,
)
from pythoughts.auth.use_cases.create_user import create_user
from pythoughts.auth.use_cases.email_change import (
    confirm_email_change,
    current_change_code,
    request_email_change,
    undo_email_change,
    undo_url,
)
from pythoughts.auth.use_cases.identities import keep_identity
from pythoughts.auth.use_cases.impersonation import (
    end_expired_impersonations,
    start_impersonation,
    stop_impersonation,
)
from pythoughts.auth.use_cases.links import current_url
from pythoughts.auth.use_cases.passkeys import (
    Challenge,
    add_passkey,
    ask_for_new_passkey,
    ask_for_own_passkey,
    ask_for_passkey,
    confirm_with_passkey,
    remove_passkey,
    sign_in_with_passkey,
)
from pythoughts.auth.use_cases.passwords import change_password, request_password_reset, reset_password, send_reset_link
from pythoughts.auth.use_cases.pending_sign_up import (
    WaitingForCode,
    current_sign_up_code,
    finish_sign_up,
    resend_sign_up_code,
    seconds_until_sign_up_resend,
)
from pythoughts.auth.use_cases.second_step import HalfSignedIn, finish_second_step
from pythoughts.auth.use_cases.sessions import (
    OpenedSession,
    Presence,
    revoke_other_sessions,
    revoke_session,
    revoke_sessions,
    sign_out,
    touch_session,
)
from pythoughts.auth.use_cases.sign_in import is_being_guessed, sign_in
from pythoughts.auth.use_cases.sign_up import sign_up
from pythoughts.auth.use_cases.standing import ban_user, change_role, unban_user
from pythoughts.auth.use_cases.tidy import tidy
from pythoughts.auth.use_cases.two_factor import renew_recovery_codes, turn_off_two_factor, turn_on_two_factor
from pythoughts.auth.use_cases.username import change_username
from pythoughts.auth.use_cases.verifications import resend_code_to, revoke_verification

__all__ = [
    "Challenge",
    "Confirmation",
    "Delivery",
    "HalfSignedIn",
    "OpenedSession",
    "Presence",
    "Reset",
    "WaitingForCode",
    "add_passkey",
    "ask_for_new_passkey",
    "ask_for_own_passkey",
    "ask_for_passkey",
    "ban_user",
    "change_password",
    "change_role",
    "change_username",
    "confirm_email_change",
    "confirm_password",
    "confirm_with_passkey",
    "connect_identity",
    "create_user",
    "current_change_code",
    "current_code",
    "current_sign_up_code",
    "current_url",
    "disconnect_identity",
    "end_expired_impersonations",
    "finish_second_step",
    "finish_sign_up",
    "is_being_guessed",
    "keep_identity",
    "remove_passkey",
    "renew_recovery_codes",
    "request_email_change",
    "request_password_reset",
    "resend_code",
    "resend_code_to",
    "resend_sign_up_code",
    "reset_account",
    "reset_password",
    "revoke_other_sessions",
    "revoke_session",
    "revoke_sessions",
    "revoke_verification",
    "seconds_until_resend",
    "seconds_until_sign_up_resend",
    "send_reset_link",
    "sign_in",
    "sign_in_with_identity",
    "sign_in_with_passkey",
    "sign_out",
    "sign_up",
    "sign_up_with_identity",
    "start_impersonation",
    "stop_impersonation",
    "tidy",
    "touch_session",
    "turn_off_two_factor",
    "turn_on_two_factor",
    "unban_user",
    "undo_email_change",
    "undo_url",
    "verify_email",
]
