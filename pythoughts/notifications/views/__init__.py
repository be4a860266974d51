"""Pages of the notifications feature, and the number that every page shows beside the way to them."""

from flask import Flask

from pythoughts.notifications.queries import COUNTED, unread_by
from pythoughts.notifications.telling import path_of, words
from pythoughts.notifications.views import lists, unsubscribing
from pythoughts.notifications.views.blueprint import bp
from pythoughts.preferences.choices import my_choices
from pythoughts.preferences.queries import read_along

UNREAD = "unread notifications"  # name of the number among the choices
PAGES = (lists, unsubscribing)


def init_app(app: Flask) -> None:
    """Register the pages, and let templates ask how much is new, what a notice says and where it leads."""
    read_along(UNREAD, unread_by)
    app.jinja_env.globals.update(unread=unread, unread_counted=COUNTED)
    app.jinja_env.filters.update(told=words, place=path_of)
    app.register_blueprint(bp)


def unread() -> int:
    """How much is new for the reader; it came with their choices, at no query of its own."""
    return my_choices().numbers.get(UNREAD, 0)
