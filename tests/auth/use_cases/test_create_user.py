"""Accounts that the operator makes."""

import pytest

from pythoughts.access import Role
from pythoughts.auth.models import Session, User
from pythoughts.auth.queries import find_user
from pythoughts.auth.use_cases import create_user, reset_password, sign_in
from pythoughts.errors import Gone, Invalid, NotAllowed
from tests.auth.rows import acts, count, letters
from tests.factories import make_user


def make(username="Priya", email="priya@example.org", role=Role.ADMIN, actor=None) -> str:
    return create_user(actor=actor, username=username, email=email, role=role)


def test_the_first_admin_comes_by_a_one_time_link(app):
    url = make()
    token = url.removeprefix("http://localhost/reset-password/")
    reset_password(token=token, password="a quiet walk by the river")
    sign_in(identifier="priya", password="a quiet walk by the river", remember=True)
    user = find_user("priya")
    assert (user.role, user.display_username, user.email_verified) == ("admin", "Priya", True)
    with pytest.raises(Gone):
        reset_password(token=token, password="a quiet walk by the river")


def test_the_address_of_the_link_is_the_one_of_its_page(app):
    url = make()
    with app.test_request_context(base_url="http://evil.example"):
        assert app.url_for("auth.reset_password", token=url.rpartition("/")[2], _external=False) in url
    assert url.startswith("http://localhost/")


def test_it_is_audited_and_nothing_is_mailed(app):
    make()
    assert acts() == [("user.create", None)]
    assert letters() == []
    assert count(Session) == 0


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"username": "admin"}, "username"), ({"email": "nowhere"}, "email"), ({"username": "otto"}, "username")],
)
def test_the_rules_of_names_hold_here_too(app, typed, field):
    make_user("otto")
    with pytest.raises(Invalid) as caught:
        make(**typed)
    assert caught.value.field == field
    assert count(User) == 1


def test_only_the_command_line_may(app):
    with pytest.raises(NotAllowed):
        make(actor=make_user("otto", role="admin"))
