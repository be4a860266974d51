"""People and places that the measurement needs to know."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, text

from bench.database import Database, application
from pythoughts.access import Role
from pythoughts.auth.models import Account, KnownDevice, Session, User
from pythoughts.auth.queries import CREDENTIAL
from pythoughts.auth.tokens import digest, new_device, new_token
from pythoughts.clock import now
from pythoughts.db import db, transaction
from pythoughts.preferences.models import UserPreferences
from pythoughts.services.passwords import hash_password

MEMBERS = 60  # many, so that nobody reaches a posting limit
IGNORED = 10  # people whom each member ignores, busy ones but not those who write half of everything
PASSWORD = "long-enough-for-the-bench"  # noqa: S105  (opens accounts of a throw-away database)
OLDEST_ROOT = "select id from pythoughts where state = 'live' and reply_to_id is null order by id offset 20 limit 1"
OLDEST_POST = "select id from pythoughts order by id offset 20 limit 1"
OLDEST_USER = 'select created_at, id from "user" order by created_at, id offset 20 limit 1'
THREAD = """
select root_id from pythoughts where root_id > (select id from pythoughts order by id desc offset 2000 limit 1)
group by root_id having count(*) between 20 and 30 order by abs(count(*) - 24), root_id limit 1
"""
BUSY = "select user_id from pythoughts group by user_id order by count(*) desc offset 30 limit :many"


@dataclass(frozen=True)
class World:
    """What is where.

    Attributes:
        last_page: the id before which the last page of the feed begins.
        last_row: the same for the back office's list of posts.
        thread: a thread of about 24 replies.
        members: session tokens by username.
        devices: what the cookie carries by which the browser of each member is known.
        admin: an admin's session token.
    """

    last_page: str
    last_row: str
    thread: str
    members: dict[str, str]
    devices: dict[str, str]
    admin: str


def settle(database: Database) -> World:
    """Let some people move in and sign in."""
    with application(database):
        ignored = list(db.session.scalars(text(BUSY), {"many": IGNORED}))
        password = hash_password(PASSWORD)
        members = {
            f"member{number}": _move_in(f"member{number}", Role.MEMBER, password, ignored) for number in range(MEMBERS)
        }
        return World(
            last_page=_one(OLDEST_ROOT),
            last_row=_one(OLDEST_POST),
            thread=_one(THREAD),
            members=members,
            devices={name: _know_browser(name) for name in members},
            admin=_move_in("boss", Role.ADMIN, password, []),
        )


def _one(query: str) -> str:
    return str(db.session.scalar(text(query)))


def _know_browser(username: str) -> str:
    """Let a member have signed in before, in a browser whose cookie is this."""
    device = new_device()
    with transaction() as session:
        user_id = session.scalars(select(User.id).where(User.username == username)).one()
        session.add(KnownDevice(user_id=user_id, token=digest(device)))
    return device


def _move_in(username: str, role: Role, password: str, ignored: list[str]) -> str:
    """A person with a password and a browser; the token of their session."""
    token, joined = new_token(), now() - timedelta(days=400)
    with transaction() as session:
        user = User(
            username=username, display_username=username, name=username, email=f"{username}@example.org",
            email_verified=True, role=role, created_at=joined,
        )  # fmt: skip
        session.add(user)
        session.flush()  # the rest refers to it
        session.add(Account(account_id=user.id, provider_id=CREDENTIAL, user_id=user.id, password=password))
        session.add(Session(token=digest(token), user_id=user.id, expires_at=now() + timedelta(days=7)))
        quoted = ", ".join(f'"{each}"' for each in ignored)
        session.add(UserPreferences(user_id=user.id, ignored_users=f"[{quoted}]"))
    return token
