"""Cursors: what an address may carry, and the range that it stands for."""

from datetime import UTC, datetime

import pytest

from pythoughts.admin.keyset import Order
from pythoughts.audit.models import AuditLog
from pythoughts.auth.models import User

BY_TIME = Order((User.created_at, User.id))
BY_NUMBER = Order((AuditLog.id,))


class Row:
    """As much of a row as a cursor needs."""

    created_at = datetime(2026, 11, 20, 9, 15, 0, 123456, tzinfo=UTC)
    id = "019a5372-5f96-7d76"


def test_a_cursor_comes_back_as_it_went():
    assert BY_TIME.cursor_from(BY_TIME.cursor_of(Row())) == (Row.created_at, Row.id)


def test_a_cursor_may_be_a_number():
    assert BY_NUMBER.cursor_from("42") == (42,)


@pytest.mark.parametrize(
    "text",
    ["", "~", "x", "1~", "~x", "1~x~y", "-1~x", "1.5~x", "1~x y", "1~" + "x" * 65, "9" * 18 + "~x", "٣~x", "1~é"],
)
def test_what_is_no_cursor_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011  (every reason is as good as another)
        BY_TIME.cursor_from(text)


@pytest.mark.parametrize("text", ["9" * 19, "-1", "1e3", "0x10", " 1"])
def test_no_number_is_too_large_for_the_database(text):
    with pytest.raises(ValueError, match="not a number"):
        BY_NUMBER.cursor_from(text)
