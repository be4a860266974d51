"""Pages of the feed feature."""

from flask import Blueprint, Flask

bp = Blueprint("feed", __name__)


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)
