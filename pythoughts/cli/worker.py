"""`pythoughts worker`: run the jobs."""

import click
from flask import current_app

from pythoughts import worker as jobs
from pythoughts.cli.environment import needs_app


@click.command()
@click.option("--drain", is_flag=True, help="Run what is due now, then end.")
@needs_app
def worker(*, drain: bool) -> None:
    """Run jobs and their schedules until stopped."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    if drain:
        jobs.drain(app)
    else:
        jobs.run(app)
