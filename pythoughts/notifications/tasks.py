"""Jobs about notifications."""

from pythoughts.jobs.queue import periodic
from pythoughts.notifications import use_cases


@periodic("notifications.digests", cron="17 * * * *")
def queue_digests() -> None:
    """Ask every hour for the digests that are due: a machine that slept writes them when it wakes."""
    use_cases.queue_digests()


@periodic("notifications.tidy", cron="47 3 * * *")
def tidy() -> None:
    """Forget what was read long ago."""
    use_cases.forget_old()
