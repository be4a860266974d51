"""Pages of the notifications feature, and the number that every page shows beside the way to them."""

from flask import Flask

from pythoughts.access import reader
from pythoughts.mail.letters import KINDS
from pythoughts.notifications.queries import COUNTED, unread_count
from pythoughts.notifications.views import lists
from pythoughts.notifications.views.blueprint import bp
from pythoughts.notifications.views.lists import place_of

PAGES = (lists,)


def init_app(app: Flask) -> None:
    """Register the pages, and let templates ask how much is new, where a notice leads and what a letter is called."""
    app.jinja_env.globals.update(place_of=place_of, unread=unread, unread_counted=COUNTED)
    app.jinja_env.filters["letter_subject"] = letter_subject
    app.register_blueprint(bp)


def unread() -> int:
    """How much is new for the reader; one query, none for a visitor."""
    person = reader()
    return unread_count(person.id) if person else 0


def letter_subject(template: str) -> str:
    """What a kind of letter is about."""
    return str(KINDS[template].subject)
