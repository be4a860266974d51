"""Pages of the moderation feature."""

from flask import Flask

from pythoughts.moderation.views import reporting
from pythoughts.moderation.views.blueprint import bp

__all__ = ["bp", "reporting"]


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)
