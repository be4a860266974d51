"""What `pythoughts run` does to its database; in a process of its own, so that the web server starts meanwhile."""

import click
from flask_migrate import upgrade

from pythoughts.cli.demo import first_start, sign_in_lines
from pythoughts.cli.environment import needs_app


@click.command(hidden=True)
@needs_app
def prepare() -> None:
    """Migrate, make the demo when this is the first start, and print who can sign in."""
    upgrade()
    for line in sign_in_lines(first_start()):
        click.echo(line)
