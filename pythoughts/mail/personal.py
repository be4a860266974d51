"""Which letters a person got; their texts are not kept."""

from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from pythoughts.i18n import _
from pythoughts.mail.delivery import forget_copy
from pythoughts.mail.models import OutboxMail
from pythoughts.personal import Farewell, Part


def _rows(user_id: str) -> Select[Any]:
    columns: tuple[Any, ...] = (OutboxMail.template, OutboxMail.state, OutboxMail.created_at, OutboxMail.sent_at)
    return select(*columns).where(OutboxMail.user_id == user_id).order_by(OutboxMail.id)


def _erase(session: Session, farewell: Farewell) -> None:
    """The rows, and the copies that a site without a mail server keeps."""
    gone = delete(OutboxMail).where(OutboxMail.user_id == farewell.user_id).returning(OutboxMail.id)
    for mail_id in session.scalars(gone):
        forget_copy(mail_id)


PARTS = (Part("outbox_mail", _("Mails to you"), rows=_rows, erase=_erase),)
