"""The page of passkeys."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from pythoughts.auth.models import Passkey, Session
from pythoughts.auth.queries import list_passkeys
from pythoughts.clock import now
from pythoughts.db import db, transaction
from tests.auth.rows import count
from tests.auth.soft_passkey import SoftPasskey
from tests.factories import PASSWORD, csrf_token, make_user, post, sign_in

URL = "/preferences/passkeys"


@pytest.fixture
def ada(app):
    return make_user("ada")


@pytest.fixture
def mine(client, ada):
    return sign_in(client, ada)


def add(browser, name="Phone", passkey=None):
    asked = browser.post(f"{URL}/options", headers={"X-CSRFToken": csrf_token(browser)})
    return post(browser, URL, {"name": name, "credential": (passkey or SoftPasskey()).create(asked.text)})


def test_one_is_added_under_a_name(mine, ada):
    answer = add(mine, "Ada's <b>phone</b>")
    assert (answer.status_code, answer.location) == (303, URL)
    assert [each.name for each in list_passkeys(ada.id)] == ["Ada's <b>phone</b>"]
    page = mine.get(URL).text
    assert "Ada&#39;s &lt;b&gt;phone&lt;/b&gt;" in page
    assert "not used yet" in page


@pytest.mark.parametrize(("name", "credential"), [("", "{}"), ("Phone", "{}"), ("Phone", "")])
def test_what_does_not_fit_is_told_and_the_name_stays(mine, name, credential):
    mine.post(f"{URL}/options", headers={"X-CSRFToken": csrf_token(mine)})
    answer = post(mine, URL, {"name": name, "credential": credential})
    assert answer.status_code == 422
    assert f'value="{name}"' in answer.text
    assert count(Passkey) == 0


def test_one_is_removed(mine, ada):
    add(mine)
    key = list_passkeys(ada.id)[0].id
    assert post(mine, f"{URL}/{key}/remove").location == URL
    assert count(Passkey) == 0
    assert post(mine, f"{URL}/{key}/remove").status_code == 404


def test_those_of_others_are_neither_shown_nor_removed(app, mine):
    grace = make_user("grace")
    other = sign_in(app.test_client(), grace)
    add(other, "Graces phone")
    key = list_passkeys(grace.id)[0].id
    db.session.rollback()
    assert "Graces phone" not in mine.get(URL).text
    assert post(mine, f"{URL}/{key}/remove").status_code == 404
    assert db.session.scalar(select(Passkey.id)) == key


def test_a_recent_proof_is_needed_and_the_name_survives_it(mine, ada):
    with transaction() as database:
        database.execute(update(Session).values(auth_at=now() - timedelta(minutes=16)))
    to_confirm = f"/confirm-password?next={URL}"
    assert mine.get(URL).location == to_confirm
    assert mine.post(f"{URL}/options", headers={"X-CSRFToken": csrf_token(mine)}).location.startswith("/confirm")
    assert post(mine, URL, {"name": "Phone", "credential": "{}"}).location == to_confirm
    post(mine, to_confirm, {"password": PASSWORD})
    assert 'value="Phone"' in mine.get(URL).text


def test_without_a_script_the_page_says_what_is_missing(mine):
    page = mine.get(URL).text
    assert "data-passkey-note" in page
    assert "js-only" in page.partition('data-passkey="create"')[0].rpartition("<form")[2]
