"""Every table that knows a person is handed out, or says why not."""

import pytest
from sqlalchemy import Column, ForeignKey, MetaData, Table, Text

from pythoughts.db import Model
from pythoughts.personal import PARTS
from tests.factories import make_user

TELLING = {
    "actor_id",
    "author_id",
    "email",
    "ip_address",
    "on_behalf_of",
    "old_email",
    "user_agent",
    "user_id",
    "username",
}
SECRETS = {"password", "token", "access_token", "refresh_token", "id_token", "value", "identifier", "nonce", "secret"}


def knows_people(table):
    """Whether a table refers to people, or has a column that tells of them."""
    refers = any(key.column.table.name in {"user", "audit_log"} for key in table.foreign_keys)
    return table.name == "user" or refers or any(column.name in TELLING for column in table.columns)


def test_every_table_that_knows_people_is_handed_out_or_says_why_not(app):
    tables = {table.name for table in Model.metadata.sorted_tables if knows_people(table)}
    assert tables - PARTS.keys() == set()
    assert {name for name, part in PARTS.items() if not part.rows and not part.withheld} == set()


def test_whatever_is_withheld_is_few_and_known(app):
    assert {name for name, part in PARTS.items() if not part.rows} == {
        "audit_personal",
        "pending_sign_up",
        "rate_limit",
        "review_item",
    }


@pytest.mark.parametrize("column", [Column("user_id", Text), Column("x", ForeignKey("user.id"))])
def test_a_new_table_with_people_in_it_is_noticed(column):
    metadata = MetaData()
    Table("user", metadata, Column("id", Text, primary_key=True))
    assert knows_people(Table("poll", metadata, column))


def test_every_table_with_a_key_to_people_is_erased_too(app):
    owned = {
        table.name
        for table in Model.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == "user" and key.parent.name == "user_id"
    }
    assert {name for name in owned if not PARTS[name].erase} == set()


def test_no_secret_is_handed_out(app):
    ada = make_user("ada")
    columns = {
        f"{name}.{column}"
        for name, part in PARTS.items()
        if part.rows
        for column in [each.name for each in part.rows(ada.id).subquery().columns]
        if column in SECRETS or column.endswith(("_hash", "_key", "_nonce"))
    }
    assert columns == set()
