"""`pythoughts web`: serve the pages."""

from contextlib import suppress

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from sqlalchemy.exc import OperationalError

from pythoughts.app import create_app
from pythoughts.cli import gunicorn_config
from pythoughts.cli.database import settings
from pythoughts.cli.demo import require_no_open_door
from pythoughts.config import Settings
from pythoughts.db import db


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn with our settings; every process of it builds the application anew, so that a reload takes new code."""

    def __init__(self, chosen: Settings) -> None:
        """Keep the settings: the processes must not start databases of their own."""
        self.chosen = chosen
        super().__init__()

    def load_config(self) -> None:
        """Take over every setting that the configuration module names."""
        for name, value in vars(gunicorn_config).items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)
        host = f"[{self.chosen.host}]" if ":" in self.chosen.host else self.chosen.host
        self.cfg.set("bind", f"{host}:{self.chosen.port}")

    def load(self) -> Flask:
        """Build the application in a new process."""
        return create_app(self.chosen)


@click.command()
def web() -> None:
    """Serve the pages with gunicorn until stopped."""
    chosen = settings()
    if not chosen.development:  # `run` has asked already
        _refuse_open_demo(chosen)
    Server(chosen).run()


def _refuse_open_demo(chosen: Settings) -> None:
    """Everybody knows its passwords. A database that is away can't be asked, and must not keep us from starting."""
    with create_app(chosen).app_context():
        try:
            with suppress(OperationalError):
                require_no_open_door()
        finally:
            db.session.remove()
            db.engine.dispose()  # connections must not be shared with the processes to come
