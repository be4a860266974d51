"""E-mail addresses: one form for each, so that it is unique, and one that every mail server takes."""

from email_validator import EmailNotValidError, validate_email

from pythoughts.auth.models import EMAIL_MAX
from pythoughts.errors import Invalid
from pythoughts.i18n import _


def check_address(typed: str, *, field: str = "email") -> str:
    """The address as it is stored and sent to: ASCII, lower case, an international domain in its ASCII form.

    Raises:
        Invalid: it can't be an address of the public internet.
    """
    address = find_address(typed)
    if address is None:
        raise Invalid(_("Enter an address like name@example.org."), field=field)
    return address


def find_address(typed: str) -> str | None:
    """The same, or None."""
    if len(typed) > EMAIL_MAX:
        return None
    try:
        # .test (RFC 6761) is let through: it reaches nobody, and operators try things out with it.
        valid = validate_email(
            typed.strip(),
            check_deliverability=False,  # whether mail arrives is for the code to prove
            allow_smtputf8=False,
            strict=True,
            test_environment=True,
        )
    except EmailNotValidError:
        return None
    return valid.ascii_email.lower() if valid.ascii_email else None
