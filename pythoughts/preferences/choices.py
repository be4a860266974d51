"""What whoever sends this request has chosen, read once a request."""

from flask import g

from pythoughts.access import reader
from pythoughts.preferences.queries import DEFAULTS, Choices, get_choices


def my_choices() -> Choices:
    """The choices of the signed-in person; a visitor has the defaults, at no query."""
    if "choices" not in g:
        person = reader()
        g.choices = get_choices(person.id) if person else DEFAULTS
    chosen: Choices = g.choices
    return chosen
