"""The job that sends mail."""

from itertools import repeat

import structlog

from pythoughts.jobs.queue import task
from pythoughts.jobs.retries import Pauses
from pythoughts.mail.use_cases import TRIES_MAX, deliver, note_failure

log = structlog.get_logger()

PATIENT = Pauses(5, 10, 20, 30, *repeat(45, TRIES_MAX))
"""Pauses grow to 45 s and no further: mail leaves within a minute of its server's return, even after a day."""


@task("mail.send", retry=PATIENT)
def send(mail_id: str) -> None:
    """Send one letter of the outbox, now or after a pause."""
    try:
        deliver(mail_id=mail_id)
    except Exception as error:
        given_up = note_failure(mail_id=mail_id, error=error)
        log.warning("mail-failed", mail_id=mail_id, kind=type(error).__name__, given_up=given_up)
        if not given_up:
            raise
