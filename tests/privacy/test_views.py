"""The page about one's data."""

import json
from datetime import timedelta

import pytest

from pythoughts.auth.models import DataExport, Session
from pythoughts.clock import now
from pythoughts.privacy import archives
from pythoughts.privacy.queries import list_exports
from pythoughts.privacy.use_cases import make_archive
from tests.auth.rows import count, fresh
from tests.factories import PASSWORD, make_post, make_user, post, sign_in
from tests.statements import statements

PAGE, DELETE, ARCHIVE = "/preferences/data", "/preferences/data/delete", "/preferences/data/archive"
YES = {"password": PASSWORD, "posts": "keep", "username": "ada"}


@pytest.fixture
def mine(client, ada):
    """Ada's browser."""
    return sign_in(client, ada)


@pytest.fixture
def late(client, ada):
    """Ada's browser, signed in a while ago."""
    return sign_in(client, ada, auth_at=now() - timedelta(hours=1))


def ready(ada, client):
    post(client, ARCHIVE)
    export = list_exports(ada.id)[0]
    make_archive(export_id=export.id)
    return f"{ARCHIVE}/{export.id}"


def test_the_page_tells_what_would_go(mine, ada):
    reply = make_post(ada, reply_to=make_post(ada))
    make_post(ada, reply_to=reply)
    with statements() as asked:
        page = mine.get(PAGE).text
    assert "Thoughts: 1, replies: 2." in page
    assert "erased after 7 days" in page
    assert "Type ada to confirm" in page
    assert len(asked) <= 6


def test_an_export_is_asked_for_made_and_downloaded(mine, ada):
    url = ready(ada, mine)
    page = mine.get(PAGE).text
    assert url in page
    assert "ready until" in page
    with mine.get(url) as answer:
        assert (answer.status_code, answer.mimetype) == (200, "application/zip")
        assert f"pythoughts-ada-{now():%Y-%m-%d}.zip" in answer.headers["Content-Disposition"]
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_second_export_within_the_hour_is_refused_on_the_page(mine):
    assert post(mine, ARCHIVE).status_code == 303
    answer = post(mine, ARCHIVE)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 3_000
    assert "Delete account" in answer.text
    assert count(DataExport) == 1


def test_somebody_elses_export_is_not_found(app, mine, ada):
    url = ready(ada, mine)
    other = sign_in(app.test_client(), make_user("bob"))
    assert other.get(url).status_code == 404


def test_an_export_whose_file_is_gone_is_not_found(mine, ada):
    url = ready(ada, mine)
    archives.place_of(url.rpartition("/")[2]).unlink()
    assert mine.get(url).status_code == 404


def test_everything_comes_as_json(mine, ada):
    answer = mine.get("/preferences/data/export.json")
    assert json.loads(answer.text)["tables"]["user"][0]["id"] == ada.id
    assert 'filename="pythoughts-ada.json"' in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("url", ["/preferences/data/export.json", f"{ARCHIVE}/x"])
def test_data_is_handed_out_after_a_recent_proof_only(late, url):
    assert late.get(url).location == f"/confirm-password?next={url}"


def test_asking_late_leads_through_the_password(late):
    assert post(late, ARCHIVE).location.startswith("/confirm-password")
    assert count(DataExport) == 0


def test_a_late_deletion_comes_back_with_its_choice(late):
    answer = post(late, DELETE, YES | {"posts": "remove"}, headers={"Referer": f"http://localhost{PAGE}"})
    assert answer.location == f"/confirm-password?next={PAGE}"
    post(late, answer.location, {"password": PASSWORD})
    page = late.get(PAGE).text
    assert 'value="remove" checked' in page
    assert PASSWORD not in page


def test_deleting_signs_out_and_says_how_to_come_back(mine, ada):
    answer = post(mine, DELETE, YES)
    assert (answer.status_code, answer.location) == (303, "/")
    assert fresh(ada).is_closed
    assert count(Session) == 0
    assert "Your account is closed. Sign in before" in mine.get("/").text


def test_signing_in_afterwards_keeps_the_account(mine, ada):
    post(mine, DELETE, YES)
    assert post(mine, "/sign-in", {"identifier": "ada", "password": PASSWORD}).status_code == 303
    assert not fresh(ada).is_closed
    assert mine.get("/user/ada").status_code == 200


@pytest.mark.parametrize("wrong", [{"username": "bob"}, {"username": ""}, {"posts": "burn"}, {"password": "no"}])
def test_a_slip_deletes_nothing_and_gives_the_form_back(mine, ada, wrong):
    answer = post(mine, DELETE, YES | {"posts": "remove"} | wrong)
    assert answer.status_code == 422
    assert not fresh(ada).is_closed
    assert PASSWORD not in answer.text


@pytest.mark.parametrize("typed", ["@ada", " ADA "])
def test_the_name_may_be_typed_as_people_write_it(mine, ada, typed):
    assert post(mine, DELETE, YES | {"username": typed}).status_code == 303


def test_a_program_needs_no_name(mine, ada):
    assert post(mine, DELETE, {"password": PASSWORD, "posts": "remove"}).status_code == 303


def test_the_last_admin_is_told(client, root):
    answer = post(sign_in(client, root), DELETE, {"password": PASSWORD, "posts": "keep"})
    assert answer.status_code == 409
    assert "last admin" in answer.text


def test_somebody_without_a_password_sees_no_field_for_it(client):
    page = sign_in(client, make_user("mira", password=None)).get(PAGE).text
    assert 'type="password"' not in page
