"""Codes of authenticator apps."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from pythoughts.services import authenticator
from pythoughts.services.authenticator import address_of, code_at, current_step, matching_step, new_secret

RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # RFC 6238, appendix B, in base32


@pytest.mark.parametrize(("seconds", "code"), [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")])
def test_the_codes_are_those_of_the_standard(monkeypatch, seconds, code):
    monkeypatch.setattr(authenticator, "now", lambda: datetime.fromtimestamp(seconds, UTC))
    assert matching_step(RFC_SECRET, code) == seconds // 30


@pytest.mark.parametrize(("later", "accepted"), [(-3, False), (-1, True), (0, True), (1, True), (3, False)])
def test_a_clock_may_be_one_step_off(monkeypatch, later, accepted):
    monkeypatch.setattr(authenticator, "now", lambda: datetime.fromtimestamp(59, UTC))
    step = current_step() + later
    assert (
        matching_step(RFC_SECRET, code_at(RFC_SECRET, max(step, 0) if accepted else step + 100)) == step
    ) == accepted


@pytest.mark.parametrize("typed", ["", "28708", "2870822", "٢٨٧٠٨٢", "28708x", "287082\x00"])
def test_what_is_no_code_matches_nothing(monkeypatch, typed):
    monkeypatch.setattr(authenticator, "now", lambda: datetime.fromtimestamp(59, UTC))
    assert matching_step(RFC_SECRET, typed) is None


def test_secrets_differ_and_are_long_enough():
    assert len({new_secret() for _n in range(20)}) == 20
    assert len(new_secret()) * 5 >= 160  # bits (RFC 4226, 4)


def test_the_address_says_what_apps_want_to_know():
    parts = urlsplit(address_of(RFC_SECRET, account="ada@example.org"))
    asked = parse_qs(parts.query)
    assert (parts.scheme, parts.netloc, parts.path) == ("otpauth", "totp", "/Pythoughts:ada%40example.org")
    assert (asked["secret"], asked["issuer"]) == ([RFC_SECRET], ["Pythoughts"])
