"""Letters about people's data: when they are worth sending, and what they are filled with."""

from datetime import timedelta

from pythoughts.auth.letters import notice, to_owner
from pythoughts.auth.queries import find_person
from pythoughts.clock import now
from pythoughts.i18n import _
from pythoughts.mail.letters import Kind, Letter


def account_closed(*, user_id: str | None, ref_id: str | None) -> Letter | None:  # noqa: ARG001  (every letter has it)
    """How to come back, unless they have already."""
    user = find_person(user_id)
    if user is None or user.delete_after is None:
        return None
    return to_owner(user, until=user.delete_after)


def open_account(*, user_id: str | None, ref_id: str | None) -> Letter | None:
    """A notice, unless the account was closed since."""
    user = find_person(user_id)
    if user is None or user.delete_after is not None:
        return None
    return notice(user_id=user_id, ref_id=ref_id)


LETTERS = (
    Kind(
        "privacy/account_closed",
        _("Your account is closed"),
        account_closed,
        (lambda _home: {"until": now() + timedelta(days=7)},),
    ),
    Kind("privacy/account_reopened", _("Your account is open again"), open_account),
    Kind("privacy/export_ready", _("Your export is ready"), open_account),
)
