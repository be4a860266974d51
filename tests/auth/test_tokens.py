"""Codes and links: derived, never stored."""

import re

import pytest

from pythoughts.auth.models import Purpose, Verification
from pythoughts.auth.tokens import code_for, digest, link_token, new_nonce, new_token, same

NONCE = "0123456789abcdef0123456789abcdef"


def pending(purpose=Purpose.VERIFY_EMAIL, value=NONCE, user_id="u1") -> Verification:
    return Verification(purpose=purpose, value=value, user_id=user_id)


def test_a_session_token_has_256_bits():
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", new_token())
    assert len({new_token() for _n in range(50)}) == 50


def test_a_digest_is_not_the_token():
    token = new_token()
    assert re.fullmatch(r"[0-9a-f]{64}", digest(token))
    assert digest(token) == digest(token) != digest(digest(token))


def test_a_code_has_six_digits_and_stays_the_same(app):
    assert re.fullmatch(r"[0-9]{6}", code_for(pending(), "ada@example.org"))
    assert code_for(pending(), "ada@example.org") == code_for(pending(), "ada@example.org")


@pytest.mark.parametrize(
    ("other", "address"),
    [
        ({"purpose": Purpose.RESET_PASSWORD}, "ada@example.org"),
        ({"value": new_nonce()}, "ada@example.org"),
        ({"user_id": "u2"}, "ada@example.org"),
        ({}, "bob@example.org"),
    ],
)
def test_a_code_belongs_to_one_purpose_person_and_address(app, other, address):
    codes = {code_for(pending(value=f"{n}{NONCE}"), "ada@example.org") for n in range(5)}
    changed = {code_for(pending(**({"value": f"{n}{NONCE}"} | other)), address) for n in range(5)}
    assert codes != changed


def test_codes_that_begin_with_zeros_keep_them(app):
    codes = [code_for(pending(value=str(n)), "ada@example.org") for n in range(100)]
    assert any(code.startswith("0") for code in codes)
    assert {len(code) for code in codes} == {6}


def test_a_link_has_43_characters(app):
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", link_token(pending(Purpose.RESET_PASSWORD)))


def test_another_key_makes_other_codes(app, make_settings, settings):
    mine = link_token(pending())
    app.extensions["settings"] = make_settings(settings.database_url, SECRET_KEY="another-key-" * 4)
    try:
        assert link_token(pending()) != mine
    finally:
        app.extensions["settings"] = settings


def test_comparing_copes_with_anything():
    assert same("482913", "482913")
    assert not same("48291\u0663", "482913")
    assert not same("\ud800", "482913")
