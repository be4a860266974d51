"""Put a letter in the outbox with the change that causes it, and later see it off."""

from dataclasses import replace

from pythoughts.clock import now
from pythoughts.db import transaction
from pythoughts.jobs.queue import enqueue
from pythoughts.mail.delivery import Message, forget_copy, hand_over, is_final, write
from pythoughts.mail.letters import KINDS, language_of
from pythoughts.mail.models import MailState, OutboxMail
from pythoughts.signals import letter_queued

TRIES_MAX = 2_000  # about a day with the pauses of the job


def send_later(*, template: str, user_id: str | None, ref_id: str | None = None) -> None:
    """Ask for a letter in the caller's transaction.

    Args:
        template: of a registered kind of letter.
        user_id: its reader; the row goes when the account goes.
        ref_id: what it is about, for example a verification.
    """
    with transaction() as session:
        mail = OutboxMail(template=template, user_id=user_id, ref_id=ref_id)
        session.add(mail)
        session.flush()  # the job needs mail.id
        enqueue("mail.send", mail_id=mail.id)
        letter_queued.send(template, user_id=user_id)


def deliver(*, mail_id: str) -> None:
    """Write a queued letter and hand it to the mail server; one that is gone, sent or given up is left alone.

    No transaction is open while the server takes its time.

    Raises:
        Exception: whatever went wrong; `note_failure` decides what becomes of the letter.
    """
    if not _begin(mail_id):
        return
    message = _compose(mail_id)
    if message is None:
        _end(mail_id, MailState.EXPIRED)
        return
    hand_over(message, mail_id)
    _end(mail_id, MailState.SENT)


def note_failure(*, mail_id: str, error: Exception) -> bool:
    """Remember why a try failed; only the class of the error, its text may quote an address.

    Returns:
        Whether the letter is given up.
    """
    with transaction() as session:
        mail = session.get(OutboxMail, mail_id)
        if mail is None:
            return True
        mail.last_error = type(error).__name__
        if is_final(error) or mail.attempts >= TRIES_MAX:
            mail.state = MailState.FAILED
        return mail.state == MailState.FAILED


def _begin(mail_id: str) -> bool:
    """Count the try before it is made, so that a letter which kills its worker is given up in the end."""
    with transaction() as session:
        mail = session.get(OutboxMail, mail_id, with_for_update=True)
        if mail is None or mail.state != MailState.QUEUED:
            return False
        mail.attempts += 1
    return True


def _compose(mail_id: str) -> Message | None:
    with transaction() as session:
        mail = session.get_one(OutboxMail, mail_id)
        letter = KINDS[mail.template].build(user_id=mail.user_id, ref_id=mail.ref_id)
        if letter is None:
            return None
        chosen = language_of(mail.user_id)
        return write(replace(letter, language=chosen or letter.language), mail.template, mail_id)


def _end(mail_id: str, state: MailState) -> None:
    with transaction() as session:
        mail = session.get(OutboxMail, mail_id)
        if mail is None:  # its reader was erased while it was on its way
            forget_copy(mail_id)
        else:
            mail.state = state
            mail.last_error = None
            mail.sent_at = now() if state is MailState.SENT else None
