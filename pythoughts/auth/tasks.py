"""Letters about accounts, and the clean-up behind them."""

from contextlib import suppress
from typing import Any

from pythoughts.auth import queries, use_cases
from pythoughts.auth.models import User
from pythoughts.clock import now
from pythoughts.errors import NotFound
from pythoughts.i18n import Text, _
from pythoughts.jobs.queue import periodic, task
from pythoughts.limits import use_cases as limits
from pythoughts.mail.letters import Letter, letter
from pythoughts.services.browsers import device


@task("auth.send_reset_link")
def send_reset_link(user_id: str | None) -> None:
    """Mail a link to whoever asked for one; to nobody when the address was unknown."""
    if user_id is not None:
        with suppress(NotFound):  # the account went in the meantime
            use_cases.send_reset_link(user_id=user_id)


@periodic("auth.tidy", cron="11 * * * *")
def tidy() -> None:
    """Delete sessions, proofs and counters that have ended."""
    use_cases.tidy()
    limits.tidy()


@letter("auth/verify_email")
def verify_email(*, user_id: str | None, ref_id: str | None) -> Letter | None:
    """The code that proves an address, unless it was used or withdrawn; a new one when the mail was that late."""
    user, pending = queries.find_person(user_id), queries.find_verification(ref_id)
    if user is None or pending is None or user.email_verified:
        return None
    return _to(user, _("Your code"), code=use_cases.current_code(user=user), address=user.email)


@letter("auth/reset_link")
def reset_link(*, user_id: str | None, ref_id: str | None) -> Letter | None:
    """The link that somebody asked for, unless it was used or withdrawn."""
    user, link = queries.find_person(user_id), queries.find_verification(ref_id)
    if user is None or link is None:
        return None
    return _to(user, _("Set a new password"), link=use_cases.current_url(link=link))


@letter("auth/account_reset")
def account_reset(*, user_id: str | None, ref_id: str | None) -> Letter | None:
    """What staff did to the account, with the way back in unless that was handed over in person."""
    user, link = queries.find_person(user_id), queries.find_verification(ref_id)
    if user is None or (ref_id is not None and link is None):
        return None
    url = use_cases.current_url(link=link) if link else None
    return _to(user, _("Your account was reset"), link=url, forgot=use_cases.forgot_url())


@letter("auth/password_changed")
def password_changed(*, user_id: str | None, ref_id: str | None) -> Letter | None:  # noqa: ARG001 (every letter has it)
    """A notice, so that a thief does not change a password unseen."""
    return _notice(user_id, _("Your password was changed"))


@letter("auth/sign_up_code")
def sign_up_code(*, user_id: str | None, ref_id: str | None) -> Letter | None:  # noqa: ARG001 (nobody exists yet)
    """The code for somebody who signs up; to the owner of the address, that they have an account."""
    pending = queries.get_pending_sign_up(ref_id)
    if pending is None:
        return None
    if owner := queries.find_person(queries.user_id_of_address(pending.email)):
        return _to(owner, _("You have an account already"), forgot=use_cases.forgot_url())
    code = use_cases.current_sign_up_code(pending=pending)
    return Letter(to=pending.email, name=pending.display_username, subject=_("Your code"), values={"code": code})


@letter("auth/change_email")
def change_email(*, user_id: str | None, ref_id: str | None) -> Letter | None:
    """The code that proves a new address, mailed to it, unless the change was made, withdrawn or replaced."""
    user, change = queries.find_person(user_id), queries.find_change(ref_id)
    if user is None or change is None or change.changed_at is not None:
        return None
    if owner := queries.find_person(queries.user_id_of_address(change.new_email)):
        return _to(owner, _("You have an account already"), forgot=use_cases.forgot_url())
    code = use_cases.current_change_code(change=change)
    values = {"code": code, "address": change.new_email, "username": user.display_username}
    return Letter(to=change.new_email, name=_name(user), subject=_("Your code"), values=values)


