"""The back office: a Flask-Admin frame whose every write goes through the use cases."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Mount the back office at /admin."""
