"""`pythoughts settings`: what an admin may set in the back office, for whoever has a terminal only."""

import click

from pythoughts.cli.environment import needs_app
from pythoughts.cli.group import PlainGroup
from pythoughts.settings import use_cases
from pythoughts.settings.queries import Standing, list_standings


@click.group(cls=PlainGroup)
def settings() -> None:
    """Show and change settings; PYTHOUGHTS_SET_… in the environment wins over them."""


@settings.command("list")
@click.argument("words", nargs=-1)
@needs_app
def show(*, words: tuple[str, ...]) -> None:
    """Print all settings, or those with these WORDS: name, value, where it comes from, what it does."""
    for standing in list_standings(" ".join(words)):
        click.echo(f"{standing.definition.key} = {standing.value} ({_source(standing)}): {standing.definition.help}")


@settings.command("set")
@click.argument("name")
@click.argument("value")
@needs_app
def change(*, name: str, value: str) -> None:
    """Give the setting NAME another VALUE; 1 and 0 for yes and no."""
    use_cases.choose(actor=None, key=name, typed=value)


@settings.command()
@click.argument("name")
@needs_app
def reset(*, name: str) -> None:
    """Go back to the default of the setting NAME."""
    use_cases.reset(actor=None, key=name)


def _source(standing: Standing) -> str:
    if standing.is_fixed:
        return standing.definition.variable
    return "changed" if standing.is_chosen else "default"
