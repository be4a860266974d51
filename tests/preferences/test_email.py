"""The page for another address, the link that takes it back, and another name."""

import pytest
from sqlalchemy import select

from pythoughts.auth.models import PendingEmailChange, Session
from pythoughts.auth.tokens import change_code, undo_token
from pythoughts.config import current_settings
from pythoughts.db import db
from tests.auth.rows import age, count, fresh
from tests.auth.test_letters import mailed
from tests.factories import make_user, post, sign_in

NEW = "ada@lovelace.example"
EMAIL, CONFIRM = "/preferences/email", "/preferences/email/confirm"


@pytest.fixture
def ada(app):
    return make_user("ada")


@pytest.fixture
def signed_in(client, ada):
    return sign_in(client, ada)


def change():
    db.session.rollback()
    return db.session.scalars(select(PendingEmailChange)).one()


def test_the_whole_way(signed_in, ada):
    assert post(signed_in, EMAIL, {"email": NEW}).status_code == 303
    assert NEW in signed_in.get(EMAIL).text
    code = change_code(change())
    assert code in mailed("change_email").body
    assert NEW in str(mailed("change_email").send_to)
    assert post(signed_in, CONFIRM, {"code": code}).status_code == 303
    assert fresh(ada).email == NEW
    assert signed_in.get(EMAIL).status_code == 200
    notice = mailed("email_changed")
    link = f"/email-undo/{undo_token(change())}"
    assert link in notice.body
    assert link in notice.html
    assert "ada@example.org" in str(notice.send_to)


def test_a_wrong_code_keeps_the_page(signed_in):
    post(signed_in, EMAIL, {"email": NEW})
    code = f"{(int(change_code(change())) + 1) % 1_000_000:06}"
    answer = post(signed_in, CONFIRM, {"code": code})
    assert answer.status_code == 422
    assert "4 tries left" in answer.text
    assert post(signed_in, CONFIRM, {"code": "12"}).status_code == 422


def test_what_can_not_be_is_given_back(signed_in):
    answer = post(signed_in, EMAIL, {"email": "nowhere"})
    assert answer.status_code == 422
    assert 'value="nowhere"' in answer.text


def test_an_old_session_proves_itself_first(client, ada):
    sign_in(client, ada)
    age(Session, 1, "auth_at")
    assert client.get(EMAIL).location.startswith("/confirm-password")
    assert post(client, EMAIL, {"email": NEW}).location.startswith("/confirm-password")
    assert count(PendingEmailChange) == 0


def test_whoever_mistyped_their_address_finds_the_way(client):
    sign_in(client, make_user("eve", verified=False))
    assert f'href="{EMAIL}"' in client.get("/verify").text
    post(client, EMAIL, {"email": NEW})
    post(client, CONFIRM, {"code": change_code(change())})
    assert client.get("/verify").location == "/"


def undo_link(client, user):
    sign_in(client, user)
    post(client, EMAIL, {"email": NEW})
    post(client, CONFIRM, {"code": change_code(change())})
    return f"/email-undo/{undo_token(change())}"


def test_looking_at_the_link_takes_nothing_back(client, ada):
    link = undo_link(client, ada)
    assert "ada@example.org" in client.get(link).text
    assert client.post(link).status_code == 400
    assert fresh(ada).email == NEW


def test_the_button_takes_it_back_and_says_so(client, ada):
    link = undo_link(client, ada)
    answer = post(client, link)
    assert (answer.status_code, answer.location) == (303, "/forgot-password")
    assert "Your address is ada@example.org again" in client.get("/forgot-password").text
    assert fresh(ada).email == "ada@example.org"
    assert client.get(EMAIL).location.startswith("/sign-in")
    gone = client.get(link)
    assert gone.status_code == 410
    assert f"mailto:{current_settings().contact}" in gone.text
    assert post(client, link).status_code == 410


def test_an_address_that_is_taken_by_now_is_told(client, ada):
    link = undo_link(client, ada)
    make_user("grace", email="ada@example.org")
    answer = post(client, link)
    assert answer.status_code == 409
    assert "Another account has this address by now." in answer.text


def test_another_name_leads_on_from_the_old_one(signed_in, ada):
    answer = post(signed_in, "/preferences/profile", {"username": "Countess"})
    assert answer.status_code == 303
    old = signed_in.get("/user/Ada?tab=replies")
    assert (old.status_code, old.location) == (301, "/user/countess")
    assert signed_in.get("/user/countess").status_code == 200
    assert signed_in.get("/user/nobody.at.all").status_code == 404


def test_a_form_without_the_name_keeps_everything_else(signed_in, ada):
    post(signed_in, "/preferences/profile", {"name": "Ada Lovelace", "bio": "Engines"})
    post(signed_in, "/preferences/profile", {"username": "countess"})
    user = fresh(ada)
    assert (user.username, user.name, user.bio) == ("countess", "Ada Lovelace", "Engines")


def test_a_name_that_is_taken_saves_nothing(signed_in, ada):
    make_user("grace")
    answer = post(signed_in, "/preferences/profile", {"username": "grace", "bio": "Engines"})
    assert answer.status_code == 422
    assert "This name is taken." in answer.text
    assert fresh(ada).bio is None


def test_a_second_new_name_is_told_when(signed_in):
    post(signed_in, "/preferences/profile", {"username": "countess"})
    answer = post(signed_in, "/preferences/profile", {"username": "lovelace"})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 13 * 86_400
