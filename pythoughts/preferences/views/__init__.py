"""Pages of the preferences feature."""

from flask import Flask

from pythoughts.mail.letters import ask_language_of
from pythoughts.preferences.choices import my_choices, my_language
from pythoughts.preferences.queries import language_of
from pythoughts.preferences.views import (
    appearance,
    blocking,
    connections,
    devices,
    email,
    history,
    ignoring,
    notifications,
    passkeys,
    password,
    profile,
    two_factor,
)
from pythoughts.preferences.views.blueprint import bp
from pythoughts.preferences.views.devices import is_mobile
from pythoughts.services.browsers import device

PAGES = (
    profile,
    ignoring,
    blocking,
    email,
    password,
    two_factor,
    passkeys,
    connections,
    devices,
    history,
    appearance,
    notifications,
)


def init_app(app: Flask) -> None:
    """Register the pages, and let every template ask what its reader has chosen and name a device."""
    app.jinja_env.globals["my_choices"] = my_choices
    app.extensions["babel"].locale_selector = my_language
    ask_language_of(language_of)
    app.jinja_env.filters.update(device=device, is_mobile=is_mobile)
    app.register_blueprint(bp)
