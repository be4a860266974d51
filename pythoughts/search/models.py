"""What the search keeps beside the tables of others: an index over the names of people."""

from typing import Any, cast

from sqlalchemy import ColumnElement, Index, Table, literal_column, text

from pythoughts.auth.models import User

# Written out: with parameters a prepared plan could not use the index. The parentheses are those that PostgreSQL gives
# back, for the comparison with the migrations. A dot would make one word of two.
_NAMES = (
    """to_tsvector('simple'::regconfig, translate((coalesce({0}username, '') || ' ') || coalesce({0}name, ''), """
    """'._-@', '    '))"""
)
SIMPLE: ColumnElement[Any] = literal_column("'simple'::regconfig")
NAMES: ColumnElement[Any] = literal_column(_NAMES.format('"user".'))

Index("ix_user_names", text(_NAMES.format("")), postgresql_using="gin", _table=cast("Table", User.__table__))
