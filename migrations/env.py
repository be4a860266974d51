"""How migrations run: one migrator at a time, never waiting long for a lock, one transaction each."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from alembic import context
from psycopg.errors import LockNotAvailable
from sqlalchemy import Connection, Engine, NullPool, create_engine, text
from sqlalchemy.exc import OperationalError

from pythoughts.db import Model, db

LOCK_KEY = 7_460_531_002  # any number that nothing else in this database uses
LOCK_TIMEOUT = "500ms"  # how long a migration may make others queue behind it
ATTEMPTS = 20  # with pauses of 0.25 s, 0.5 s, … about 50 s in all
POLL_SECONDS = 0.2

log = structlog.get_logger()


def hide_foreign_tables(_obj: Any, name: str | None, kind: str, *_rest: Any) -> bool:
    """Leave the job queue's own tables to the job queue."""
    return not (kind in {"table", "index", "unique_constraint"} and (name or "").startswith("procrastinate_"))


@contextmanager
def only_migrator(connection: Connection) -> Iterator[None]:
    """Hold the advisory lock; it is polled, because waiting for it inside a transaction deadlocks with CONCURRENTLY."""
    while not connection.scalar(text("select pg_try_advisory_lock(:key)"), {"key": LOCK_KEY}):
        time.sleep(POLL_SECONDS)
    try:
        yield
    finally:
        connection.execute(text("select pg_advisory_unlock(:key)"), {"key": LOCK_KEY})


def migrate(engine: Engine) -> None:
    """Run what is missing; a run that could not get a lock in time leaves the queue and comes again."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            run_once(engine)
        except OperationalError as error:
            if not isinstance(error.orig, LockNotAvailable) or attempt == ATTEMPTS:
                raise
            log.info("migration-waits", attempt=attempt)
            time.sleep(attempt / 4)
        else:
            return


def run_once(engine: Engine) -> None:
    """One pass over the missing migrations, each in its own transaction."""
    with engine.connect() as connection:
        connection.execute(text(f"set lock_timeout = '{LOCK_TIMEOUT}'"))
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=Model.metadata,
            include_object=hide_foreign_tables,
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


def main() -> None:
    """Migrate the app's database over connections of its own."""
    engine = create_engine(db.engine.url, poolclass=NullPool)
    with (
        engine.connect().execution_options(isolation_level="AUTOCOMMIT") as guard,
        only_migrator(guard),
    ):
        migrate(engine)


main()
