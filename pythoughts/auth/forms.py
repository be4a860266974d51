"""Forms of the account pages. They check shape; whatever needs the database is the use cases' business."""

from collections.abc import Callable
from time import time
from typing import Any

from flask import current_app
from flask_wtf import FlaskForm
from itsdangerous import BadSignature, Signer
from wtforms import BooleanField, Field, HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, InputRequired, Regexp, ValidationError

from pythoughts.auth.addresses import check_address
from pythoughts.auth.names import check_username
from pythoughts.errors import DomainError
from pythoughts.i18n import _
from pythoughts.services.passwords import check_new_password

TYPING_MIN = 3.0  # seconds; nobody fills in three fields faster
Check = Callable[[FlaskForm, Field], None]


def obeys(check: Callable[[str], object]) -> Check:
    """A validator that asks a rule and repeats its sentence."""

    def validate(_form: FlaskForm, field: Field) -> None:
        try:
            check(field.data or "")
        except DomainError as error:
            raise ValidationError(error.message) from None

    return validate


def _without_gaps(typed: str | None) -> str:
    return "".join((typed or "").split())


def _signer() -> Signer:
    return Signer(current_app.secret_key or "", salt="form time")


def time_stamp() -> str:
    """The current time, signed: when the form was shown."""
    return _signer().sign(f"{time():.1f}").decode()


def seconds_since(stamp: str) -> float:
    """How long ago a form was shown; 0 when the stamp is not ours."""
    try:
        return time() - float(_signer().unsign(stamp))
    except (BadSignature, ValueError):
        return 0.0


class SignUpForm(FlaskForm):  # type: ignore[misc]  # untyped base
    """A new account."""

    username = StringField(_("Username"), [obeys(check_username)])
    email = StringField(_("Email"), [obeys(check_address)])
    password = PasswordField(_("Password"), [InputRequired(_("Choose a password."))])
    website = StringField(_("Leave this empty"))
    form_time = HiddenField(default=time_stamp)

    def validate_password(self, field: Field) -> None:
        """Tell all that is wrong at once; the rule behind the form asks again, and knows more."""
        if self.username.errors or self.email.errors:
            obeys(check_new_password)(self, field)

    def validate_website(self, field: Field) -> None:
        """People do not see this field; programs fill in whatever they find."""
        if field.data:
            self._refuse(_("The hidden field has to stay empty. Clear it and send the form again."))

    def validate_form_time(self, field: Field) -> None:
        """The form may not come back faster than a person types; a second try keeps the first time."""
        waited = seconds_since(field.data or "")
        if waited < TYPING_MIN:
            self._refuse(_("That was faster than anybody types. Wait a moment and send it again."))
        if waited == 0:
            field.data = time_stamp()

    def _refuse(self, sentence: Any) -> None:
        self.form_errors.append(sentence)
        raise ValidationError(sentence)


class NewcomerForm(FlaskForm):  # type: ignore[misc]  # untyped base
    """A new account of somebody who signs in elsewhere."""

    username = StringField(_("Username"), [obeys(check_username)])
    email = StringField(_("Email"), [obeys(check_address)])


class SignInForm(FlaskForm):  # type: ignore[misc]  # untyped base
    """Name and password."""

    identifier = StringField(_("Email or username"), [InputRequired(_("Enter your email or username."))])
    password = PasswordField(_("Password"), [InputRequired(_("Enter your password."))])
    remember = BooleanField(_("Keep me signed in"), default=True)


class ConfirmForm(FlaskForm):  # type: ignore[misc]  # untyped base
    """The password again."""

    password = PasswordField(_("Password"), [InputRequired(_("Enter your password."))])


class CodeForm(FlaskForm):  # type: ignore[misc]  # untyped base
    """The digits from the mail."""

    code = StringField(
        _("6-digit code"),
        [Regexp(r"[0-9]{6}\Z", message=_("Enter the 6 digits from the mail."))],
        filters=[_without_gaps],
    )


class SecondStepForm(FlaskForm):  # type: ignore[misc]  # untyped base
    """What the authenticator app shows, or one of the codes that replace it."""

    code = StringField(_("Code"), [DataRequired(_("Enter the code."))], filters=[_without_gaps])


class ForgotForm(FlaskForm):  # type: ignore[misc]  # untyped base
    """Whom to mail a link."""

    email = StringField(_("Email"), [obeys(check_address)])


class NewPasswordForm(FlaskForm):  # type: ignore[misc]  # untyped base
    """What a link leads to."""

    password = PasswordField(_("New password"), [InputRequired(_("Choose a password."))])
