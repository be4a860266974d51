"""Sensitive pages ask for a recent proof."""

from datetime import timedelta

import pytest

from pythoughts.access import members_only, public
from pythoughts.auth.models import Account
from pythoughts.auth.proof import keeps_typed, recently_proven, typed_before
from pythoughts.auth.use_cases import add_passkey, ask_for_new_passkey
from pythoughts.clock import now
from pythoughts.db import transaction
from tests.auth.soft_passkey import SoftPasskey
from tests.factories import PASSWORD, csrf_token, make_user, post, sign_in

OLD = timedelta(minutes=16)
GUARDED = ["/preferences/password"]
SENSITIVE = {
    "/preferences/connections",
    "/preferences/connections/<provider>/connect",
    "/preferences/connections/<provider>/disconnect",
    "/preferences/data/archive",
    "/preferences/data/archive/<id:export_id>",
    "/preferences/data/delete",
    "/preferences/data/export.json",
    "/preferences/email",
    "/preferences/email/confirm",
    "/preferences/passkeys",
    "/preferences/passkeys/<id:passkey_id>/remove",
    "/preferences/passkeys/options",
    "/preferences/password",
    "/preferences/two-factor",
    "/preferences/two-factor/codes",
    "/preferences/two-factor/off",
}


@pytest.fixture
def ada(app):
    return make_user("ada")


@pytest.fixture
def late(client, ada):
    """Ada's browser, signed in 16 minutes ago."""
    return sign_in(client, ada, auth_at=now() - OLD)


def test_every_sensitive_page_needs_a_recent_proof(app):
    """A new one is added to the list; one that loses its mark is missed."""
    marked = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if getattr(app.view_functions[rule.endpoint], "needs_proof", False) and not rule.rule.startswith("/admin/")
    }
    assert marked == SENSITIVE


@pytest.mark.parametrize("url", GUARDED)
def test_a_late_visit_is_led_through_the_password_and_back(late, url):
    answer = late.get(f"{url}?from=here")
    assert (answer.status_code, answer.location) == (303, f"/confirm-password?next={url}?from%3Dhere")
    assert late.get(answer.location).status_code == 200
    done = post(late, answer.location, {"password": PASSWORD})
    assert (done.status_code, done.location) == (303, f"{url}?from=here")
    assert late.get(done.location).status_code == 200


@pytest.mark.parametrize("url", GUARDED)
def test_a_late_form_does_nothing_and_leads_back_to_its_page(late, url):
    answer = post(late, url, {"current_password": PASSWORD, "new_password": "another quiet evening walk"})
    assert (answer.status_code, answer.location) == (303, f"/confirm-password?next={url}")


def test_fourteen_minutes_are_recent(client, ada):
    sign_in(client, ada, auth_at=now() - timedelta(minutes=14))
    assert client.get("/preferences/password").status_code == 200


def test_a_wrong_password_leads_nowhere(late):
    answer = post(late, "/confirm-password?next=/preferences/password", {"password": "something else"})
    assert answer.status_code == 422
    assert "That is not your current password." in answer.text
    assert "next=/preferences/password" in answer.text
    assert late.get("/preferences/password").status_code == 303


def test_an_empty_form_is_told(late):
    assert post(late, "/confirm-password", {"password": ""}).status_code == 422


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", "/\tevil"])
def test_the_way_on_never_leaves_the_site(late, target):
    answer = late.post(
        "/confirm-password", query_string={"next": target}, data={"password": PASSWORD, "csrf_token": csrf_token(late)}
    )
    assert answer.location == "/"


def test_an_account_without_password_is_told_to_sign_in_again(late):
    with transaction() as database:
        database.query(Account).delete()
    page = late.get("/confirm-password").text
    assert 'name="password"' not in page
    assert "/sign-out" in page


