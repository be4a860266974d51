"""Jobs and letters about people's data."""

from pythoughts.auth.queries import find_person
from pythoughts.config import current_settings
from pythoughts.i18n import _
from pythoughts.jobs.queue import periodic, task
from pythoughts.mail.letters import Letter, letter
from pythoughts.privacy import use_cases


@task("privacy.make_archive")
def make_archive(export_id: str) -> None:
    """Make the archive that somebody asked for."""
    try:
        use_cases.make_archive(export_id=export_id)
    except Exception:
        use_cases.note_failed_archive(export_id=export_id)
        raise


@periodic("privacy.request_erasures", cron="* * * * *")
def request_erasures() -> None:
    """Ask every minute for the erasure of those whose grace has ended."""
    use_cases.request_erasures()


@task("privacy.erase")
def erase(user_id: str) -> None:
    """Erase one person, unless they came back."""
    use_cases.anonymise_if_due(user_id=user_id)


@periodic("privacy.tidy", cron="41 * * * *")
def tidy() -> None:
    """Delete archives and network addresses whose time is over."""
    use_cases.forget_archives()
    use_cases.forget_addresses()


@letter("privacy/account_closed")
def account_closed(*, user_id: str | None, ref_id: str | None) -> Letter | None:  # noqa: ARG001 (every letter has it)
    """How to come back, unless they have already."""
    return _to(user_id, "closed")


@letter("privacy/account_reopened")
def account_reopened(*, user_id: str | None, ref_id: str | None) -> Letter | None:  # noqa: ARG001 (as above)
    """A notice, so that nobody else keeps the account alive unseen."""
    return _to(user_id, "open")


@letter("privacy/export_ready")
def export_ready(*, user_id: str | None, ref_id: str | None) -> Letter | None:  # noqa: ARG001 (as above)
    """Where to get the archive; the address alone opens nothing."""
    return _to(user_id, "export")


SUBJECTS = {
    "closed": _("Your account is closed"),
    "open": _("Your account is open again"),
    "export": _("Your export is ready"),
}


def _to(user_id: str | None, kind: str) -> Letter | None:
    user = find_person(user_id)
    if user is None or (kind == "closed") != (user.delete_after is not None):
        return None
    home = current_settings().public_url
    values = {
        "until": user.delete_after,
        "sign_in": f"{home}/sign-in",
        "forgot": f"{home}/forgot-password",
        "page": f"{home}/preferences/data",
    }
    return Letter(to=user.email, name=user.name or user.username or user.email, subject=SUBJECTS[kind], values=values)
