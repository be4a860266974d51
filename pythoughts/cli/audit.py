"""`pythoughts audit`: is what the audit log says still what was written?"""

import click

from pythoughts.audit.use_cases import check_seals, seal
from pythoughts.cli.environment import needs_app
from pythoughts.cli.group import PlainGroup


@click.group(cls=PlainGroup)
def audit() -> None:
    """Look after the audit log."""


@audit.command()
@needs_app
def verify() -> None:
    """Compare every sealed act with its seal; the exit code is 1 when one does not fit."""
    seal()
    seen = check_seals()
    if seen.broken_seal_id is not None:
        sound = f"All is well up to act {seen.up_to_id}."
        raise click.ClickException(f"Seal {seen.broken_seal_id} does not fit what the audit log says now. {sound}")
    click.echo(f"{seen.acts} acts are as they were sealed, up to act {seen.up_to_id}. Last hash: {seen.hash}")