def give_passkey(user) -> SoftPasskey:
    passkey, asked = SoftPasskey(), ask_for_new_passkey(actor=user)
    add_passkey(actor=user, token=asked.token, answer=passkey.create(asked.options), name="Phone")
    return passkey


@pytest.mark.parametrize("has_password", [True, False])
def test_a_passkey_leads_on_as_the_password_does(late, ada, has_password):
    phone = give_passkey(ada)
    if not has_password:
        with transaction() as database:
            database.query(Account).delete()
    page = late.get("/confirm-password?next=/preferences/password").text
    assert 'action="/confirm-password/passkey?next=/preferences/password"' in page
    assert ('name="password"' in page) is has_password
    assert ("/sign-out" in page.partition("<main")[2]) is not has_password
    asked = late.post("/confirm-password/passkey/options", headers={"X-CSRFToken": csrf_token(late)})
    answer = post(late, "/confirm-password/passkey?next=/preferences/password", {"credential": phone.get(asked.text)})
    assert (answer.status_code, answer.location) == (303, "/preferences/password")
    assert late.get("/preferences/password").status_code == 200


@pytest.mark.parametrize("credential", ["", "{}", "x" * 9_000])
def test_a_passkey_that_does_not_fit_is_told_and_leads_nowhere(late, ada, credential):
    give_passkey(ada)
    late.post("/confirm-password/passkey/options", headers={"X-CSRFToken": csrf_token(late)})
    answer = post(late, "/confirm-password/passkey?next=/preferences/password", {"credential": credential})
    assert answer.status_code == 422
    assert "That passkey was not accepted" in answer.text
    assert "passkey?next=/preferences/password" in answer.text
    assert late.get("/preferences/password").status_code == 303


def test_whoever_has_no_passkey_is_offered_none(late):
    assert "data-passkey" not in late.get("/confirm-password").text
    asked = late.post("/confirm-password/passkey/options", headers={"X-CSRFToken": csrf_token(late)})
    assert asked.status_code == 404


@pytest.fixture
def shop(spare_app, client, ada):
    """A browser whose proof is old, at an app with a page that takes text and one that only acts."""

    def page():
        return typed_before().get("word", "nothing")

    def act():
        return "done"

    guarded = members_only(recently_proven(keeps_typed("word")(page)))
    spare_app.add_url_rule("/shop", "shop", guarded, methods=["GET", "POST"])
    spare_app.add_url_rule("/shop/act", "act", members_only(recently_proven(act)), methods=["POST"])
    spare_app.add_url_rule("/shop/other", "other", public(lambda: typed_before().get("word", "nothing")))
    spare_app.test_client_class = type(client)
    return sign_in(spare_app.test_client(), ada, auth_at=now() - OLD)


def test_what_was_typed_too_late_is_offered_once_and_on_its_page_only(shop):
    post(shop, "/shop", {"word": "lamp", "password": "hush"})
    with shop.session_transaction() as cookie:
        assert cookie["typed_too_late"] == {"page": "/shop", "fields": {"word": "lamp"}}
    post(shop, "/confirm-password?next=/shop", {"password": PASSWORD})
    assert shop.get("/shop/other").text == "nothing"
    assert [shop.get("/shop").text for _n in range(2)] == ["lamp", "nothing"]


def test_a_late_act_without_a_page_leads_back_to_where_its_button_was(shop):
    answer = post(shop, "/shop/act", headers={"Referer": "http://localhost/shop?x=1"})
    assert answer.location == "/confirm-password?next=/shop"
    answer = post(shop, "/shop/act", headers={"Referer": "https://evil.example/shop"})
    assert answer.location == "/confirm-password?next=/"


def test_a_novel_typed_too_late_does_not_burst_the_cookie(shop):
    answer = post(shop, "/shop", {"word": "lamp " * 2_000})
    assert answer.status_code == 303
    post(shop, "/confirm-password?next=/shop", {"password": PASSWORD})
    assert shop.get("/shop").text == "nothing"
