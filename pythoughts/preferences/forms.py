"""Forms of the settings pages."""

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, PasswordField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Regexp

from pythoughts.i18n import LANGUAGES, _
from pythoughts.preferences.queries import PAGE_SIZES


def _without_gaps(typed: str | None) -> str:
    return "".join((typed or "").split())


class ProfileForm(FlaskForm):  # type: ignore[misc]  # untyped base
    """What everybody sees of a member, and how much they see at once."""

    username = StringField(_("Username"), [DataRequired(_("Enter a username."))])
    name = StringField(_("Display name"))
    bio = TextAreaField(_("Bio"))
    avatar = FileField(_("Picture"), render_kw={"accept": "image/jpeg,image/png,image/webp,image/gif,image/avif"})
    page_size = SelectField(
        _("Thoughts on a page"), choices=[SelectChoice(str(size)) for size in PAGE_SIZES], coerce=int
    )


class IgnoreForm(FlaskForm):  # type: ignore[misc]  # untyped base
    """Whom not to hear any more."""

    username = StringField(_("Add by username"), [InputRequired(_("Enter a username."))])


class BlockForm(FlaskForm):  # type: ignore[misc]  # untyped base
    """Whom to keep away."""

    username = StringField(_("Add by username"), [InputRequired(_("Enter a username."))])


class PasswordForm(FlaskForm):  # type: ignore[misc]  # untyped base
    """The password so far and the next one."""

    current_password = PasswordField(_("Current password"), [InputRequired(_("Enter your current password."))])
    new_password = PasswordField(_("New password"), [InputRequired(_("Choose a new password."))])


class AppearanceForm(FlaskForm):  # type: ignore[misc]  # untyped base
    """How pages look and work."""

    theme = RadioField(
        _("Theme"),
        choices=[
            SelectChoice("system", _("Match system")),
            SelectChoice("light", _("Light")),
            SelectChoice("dark", _("Dark")),
        ],
    )
    density = RadioField(
        _("Density"), choices=[SelectChoice("roomy", _("Roomy")), SelectChoice("compact", _("Compact"))]
    )
    background = BooleanField(_("Background animation"))
    motion = BooleanField(_("Motion"))
    shortcuts = BooleanField(_("Single-key shortcuts"))
    language = SelectField(
        _("Language"),
        choices=[
            SelectChoice("", _("As the browser asks")),
            *(SelectChoice(code, name) for code, name in LANGUAGES.items()),
        ],
    )


class NotificationsForm(FlaskForm):  # type: ignore[misc]  # untyped base
    """What a member wants to be told, and how often by mail."""

    replies = BooleanField(_("Replies"))
    mentions = BooleanField(_("Mentions"))
    digest = RadioField(
        _("Mail me what I have not read"),
        choices=[
            SelectChoice("off", _("Never")),
            SelectChoice("daily", _("Every day")),
            SelectChoice("weekly", _("Every Monday")),
        ],
    )


class EmailForm(FlaskForm):  # type: ignore[misc]  # untyped base
    """Where mail shall go."""

    email = StringField(_("New email"), [InputRequired(_("Enter an address like name@example.org."))])


class EmailCodeForm(FlaskForm):  # type: ignore[misc]  # untyped base
    """What was mailed to the new address."""

    code = StringField(
        _("6-digit code"),
        [Regexp(r"[0-9]{6}\Z", message=_("Enter the 6 digits from the mail."))],
        filters=[_without_gaps],
    )


class FactorForm(FlaskForm):  # type: ignore[misc]  # untyped base
    """A code of the authenticator app."""

    code = StringField(
        _("6-digit code"), [DataRequired(_("Enter the code that the app shows."))], filters=[_without_gaps]
    )


class TurnOffForm(FlaskForm):  # type: ignore[misc]  # untyped base
    """A code of the app or a recovery code; a name of its own, because its page has two such forms."""

    code = StringField(_("Code"), [DataRequired(_("Enter a code."))], id="off-code", filters=[_without_gaps])


class RecoveryForm(FlaskForm):  # type: ignore[misc]  # untyped base
    """The same, for new recovery codes."""

    code = StringField(_("Code"), [DataRequired(_("Enter a code."))], id="renew-code", filters=[_without_gaps])


class PasskeyForm(FlaskForm):  # type: ignore[misc]  # untyped base
    """A name for a new passkey, and what the browser says for it."""

    name = StringField(_("Name"), [DataRequired(_("Give it a name."))])
    credential = HiddenField()
