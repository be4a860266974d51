"""What somebody says is wrong."""

from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice

from pythoughts.i18n import _
from pythoughts.moderation.labels import LABELS
from pythoughts.moderation.models import DETAILS_MAX


class ReportForm(FlaskForm):  # type: ignore[misc]  # untyped base
    """A reason and, if they like, some words. The use case knows the rules of both."""

    category = RadioField(
        _("What is wrong with it?"),
        choices=[SelectChoice(key, label) for key, label in LABELS.items()],
        validate_choice=False,
    )
    details = TextAreaField(
        _("Anything a moderator should know?"), render_kw={"rows": 2, "maxlength": DETAILS_MAX, "class": "input"}
    )

    def values(self) -> dict[str, str]:
        """What the use case takes."""
        return {"category": self.category.data or "", "details": self.details.data or ""}
