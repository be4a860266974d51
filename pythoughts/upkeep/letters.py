"""The letter that shows whether mail arrives."""

from pythoughts.auth.letters import notice
from pythoughts.i18n import _
from pythoughts.mail.letters import Kind

LETTERS = (Kind("upkeep/test_mail", _("Mail from this site arrives"), notice),)
