"""The `pythoughts` command."""

import click
from flask.cli import ScriptInfo
from flask_migrate.cli import db

from pythoughts import __version__
from pythoughts.cli.check import check
from pythoughts.cli.cron import cron
from pythoughts.cli.demo import demo
from pythoughts.cli.env_example import env_example
from pythoughts.cli.environment import open_app
from pythoughts.cli.lifeline import follow_parent
from pythoughts.cli.plain import PlainGroup
from pythoughts.cli.run import run
from pythoughts.cli.seed_huge import seed_huge
from pythoughts.cli.users import users
from pythoughts.cli.web import web
from pythoughts.cli.worker import worker


@click.group(cls=PlainGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="Pythoughts", message="%(prog)s %(version)s")
def cli() -> None:
    """A self-hosted community board, moderated from one desk."""


for command in (run, web, worker, cron, users, check, demo, seed_huge, env_example, db):
    cli.add_command(command)


def main() -> None:
    """Run the command that the arguments name."""
    follow_parent()
    cli(prog_name="pythoughts", obj=ScriptInfo(create_app=open_app, set_debug_flag=False))


if __name__ == "__main__":
    main()
