"""The database session, the declarative base, shared column types and the transaction boundary."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from select import POLLIN, poll
from typing import Annotated, Any, ClassVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Engine, MetaData, Text, event, func
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from uuid_utils import uuid7

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def new_id() -> str:
    """A UUIDv7 as text: sorting by it sorts by the time of making (RFC 9562)."""
    return str(uuid7())


def id_at(moment: datetime, bits: int) -> str:
    """A UUIDv7 whose time is `moment` and whose other 74 bits are those of `bits`: same input, same id."""
    milliseconds = (moment - EPOCH) // MILLISECOND
    number = milliseconds << 80 | 0x7 << 76 | (bits >> 62 & 0xFFF) << 64 | 0b10 << 62 | bits & 0x3FFF_FFFF_FFFF_FFFF
    digits = f"{number:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


Key = Annotated[str, mapped_column(Text(collation="C"), primary_key=True, default=new_id)]
Ref = Annotated[str, mapped_column(Text(collation="C"))]
Moment = Annotated[datetime, mapped_column(DateTime(timezone=True))]
Stamp = Annotated[datetime, mapped_column(DateTime(timezone=True), server_default=func.now())]


class Model(DeclarativeBase):
    """Base of every mapped class."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[type, Any]] = {str: Text, datetime: DateTime(timezone=True)}


class Timestamps:
    """When a row was made and last changed, in UTC."""

    created_at: Mapped[Stamp]
    updated_at: Mapped[Stamp] = mapped_column(onupdate=func.now())


class Versioned:
    """Counts the edits of a row, so that a stale form is refused instead of overwriting."""

    version: Mapped[int] = mapped_column(default=1, server_default="1")


db = SQLAlchemy(metadata=Model.metadata, disable_autonaming=True)


@contextmanager
def transaction() -> Iterator[Session]:
    """Commit on success, roll back on any error; a nested call joins the outer one."""
    session = db.session()
    if session.info.get("in_transaction"):
        yield session
        return
    session.info["in_transaction"] = True
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info["in_transaction"] = False


def watch(engine: Engine) -> None:
    """Have every connection looked at before it is used: what the server has closed meanwhile is replaced."""
    event.listen(engine, "checkout", _refuse_closed)


def _refuse_closed(connection: Any, _record: Any, _proxy: Any) -> None:
    """Nothing arrives unasked on an idle connection but the server's goodbye; to see that costs no round trip.

    Raises:
        DisconnectionError: the pool opens another connection.
    """
    arrivals = poll()
    arrivals.register(connection.fileno(), POLLIN)
    if arrivals.poll(0):
        raise DisconnectionError


def leave_database(error: BaseException | None = None) -> None:
    """Give the connection back, even one that has died since its last statement.

    The answer stands by then: what it tells is committed, and a failing goodbye must not replace it with an error.
    """
    try:
        if error is None and db.session.registry.has():
            _end_reading(db.session())
        db.session.remove()
    except DBAPIError:
        db.session().invalidate()


def _end_reading(session: Session) -> None:
    """Commit, though nothing is to be kept: with a rollback psycopg throws away the statements that it has prepared.

    Every statement of every page was planned anew by that, which took the server longer than to execute it.
    """
    session.expunge_all()  # what was changed outside of `transaction` still goes
    if session.in_transaction():
        session.commit()
