"""What whoever sends this request has chosen, read once a request."""

from babel import negotiate_locale
from flask import g, has_request_context, request

from pythoughts.access import reader
from pythoughts.i18n import LANGUAGES
from pythoughts.preferences.queries import DEFAULTS, Choices, get_choices


def my_choices() -> Choices:
    """The choices of the signed-in person; a visitor has the defaults, at no query."""
    if "choices" not in g:
        person = reader()
        g.choices = get_choices(person.id) if person else DEFAULTS
    chosen: Choices = g.choices
    return chosen


def my_language() -> str | None:
    """The language to answer in: what the reader has chosen, or else what the browser asks for first."""
    if not has_request_context():
        return None
    asked = [tag.replace("-", "_") for tag in request.accept_languages.values()]
    return my_choices().language or negotiate_locale(asked, list(LANGUAGES))
