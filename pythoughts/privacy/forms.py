"""The form that closes an account."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, PasswordField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from pythoughts.access import actor
from pythoughts.i18n import _
from pythoughts.privacy.use_cases import PostsFate


class DeleteForm(FlaskForm):  # type: ignore[misc]  # untyped base
    """What happens to the posts, and two proofs that nobody clicked by mistake."""

    posts = RadioField(
        _("What happens to your thoughts?"),
        choices=[
            SelectChoice(PostsFate.KEEP, _("Keep them without my name")),
            SelectChoice(PostsFate.REMOVE, _("Delete them too")),
        ],
        default=PostsFate.KEEP,
    )
    username = StringField(_("Username"))
    password = PasswordField(_("Password"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.username.label.text = _("Type %(name)s to confirm", name=actor().username)

    def validate_username(self, field: Field) -> None:
        """The page asks for the name; a program that sends no such field has the password only."""
        typed = (field.data or "").strip().removeprefix("@").lower()
        if field.raw_data and typed != actor().username:
            raise ValidationError(_("Type your username to confirm."))
