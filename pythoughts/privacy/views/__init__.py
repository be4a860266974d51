"""Pages of the privacy feature."""

from flask import Flask

from pythoughts.privacy.views import data
from pythoughts.privacy.views.blueprint import bp

PAGES = (data,)


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)
