"""Which letters a person got; their texts are not kept, but for the copies of a site without a mail server."""

from pythoughts.i18n import _
from pythoughts.mail.delivery import forget_copy
from pythoughts.mail.models import OutboxMail
from pythoughts.personal import owned

COLUMNS = (OutboxMail.template, OutboxMail.state, OutboxMail.created_at, OutboxMail.sent_at)
PARTS = (owned(OutboxMail, _("Mails to you"), *COLUMNS, forget=forget_copy),)
