"""`pythoughts seed-huge`: a community of any size, for measuring. Fills an empty database by COPY."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain, islice
from random import Random
from time import perf_counter
from typing import Any

import click
from psycopg import Cursor, sql
from sqlalchemy import func, select, text

from pythoughts.audit.models import AuditLog
from pythoughts.audit.use_cases import check_seals, seal
from pythoughts.auth.models import User
from pythoughts.cli.environment import needs_app
from pythoughts.cli.seed_huge import mails, people, posts, reports
from pythoughts.cli.seed_huge.shape import grow
from pythoughts.cli.seed_huge.timeline import Timeline
from pythoughts.cli.seed_huge.words import Writer
from pythoughts.clock import now
from pythoughts.db import db, transaction
from pythoughts.feed.models import Post
from pythoughts.services.passwords import unusable_hash
from pythoughts.statistics.use_cases import count_all

POSTS_MIN, POSTS_MAX = 100, 20_000_000
POSTS_PER_PERSON = 40
PEOPLE_MIN = 30
BATCH = 250_000  # rows a statement: PostgreSQL keeps a note of each until it has checked the foreign keys at the end
TOLD, UNREAD = timedelta(days=90), timedelta(days=3)  # before the last post: replies somebody was told of, has not read
# A reply is told to one person, so its key serves for what they are told, too.
NOTICES = """
    insert into notification (id, user_id, kind, person_id, post_id, created_at, updated_at, read_at)
    select reply.id, answered.user_id, 'reply', reply.user_id, reply.id, reply.created_at, reply.created_at,
        case when reply.created_at < %(unread)s then reply.created_at + interval '1 hour' end
    from pythoughts reply join pythoughts answered on answered.id = reply.reply_to_id
    where reply.state = 'live' and reply.user_id <> answered.user_id and reply.created_at > %(since)s
"""


@dataclass(frozen=True)
class Seeded:
    """What was made, and in how many seconds."""

    posts: int
    people: int
    seconds: float


class NotEmpty(click.ClickException):
    """The database belongs to somebody."""


@click.command("seed-huge")
@click.option("--posts", "count", type=click.IntRange(POSTS_MIN, POSTS_MAX), required=True, help="How many posts.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another number makes another community.")
@needs_app
def seed_huge(count: int, seed: int) -> None:
    """Fill an empty database with a made-up community, for measuring."""
    made = seed_database(count, seed)
    click.echo(f"{made.posts:,} posts by {made.people:,} people in {made.seconds:.0f} s.")


def seed_database(count: int, seed: int) -> Seeded:
    """Make `count` posts and everything around them in one transaction.

    Raises:
        NotEmpty: somebody has an account here already.
    """
    started = perf_counter()
    _require_empty()
    timeline = Timeline(seed, count, max(PEOPLE_MIN, count // POSTS_PER_PERSON), now())
    with transaction() as session:
        _copy_all(session.connection().connection.driver_connection.cursor(), timeline)  # type: ignore[union-attr]
    _settle()
    count_all()
    seal()
    check_seals()
    return Seeded(count, timeline.people, perf_counter() - started)


def _require_empty() -> None:
    if db.session.scalar(select(User.id).limit(1)) or db.session.scalar(select(Post.id).limit(1)):
        raise NotEmpty("This database has people in it. seed-huge only fills an empty one.")


def _copy_all(cursor: Cursor[Any], timeline: Timeline) -> None:
    random = Random(timeline.seed)  # noqa: S311  (made-up data, no secrets)
    crowd = people.People(timeline, random, unusable_hash())
    _copy(cursor, "user", people.USER_COLUMNS, crowd.users())
    _copy(cursor, "account", people.ACCOUNT_COLUMNS, crowd.accounts())
    _copy(cursor, "session", people.SESSION_COLUMNS, crowd.sessions())
    _copy(cursor, "verification", people.VERIFICATION_COLUMNS, crowd.verifications())
    _copy(cursor, "user_preferences", people.PREFERENCES_COLUMNS, crowd.preferences())
    shape = grow(timeline.posts, random)
    thoughts = posts.Posts(timeline, shape, random, Writer(random))
    _copy(cursor, "pythoughts", posts.POST_COLUMNS, thoughts.rows())
    cursor.execute(NOTICES, {"since": timeline.end - TOLD, "unread": timeline.end - UNREAD})
    first = 1 + (db.session.scalar(select(func.max(AuditLog.id))) or 0)
    _copy(cursor, "audit_log", posts.AUDIT_COLUMNS, thoughts.audit(first))
    _copy(cursor, "audit_personal", posts.PERSONAL_COLUMNS, thoughts.personal(first))
    complaints = reports.Reports(timeline, shape, random)
    _copy(cursor, "review_item", reports.ITEM_COLUMNS, complaints.items())
    _copy(cursor, "report", reports.REPORT_COLUMNS, complaints.reports())
    _copy(cursor, "user_block", reports.BLOCK_COLUMNS, complaints.blocks())
    _copy(cursor, "outbox_mail", mails.COLUMNS, mails.Mails(timeline, random).rows())
    cursor.execute("select setval(pg_get_serial_sequence('audit_log', 'id'), max(id)) from audit_log")


def _copy(cursor: Cursor[Any], table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    left = iter(rows)
    for first in left:
        with cursor.copy(statement) as copy:
            for row in chain([first], islice(left, BATCH - 1)):
                copy.write_row(row)


def _settle() -> None:
    """Statistics for the planner and visible pages for index-only scans, as a database in use would have."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum (analyze)"))
