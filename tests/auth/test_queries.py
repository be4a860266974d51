"""Finding people and what belongs to them."""

import pytest

from pythoughts.auth.queries import canonical_identifier, find_session, find_user, get_user, taken_field
from pythoughts.auth.tokens import new_token
from pythoughts.clock import now
from pythoughts.errors import NotFound
from tests.factories import make_user
from tests.statements import statements


def test_a_session_and_its_user_are_one_query(app, client):
    with statements() as sent:
        assert find_session(new_token()) is None
    assert len(sent) == 1


@pytest.mark.parametrize("token", ["x" * 65, "x" * 5_000])
def test_what_is_too_long_for_a_token_is_not_looked_up(app, token):
    with statements() as sent:
        assert find_session(token) is None
    assert sent == []


def test_one_spelling_for_every_identifier(app):
    assert canonical_identifier(" ADA ") == "ada"
    assert canonical_identifier("Ada@EXAMPLE.org") == "ada@example.org"
    assert {canonical_identifier(odd) for odd in ("\x00", "\ud800", "x" * 300)} == {""}


def test_people_are_found_by_name_and_key(app):
    ada = make_user("ada")
    assert find_user("Ada").id == get_user(ada.id).id == ada.id


def test_those_who_are_gone_are_not_found_by_name(app):
    make_user("ada", deleted_at=now())
    assert find_user("ada") is None


@pytest.mark.parametrize("user_id", ["", "nobody", "\x00"])
def test_nobody_has_an_unknown_key(app, user_id):
    with pytest.raises(NotFound):
        get_user(user_id)


def test_what_is_taken_is_named(app):
    make_user("ada")
    assert taken_field(username="ada", email="x@example.org") == "username"
    assert taken_field(username="bob", email="ada@example.org") == "email"
    assert taken_field(username="bob", email="x@example.org") is None
