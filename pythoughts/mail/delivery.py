"""Turn a letter into a message, and hand it over to the mail server or to a folder."""

from email.utils import parseaddr
from time import time
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_mail import Message

from pythoughts.config import current_settings
from pythoughts.mail.letters import KINDS, Letter
from pythoughts.services import mail_folder, smtp

HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
"""Ask other machines not to answer (RFC 3834; Exchange knows only the second)."""

__all__ = ["Message", "forget_copy", "hand_over", "is_final", "shared", "write"]

is_final = smtp.is_final


def write(letter: Letter, template: str, mail_id: str) -> Message:
    """The letter as plain text and HTML, in its reader's language.

    Its Message-ID is the outbox row's, so that a mail sent twice after a crash is seen as one. An answer to it goes to
    the people who run the site.
    """
    settings, kind = current_settings(), KINDS[letter.instead or template]
    with force_locale(letter.language):
        subject = str(kind.subject)
        values = {**letter.values, **shared(letter.name), "subject": subject, "lang": letter.language}
        message = Message(
            subject=subject,
            recipients=[(letter.name, letter.to)],
            body=_render(f"email/{kind.template}.txt", values),
            html=_render(f"email/{kind.template}.html", values),
            sender=settings.mail_from,
            reply_to=settings.contact,
            date=time(),
            extra_headers={**HEADERS, **letter.headers},
        )
    message.msgId = f"<{mail_id}@{_domain(settings.mail_from)}>"
    return message


def shared(name: str) -> dict[str, str]:
    """What every letter says: whom it greets, which site it comes from, where to complain."""
    settings = current_settings()
    return {"name": name, "public_url": settings.public_url, "contact": settings.contact}


def hand_over(message: Message, mail_id: str) -> None:
    """Send the message; without a mail server, and always in development, keep it in instance/outbox.

    Raises:
        smtplib.SMTPException: the server refused.
        OSError: it can't be reached, or hangs.
    """
    settings = current_settings()
    if settings.smtp_url is None or settings.development:
        mail_folder.keep(settings.instance_dir / "outbox", mail_id, message.as_bytes())
    if settings.smtp_url is not None:
        smtp.send(message, settings.smtp_url)


def forget_copy(mail_id: str) -> None:
    """Delete the message from instance/outbox, if it was kept there."""
    mail_folder.forget(current_settings().instance_dir / "outbox", mail_id)


def _render(path: str, values: dict[str, Any]) -> str:
    # Not flask.render_template: what it adds for pages needs a request.
    return current_app.jinja_env.get_template(path).render(values)


def _domain(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2]
