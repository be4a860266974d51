"""`pythoughts cron`: for hosts with a scheduler of their own."""

import click
from flask import current_app

from pythoughts import worker
from pythoughts.cli.environment import needs_app


@click.command()
@needs_app
def cron() -> None:
    """Queue the schedules that are due, each once, and end; safe beside a worker."""
    worker.queue_schedules(current_app._get_current_object())  # type: ignore[attr-defined]
