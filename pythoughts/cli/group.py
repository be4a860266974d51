"""Groups of commands that all end plainly."""

from pkgutil import resolve_name
from typing import Any

import click


class PlainGroup(click.Group):
    """Says what is wrong in one sentence."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the chosen command."""
        try:
            return super().invoke(ctx)
        except click.exceptions.NoArgsIsHelpError:
            raise
        except click.UsageError as error:
            asked = error.ctx.command_path if error.ctx else ctx.command_path
            raise click.ClickException(f"{error.format_message()} See `{asked} --help`.") from None
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            # By name: what it takes to explain an error, `run` does without for half a second.
            sentence = resolve_name("pythoughts.cli.plain:explain")(error)
            if sentence is None:
                raise
            raise click.ClickException(sentence) from None