@letter("auth/email_changed")
def email_changed(*, user_id: str | None, ref_id: str | None) -> Letter | None:
    """A notice to the address that the account had, with the link that takes the change back."""
    user, change = queries.find_person(user_id), queries.find_change(ref_id)
    if user is None or change is None or change.undo_until is None or change.undo_until <= now():
        return None
    values = {"link": use_cases.undo_url(change=change), "username": user.display_username}
    return Letter(to=change.old_email, name=_name(user), subject=_("Your address was changed"), values=values)


@letter("auth/new_device")
def new_device(*, user_id: str | None, ref_id: str | None) -> Letter | None:
    """A notice that somebody signed in at a browser that was not known, unless it has become history."""
    user, event = queries.find_person(user_id), queries.find_event(ref_id)
    if user is None or event is None:
        return None
    where = {"browser": device(event.user_agent), "ip": event.ip_address, "at": f"{event.at:%Y-%m-%d %H:%M} UTC"}
    return _to(user, _("A new device signed in"), forgot=use_cases.forgot_url(), **where)


@letter("auth/two_factor_on")
def two_factor_on(*, user_id: str | None, ref_id: str | None) -> Letter | None:  # noqa: ARG001 (every letter has it)
    """A notice, so that nobody is locked out of their own account unseen."""
    return _notice(user_id, _("Two-factor sign-in is on"))


@letter("auth/two_factor_off")
def two_factor_off(*, user_id: str | None, ref_id: str | None) -> Letter | None:  # noqa: ARG001 (every letter has it)
    """A notice that the account has lost a lock."""
    return _notice(user_id, _("Two-factor sign-in is off"))


@letter("auth/recovery_codes_renewed")
def recovery_codes_renewed(*, user_id: str | None, ref_id: str | None) -> Letter | None:  # noqa: ARG001 (as above)
    """A notice that the codes on paper are worthless now."""
    return _notice(user_id, _("You have new recovery codes"))


@letter("auth/recovery_code_used")
def recovery_code_used(*, user_id: str | None, ref_id: str | None) -> Letter | None:  # noqa: ARG001 (as above)
    """A notice that somebody signed in without the app, and how many codes are left."""
    return _notice(user_id, _("A recovery code was used"), left=queries.recovery_codes_left(user_id or ""))


@letter("auth/passkey_added")
def passkey_added(*, user_id: str | None, ref_id: str | None) -> Letter | None:  # noqa: ARG001 (as above)
    """A notice that another key opens the account."""
    return _notice(user_id, _("A passkey was added"))


@letter("auth/passkey_removed")
def passkey_removed(*, user_id: str | None, ref_id: str | None) -> Letter | None:  # noqa: ARG001 (as above)
    """A notice, so that nobody loses their key unseen."""
    return _notice(user_id, _("A passkey was removed"))


@letter("auth/account_connected")
def account_connected(*, user_id: str | None, ref_id: str | None) -> Letter | None:  # noqa: ARG001 (as above)
    """A notice that an account elsewhere opens this one."""
    return _notice(user_id, _("An account was connected"))


@letter("auth/account_disconnected")
def account_disconnected(*, user_id: str | None, ref_id: str | None) -> Letter | None:  # noqa: ARG001 (as above)
    """A notice, so that nobody loses their way in unseen."""
    return _notice(user_id, _("An account was disconnected"))


@letter("auth/address_changed")
def address_changed(*, user_id: str | None, ref_id: str | None) -> Letter | None:
    """A notice to the address that the account had before."""
    user, notice = queries.find_person(user_id), queries.find_verification(ref_id)
    if user is None or notice is None:
        return None
    subject = _("This address was removed from an account")
    return Letter(to=notice.value, name=_name(user), subject=subject, values={"username": user.display_username})


def _notice(user_id: str | None, subject: Text, **values: Any) -> Letter | None:
    user = queries.find_person(user_id)
    return _to(user, subject, forgot=use_cases.forgot_url(), **values) if user else None


def _to(user: User, subject: Text, **values: Any) -> Letter:
    return Letter(to=user.email, name=_name(user), subject=subject, values=values)


def _name(user: User) -> str:
    return user.name or user.display_username or user.email
