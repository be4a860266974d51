"""Pages of the health feature."""

from flask import Blueprint, Flask

bp = Blueprint("health", __name__)


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)
