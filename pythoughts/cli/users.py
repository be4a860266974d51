"""`pythoughts users`: accounts, by the same use cases as in the back office."""

from collections.abc import Sequence
from datetime import UTC, datetime

import click
from sqlalchemy import select

from pythoughts.access import Role
from pythoughts.auth.models import User
from pythoughts.auth.queries import find_user
from pythoughts.auth.use_cases.account_reset import Delivery, Reset, reset_account
from pythoughts.auth.use_cases.create_user import create_user
from pythoughts.auth.use_cases.standing import ban_user, change_role
from pythoughts.cli.environment import needs_app
from pythoughts.cli.group import PlainGroup
from pythoughts.db import db
from pythoughts.errors import NotFound
from pythoughts.i18n import _

MOMENTS = ("%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M")
A_ROLE = click.Choice(Role, case_sensitive=False)


@click.group(cls=PlainGroup)
def users() -> None:
    """Make, promote, ban and reset accounts."""


@users.command()
@click.argument("name")
@click.option("--email", required=True, help="Taken as proven.")
@click.option("--role", type=A_ROLE, default=Role.MEMBER, show_default=True)
@needs_app
def create(*, name: str, email: str, role: Role) -> None:
    """Make an account and print a one-time link to set its password."""
    click.echo(create_user(actor=None, username=name, email=email, role=role))


@users.command()
@click.argument("name")
@click.argument("role", type=A_ROLE)
@needs_app
def promote(*, name: str, role: Role) -> None:
    """Make NAME a member, a moderator or an admin."""
    change_role(actor=None, user=_get(name), role=role)


@users.command()
@click.argument("name")
@click.option("--reason", required=True)
@click.option("--until", type=click.DateTime(MOMENTS), help="In UTC; without it, for good.")
@needs_app
def ban(*, name: str, reason: str, until: datetime | None) -> None:
    """Keep NAME out; sessions end at once."""
    user, end = _get(name), until.replace(tzinfo=UTC) if until else None
    if not (user.banned and user.ban_reason == reason and user.ban_expires == end):
        ban_user(actor=None, user=user, reason=reason, until=end)


@users.command()
@click.argument("name")
@click.option("--reason", default="Reset from the command line", show_default=True)
@needs_app
def reset(*, name: str, reason: str) -> None:
    """Scramble NAME's password, end every session, and print a one-time link for the owner."""
    click.echo(reset_account(actor=None, user=_get(name), reset=Reset(reason, link=Delivery.SHOW)))


@users.command(name="list")
@needs_app
def list_users() -> None:
    """Print name, role, state and day of joining, the newest last."""
    for user in _all():
        click.echo(f"{user.username:<30}  {user.role:<9}  {_state(user):<10}  {user.created_at:%Y-%m-%d}")


def _get(name: str) -> User:
    user = find_user(name)
    if user is None:
        raise NotFound(_("There is no member called %(name)s.", name=name))
    return user


def _all() -> Sequence[User]:
    return db.session.scalars(select(User).where(User.deleted_at.is_(None)).order_by(User.id)).all()


def _state(user: User) -> str:
    if user.banned:
        return "banned"
    return "verified" if user.email_verified else "unverified"
