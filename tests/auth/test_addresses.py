"""E-mail addresses."""

import pytest

from pythoughts.auth.addresses import check_address, find_address
from pythoughts.errors import Invalid


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("ada@example.org", "ada@example.org"),
        ("  Ada.Lovelace@Example.ORG ", "ada.lovelace@example.org"),
        ("ada+list@example.org", "ada+list@example.org"),
        ("ada@b\u00fccher.example", "ada@xn--bcher-kva.example"),
    ],
)
def test_one_form_is_stored(app, typed, stored):
    assert check_address(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ada",
        "ada@",
        "@example.org",
        "ada@localhost",
        "ada@example",
        "ada@example..org",
        "ada@[127.0.0.1]",
        "ada@deleted.invalid",
        "a b@example.org",
        "ad\u00e4@example.org",
        '"ada"@example.org',
        "Ada <ada@example.org>",
        "ada@example.org\nBcc: x@example.org",
        "ada@example.org\x00",
        "a" * 65 + "@example.org",
        "a" * 300 + "@example.org",
    ],
)
def test_what_no_server_takes_is_refused(app, typed):
    assert find_address(typed) is None
    with pytest.raises(Invalid) as caught:
        check_address(typed)
    assert caught.value.field == "email"


def test_nothing_is_looked_up(app, monkeypatch):
    monkeypatch.setattr("socket.getaddrinfo", lambda *_args: pytest.fail("asked the network"))
    assert check_address("ada@no-such-host-anywhere.org") == "ada@no-such-host-anywhere.org"
