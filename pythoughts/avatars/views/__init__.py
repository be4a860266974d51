"""Pages of the avatars feature."""

from flask import Flask

from pythoughts.avatars.views import pictures
from pythoughts.avatars.views.blueprint import bp

PAGES = (pictures,)


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)
