"""Pages of the notifications feature, and the number that every page shows beside the way to them."""

from flask import Flask

from pythoughts.access import reader
from pythoughts.notifications.queries import COUNTED, unread_count
from pythoughts.notifications.telling import path_of, words
from pythoughts.notifications.views import lists, unsubscribing
from pythoughts.notifications.views.blueprint import bp

PAGES = (lists, unsubscribing)


def init_app(app: Flask) -> None:
    """Register the pages, and let templates ask how much is new, what a notice says and where it leads."""
    app.jinja_env.globals.update(unread=unread, unread_counted=COUNTED)
    app.jinja_env.filters.update(told=words, place=path_of)
    app.register_blueprint(bp)


def unread() -> int:
    """How much is new for the reader; one query, none for a visitor."""
    person = reader()
    return unread_count(person.id) if person else 0
