"""Jobs that keep the audit log honest."""

from pythoughts.audit import use_cases
from pythoughts.jobs.queue import periodic


@periodic("audit.seal", cron="* * * * *")
def seal() -> None:
    """Seal every minute what was done since."""
    use_cases.seal()


@periodic("audit.check", cron="37 * * * *")
def check() -> None:
    """Walk along the whole chain every hour."""
    use_cases.check_seals()
