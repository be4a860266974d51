"""Letters about accounts: when they are worth sending, and what they are filled with."""

from typing import Any

from pythoughts.auth import queries, use_cases
from pythoughts.auth.models import User
from pythoughts.clock import now
from pythoughts.i18n import _
from pythoughts.mail.letters import Kind, Letter
from pythoughts.services.browsers import device

OWNED = "auth/address_owned"
EXAMPLE = "an-example-as-long-as-a-real-one-opens-nothing"  # stands for the secret part of a link


def to_owner(user: User, **values: Any) -> Letter:
    """A letter to the address of an account."""
    return Letter(user.email, name_of(user), values)


def name_of(user: User) -> str:
    """Whom to greet."""
    return user.name or user.display_username or user.email


def notice(*, user_id: str | None, ref_id: str | None) -> Letter | None:  # noqa: ARG001  (every letter has it)
    """What happened to an account, told to its owner so that nobody else does it unseen."""
    user = queries.find_person(user_id)
    return to_owner(user) if user else None


def verify_email(*, user_id: str | None, ref_id: str | None) -> Letter | None:
    """The code that proves an address, unless it was used or withdrawn; a new one when the mail was that late."""
    user, pending = queries.find_person(user_id), queries.find_verification(ref_id)
    if user is None or pending is None or user.email_verified:
        return None
    return to_owner(user, code=use_cases.current_code(user=user), address=user.email)


def reset_link(*, user_id: str | None, ref_id: str | None) -> Letter | None:
    """The link that somebody asked for, unless it was used or withdrawn."""
    user, link = queries.find_person(user_id), queries.find_verification(ref_id)
    if user is None or link is None:
        return None
    return to_owner(user, link=use_cases.current_url(link=link))


def account_reset(*, user_id: str | None, ref_id: str | None) -> Letter | None:
    """What staff did to the account, with the way back in unless that was handed over in person."""
    user, link = queries.find_person(user_id), queries.find_verification(ref_id)
    if user is None or (ref_id is not None and link is None):
        return None
    return to_owner(user, link=use_cases.current_url(link=link) if link else None)


def sign_up_code(*, user_id: str | None, ref_id: str | None) -> Letter | None:  # noqa: ARG001  (nobody exists yet)
    """The code for somebody who signs up; to the owner of the address, that they have an account."""
    pending = queries.get_pending_sign_up(ref_id)
    if pending is None:
        return None
    if owner := queries.find_person(queries.user_id_of_address(pending.email)):
        return Letter(owner.email, name_of(owner), instead=OWNED)
    code = use_cases.current_sign_up_code(pending=pending)
    return Letter(pending.email, pending.display_username, {"code": code})


def change_email(*, user_id: str | None, ref_id: str | None) -> Letter | None:
    """The code that proves a new address, mailed to it, unless the change was made, withdrawn or replaced."""
    user, change = queries.find_person(user_id), queries.find_change(ref_id)
    if user is None or change is None or change.changed_at is not None:
        return None
    if owner := queries.find_person(queries.user_id_of_address(change.new_email)):
        return Letter(owner.email, name_of(owner), instead=OWNED)
    code = use_cases.current_change_code(change=change)
    values = {"code": code, "address": change.new_email, "username": user.display_username}
    return Letter(change.new_email, name_of(user), values)


def email_changed(*, user_id: str | None, ref_id: str | None) -> Letter | None:
    """A notice to the address that the account had, with the link that takes the change back."""
    user, change = queries.find_person(user_id), queries.find_change(ref_id)
    if user is None or change is None or change.undo_until is None or change.undo_until <= now():
        return None
    values = {"link": use_cases.undo_url(change=change), "username": user.display_username}
    return Letter(change.old_email, name_of(user), values)


def address_changed(*, user_id: str | None, ref_id: str | None) -> Letter | None:
    """A notice to the address that the account had before staff changed it."""
    user, told = queries.find_person(user_id), queries.find_verification(ref_id)
    if user is None or told is None:
        return None
    return Letter(told.value, name_of(user), {"username": user.display_username})


def new_device(*, user_id: str | None, ref_id: str | None) -> Letter | None:
    """A notice that somebody signed in at a browser that was not known, unless it has become history."""
    user, event = queries.find_person(user_id), queries.find_event(ref_id)
    if user is None or event is None:
        return None
    return to_owner(user, browser=device(event.user_agent), ip=event.ip_address, at=event.at)


def impersonated(*, user_id: str | None, ref_id: str | None) -> Letter | None:
    """A notice that staff looked at the site through the account, unless it has become history."""
    user, event = queries.find_person(user_id), queries.find_event(ref_id)
    return to_owner(user, at=event.at) if user and event else None


def recovery_code_used(*, user_id: str | None, ref_id: str | None) -> Letter | None:  # noqa: ARG001  (as in `notice`)
    """A notice that somebody signed in without the app, and how many codes are left."""
    user = queries.find_person(user_id)
    return to_owner(user, left=queries.recovery_codes_left(user.id)) if user else None


LETTERS = (
    Kind(
        "auth/verify_email",
        _("Your code"),
        verify_email,
        (lambda _home: {"code": "493817", "address": "ada@example.org"},),
    ),
    Kind("auth/sign_up_code", _("Your code"), sign_up_code, (lambda _home: {"code": "493817"},)),
    Kind(OWNED, _("You have an account already"), notice),
    Kind(
        "auth/reset_link",
        _("Set a new password"),
        reset_link,
        (lambda home: {"link": f"{home}/reset-password/{EXAMPLE}"},),
    ),
    Kind(
        "auth/account_reset",
        _("Your account was reset"),
        account_reset,
        (lambda home: {"link": f"{home}/reset-password/{EXAMPLE}"}, lambda _home: {"link": None}),
    ),
    Kind("auth/password_changed", _("Your password was changed"), notice),
    Kind(
        "auth/change_email",
        _("Your code"),
        change_email,
        (lambda _home: {"code": "493817", "address": "ada@example.org", "username": "Ada"},),
    ),
    Kind(
        "auth/email_changed",
        _("Your address was changed"),
        email_changed,
        (lambda home: {"link": f"{home}/email-undo/{EXAMPLE}", "username": "Ada"},),
    ),
    Kind(
        "auth/address_changed",
        _("This address was removed from an account"),
        address_changed,
        (lambda _home: {"username": "Ada"},),
    ),
    Kind(
        "auth/new_device",
        _("A new device signed in"),
        new_device,
        (lambda _home: {"browser": "Firefox on Linux", "ip": "203.0.113.7", "at": now()},),
    ),
    Kind("auth/two_factor_on", _("Two-factor sign-in is on"), notice),
    Kind("auth/two_factor_off", _("Two-factor sign-in is off"), notice),
    Kind("auth/recovery_codes_renewed", _("You have new recovery codes"), notice),
    Kind("auth/recovery_code_used", _("A recovery code was used"), recovery_code_used, (lambda _home: {"left": 3},)),
    Kind("auth/passkey_added", _("A passkey was added"), notice),
    Kind("auth/passkey_removed", _("A passkey was removed"), notice),
    Kind("auth/account_connected", _("An account was connected"), notice),
    Kind("auth/account_disconnected", _("An account was disconnected"), notice),
    Kind("auth/impersonated", _("Staff looked at your account"), impersonated, (lambda _home: {"at": now()},)),
)
