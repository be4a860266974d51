"""Jobs that count."""

from pythoughts.jobs.queue import periodic
from pythoughts.statistics import use_cases


@periodic("statistics.count_lately", cron="*/5 * * * *")
def count_lately() -> None:
    """Count the last days again every five minutes."""
    use_cases.count_lately()


@periodic("statistics.count_all", cron="7 3 * * *")
def count_all() -> None:
    """Count everything again every night."""
    use_cases.count_all()
