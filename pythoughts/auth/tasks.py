"""Links that are mailed later, and the clean-up behind accounts."""

from contextlib import suppress

from pythoughts.auth import use_cases
from pythoughts.errors import NotFound
from pythoughts.jobs.queue import periodic, task
from pythoughts.limits import use_cases as limits


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


@periodic("auth.end_impersonations", cron="* * * * *")
def end_impersonations() -> None:
    """Write down which looks through somebody's eyes are over."""
    use_cases.end_expired_impersonations()
