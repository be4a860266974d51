"""`pythoughts check`: is this installation fit for members?"""

import click

from pythoughts.cli.checklist import Level, findings
from pythoughts.cli.environment import needs_app
from pythoughts.config import current_settings

COLOURS = {Level.OK: "green", Level.WARN: "yellow", Level.FAIL: "red"}


@click.command()
@click.pass_context
@needs_app
def check(context: click.Context) -> None:
    """Go through the deployment checklist; the exit code is 1 when something must be mended."""
    failed = False
    for finding in findings(current_settings()):
        remedy = f": {finding.fix}" if finding.fix else ""
        click.echo(f"{click.style(f'{finding.level:<4}', COLOURS[finding.level])}  {finding.what}{remedy}")
        failed = failed or finding.level is Level.FAIL
    context.exit(1 if failed else 0)
