"""What the site knows of people: each feature says which of its rows are a person's, and how their traces go.

Features register here, below all of them, so that handing data out and erasing it need to know no feature.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from pythoughts.i18n import Text

BATCH = 500  # rows that are in memory at once


@dataclass(frozen=True)
class Farewell:
    """Whose traces are erased, as they were until now.

    Attributes:
        user_id: their key, which stays.
        names: every username that they had.
        traces: what the limits may count them under: keys, digests, networks.
        removes_posts: whether what they wrote goes too.
    """

    user_id: str
    names: frozenset[str] = field(repr=False)
    traces: frozenset[str] = field(repr=False)
    removes_posts: bool


Rows = Callable[[str], Select[Any]]
Erase = Callable[[Session, Farewell], object]
ForgetAddresses = Callable[[Session, datetime], object]


@dataclass(frozen=True)
class Part:
    """What one table has of a person.

    Attributes:
        table: its name.
        title: what people call its rows; needed with `rows`.
        rows: selects what belongs to the person with this id; no secrets: neither hashes nor tokens nor nonces.
        withheld: why nothing of it is handed out.
        erase: deletes their rows, or what they tell of the person.
        forget_addresses: empties network addresses that are older than the moment given.
        loss: what of it goes when somebody wants their posts removed, as a sentence.
    """

    table: str
    title: Text | str = ""
    rows: Rows | None = None
    withheld: str = ""
    erase: Erase | None = None
    forget_addresses: ForgetAddresses | None = None
    loss: Callable[[str], Text] | None = None


PARTS: dict[str, Part] = {}


def register(parts: Iterable[Part]) -> None:
    """Make parts known; one for the same table replaces the earlier."""
    PARTS.update({part.table: part for part in parts})


def owned(model: Any, title: Text, *columns: Any, forget: Callable[[str], None] | None = None) -> Part:
    """The part of a table whose rows belong to `user_id` whole: they are handed out in these columns, and deleted.

    Args:
        model: its rows have an `id`.
        title: what people call them.
        columns: what of them people get.
        forget: deletes the file that a row with this id may have.
    """

    def rows(user_id: str) -> Select[Any]:
        return select(*columns).where(model.user_id == user_id).order_by(model.id)

    def erase(session: Session, farewell: Farewell) -> None:
        gone = session.scalars(delete(model).where(model.user_id == farewell.user_id).returning(model.id)).all()
        if forget:
            for key in gone:
                forget(key)

    return Part(model.__tablename__, title, rows=rows, erase=erase)


def handed_out() -> list[Part]:
    """The parts that people get to see, in the order in which they were registered."""
    return [part for part in PARTS.values() if part.rows]


def rows_of(session: Session, part: Part, user_id: str) -> Iterator[dict[str, Any]]:
    """A person's rows of one table, read a batch at a time."""
    if part.rows:
        selection = part.rows(user_id).execution_options(yield_per=BATCH)
        for row in session.execute(selection).mappings():
            yield dict(row)


def erase(session: Session, farewell: Farewell) -> None:
    """Let every feature erase what it has, in the caller's transaction."""
    for part in PARTS.values():
        if part.erase:
            part.erase(session, farewell)


def forget_addresses(session: Session, before: datetime) -> None:
    """Let every feature empty the network addresses that are older."""
    for part in PARTS.values():
        if part.forget_addresses:
            part.forget_addresses(session, before)


def losses(user_id: str) -> list[Text]:
    """What goes with the posts, a sentence each."""
    return [part.loss(user_id) for part in PARTS.values() if part.loss]
