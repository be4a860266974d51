"""Addresses cut down to what tells two people apart."""

import pytest

from pythoughts.admin.privacy import email_for, half_of_ip, ip_for


@pytest.mark.parametrize(
    ("email", "masked"),
    [
        ("mira@example.org", "m•••@e•••.org"),
        ("a@b.co.uk", "a•••@b•••.uk"),
        ("x@localhost", "x•••@•••.localhost"),
    ],
)
def test_an_email_keeps_its_edges(kenji, priya, email, masked):
    assert email_for(email, kenji) == masked
    assert email_for(email, priya) == email


@pytest.mark.parametrize(
    ("address", "half"),
    [
        ("203.0.113.7", "203.0.•••"),
        ("2001:db8:85a3::8a2e:370:7334", "2001:db8:•••"),
        ("::1", "::•••"),
        ("not an address", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_an_ip_keeps_its_first_half(kenji, priya, address, half):
    assert half_of_ip(address) == half
    assert ip_for(address, kenji) == half
    assert ip_for(address, priya) == (address or "")
