"""Jobs about people's data."""

from pythoughts.jobs.queue import periodic, task
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
