"""What the kinds of reports are called."""

from pythoughts.i18n import _
from pythoughts.moderation.models import Category

LABELS = {
    Category.SPAM: _("Spam or scam"),
    Category.HARASSMENT: _("Harassment or hate"),
    Category.VIOLENCE: _("Violence or threats"),
    Category.SEXUAL: _("Sexual content"),
    Category.PRIVATE: _("Private information"),
    Category.OTHER: _("Something else"),
}
