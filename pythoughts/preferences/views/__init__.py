"""Pages of the preferences feature."""

from flask import Blueprint, Flask

bp = Blueprint("preferences", __name__)


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)
