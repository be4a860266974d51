"""The `pythoughts` command."""

from pkgutil import resolve_name

import click

from pythoughts import __version__
from pythoughts.cli.group import PlainGroup
from pythoughts.cli.lifeline import follow_parent

COMMANDS = {
    "audit": "pythoughts.cli.audit:audit",
    "check": "pythoughts.cli.check:check",
    "cron": "pythoughts.cli.cron:cron",
    "db": "flask_migrate.cli:db",
    "demo": "pythoughts.cli.demo:demo",
    "env-example": "pythoughts.cli.env_example:env_example",
    "import-v2": "pythoughts.cli.import_v2.command:import_v2",
    "prepare": "pythoughts.cli.prepare:prepare",
    "run": "pythoughts.cli.run:run",
    "seed-huge": "pythoughts.cli.seed_huge:seed_huge",
    "settings": "pythoughts.cli.settings:settings",
    "users": "pythoughts.cli.users:users",
    "web": "pythoughts.cli.web:web",
    "worker": "pythoughts.cli.worker:worker",
}
"""Where each command is; only the one that is asked for is imported, which saves `run` two seconds."""


class Commands(PlainGroup):
    """All commands by name."""

    def list_commands(self, _context: click.Context) -> list[str]:
        """Their names, for the help."""
        return sorted(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """The command of that name, or None."""
        if name not in COMMANDS:
            return None
        if not COMMANDS[name].startswith("pythoughts."):
            context.obj = resolve_name("pythoughts.cli.environment:flask_info")()
        command: click.Command = resolve_name(COMMANDS[name])
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="Pythoughts", message="%(prog)s %(version)s")
def cli() -> None:
    """A self-hosted community board, moderated from one desk."""


def main() -> None:
    """Run the command that the arguments name."""
    follow_parent()
    cli(prog_name="pythoughts")


if __name__ == "__main__":
    main()
