"""`pythoughts demo`: a small community to look around in, on this machine only."""

from collections.abc import Sequence
from urllib.parse import urlsplit

import click
from sqlalchemy import func, select

from pythoughts.auth.models import User
from pythoughts.auth.queries import find_credential
from pythoughts.cli.demo.people import SIGN_INS, SignIn
from pythoughts.cli.demo.rows import TAIL_START, make_community, tail_of
from pythoughts.cli.environment import needs_app
from pythoughts.config import ConfigError, current_settings, is_loopback
from pythoughts.db import db
from pythoughts.errors import Conflict
from pythoughts.services.passwords import verify_password

__all__ = ["SIGN_INS", "SignIn", "demo", "first_start", "require_no_open_door", "sign_in_lines", "working_sign_ins"]


@click.command()
@needs_app
def demo() -> None:
    """Make a small community to look around in, in an empty database."""
    if not _is_only_local():
        raise _too_open()
    if not _demo_ids():
        if _anybody():
            raise Conflict("This database has people of its own. The demo only fills an empty one.")
        make_community()
    for line in sign_in_lines(working_sign_ins()):
        click.echo(line)


def first_start() -> Sequence[SignIn]:
    """Make the community when nobody has an account yet and only this machine can reach the site.

    Returns:
        The sign-ins that work, for the operator to see; none where there is no demo.

    Raises:
        ConfigError: others than this machine could sign in with them.
    """
    require_no_open_door()
    if _is_only_local() and not _anybody():
        make_community()
    return working_sign_ins()


def require_no_open_door() -> None:
    """Keep a site that others can reach from running with passwords that everybody knows.

    Raises:
        ConfigError: it would.
    """
    if not _is_only_local() and working_sign_ins():
        raise _too_open()


def working_sign_ins() -> list[SignIn]:
    """The demo's sign-ins whose passwords are still the ones that everybody knows."""
    ids = _demo_ids()
    return [each for each in SIGN_INS if ids and _opens(each, ids)]


def sign_in_lines(sign_ins: Sequence[SignIn]) -> list[str]:
    """The sign-ins as a table to print."""
    return [f"  {each.role:<10} {each.username:<8} {each.password}" for each in sign_ins]


def _too_open() -> ConfigError:
    return ConfigError(
        "HOST and PUBLIC_URL must name this machine only (127.0.0.1, localhost) while the demo is in the database: "
        "everybody knows its passwords. For a community of your own, name an empty database in DATABASE_URL."
    )


def _is_only_local() -> bool:
    settings = current_settings()
    return is_loopback(settings.host) and is_loopback(urlsplit(settings.public_url).hostname or "")


def _anybody() -> bool:
    return db.session.scalar(select(User.id).limit(1)) is not None


def _demo_ids() -> set[str]:
    """Keys of the demo's people who can sign in; a name or an address somebody else may have, the key nobody."""
    tails = [tail_of(each.username) for each in SIGN_INS]
    return set(db.session.scalars(select(User.id).where(func.substr(User.id, TAIL_START).in_(tails))))


def _opens(each: SignIn, ids: set[str]) -> bool:
    credential = find_credential(each.username)
    return credential is not None and credential.user_id in ids and verify_password(each.password, credential.password)
