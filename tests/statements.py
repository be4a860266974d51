"""Count what is asked of the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from pythoughts.db import db
from pythoughts.words.queries import would_have_matched


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that are sent inside the block, by whatever session or thread."""
    would_have_matched("")  # what a process asks every few seconds, for all its pages together
    sent: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
