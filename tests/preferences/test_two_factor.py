"""The page of the second factor."""

import re
from datetime import timedelta

import pytest

from pythoughts.auth.models import RecoveryCode, TwoFactor
from pythoughts.auth.queries import find_recovery_codes
from pythoughts.clock import now
from tests.auth.rows import add_two_factor, app_code, count, fresh
from tests.factories import make_user, post, sign_in

URL = "/preferences/two-factor"


@pytest.fixture
def ada(app):
    return make_user("ada")


@pytest.fixture
def mine(client, ada):
    return sign_in(client, ada)


def secret_in(page: str) -> str:
    return re.search(r'id="secret">([A-Z2-7 ]+)<', page)[1].replace(" ", "")


def codes_in(page: str) -> list[str]:
    return re.findall(r"<li[^>]*>([a-z0-9]{5}-[a-z0-9]{5})</li>", page)


def turn_on(browser) -> list[str]:
    """Through the page, as an app would; the recovery codes that it shows."""
    secret = secret_in(browser.get(URL).text)
    answer = post(browser, URL, {"code": app_code(secret, -1)})
    assert (answer.status_code, answer.location) == (303, URL)
    return codes_in(browser.get(URL).text)


def test_the_page_shows_a_picture_and_the_same_key_as_text(mine):
    page = mine.get(URL).text
    assert "<svg viewBox" in page
    assert "data:image" not in page
    assert len(secret_in(page)) == 32
    assert secret_in(mine.get(URL).text) == secret_in(page)
    assert count(TwoFactor) == 0


def test_the_key_is_not_readable_in_the_cookie(mine):
    secret_in(mine.get(URL).text)
    with mine.session_transaction() as cookie:
        assert cookie["two_factor_draft"].startswith("gAAAA")


def test_a_code_turns_it_on_and_shows_ten_codes_once(mine, ada):
    codes = turn_on(mine)
    assert fresh(ada).two_factor_enabled
    assert find_recovery_codes(ada.id, codes) == codes
    assert len(codes) == 10
    assert codes_in(mine.get(URL).text) == []


def test_a_wrong_code_is_told_and_the_key_stays(mine, ada):
    secret = secret_in(mine.get(URL).text)
    answer = post(mine, URL, {"code": "000 00x"})
    assert answer.status_code == 422
    assert "That code is not right" in answer.text
    assert secret_in(answer.text) == secret
    assert not fresh(ada).two_factor_enabled


def test_the_codes_can_be_downloaded_while_they_work(mine, ada):
    codes = turn_on(mine)
    answer = post(mine, f"{URL}/codes.txt", {"codes": " ".join(codes)})
    assert answer.mimetype == "text/plain"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
    assert answer.text.splitlines() == ["localhost @ada", "", *codes]


@pytest.mark.parametrize("codes", ["", "aaaaa-aaaaa", "<script>alert(1)</script>", "\ud800"])
def test_nothing_else_comes_back_as_a_file(mine, codes):
    turn_on(mine)
    answer = post(mine, f"{URL}/codes.txt", {"codes": codes.encode("utf-8", "surrogatepass")})
    assert answer.status_code == 410
    assert "<script>alert" not in answer.text


def test_new_codes_take_the_place_of_the_old_ones(mine, ada):
    old = turn_on(mine)
    assert post(mine, f"{URL}/codes", {"code": old[0]}).location == URL
    new = codes_in(mine.get(URL).text)
    assert len(new) == 10
    assert not set(old) & set(new)
    assert count(RecoveryCode) == 10


def test_it_is_turned_off_by_a_code(mine, ada):
    codes = turn_on(mine)
    wrong = post(mine, f"{URL}/off", {"code": "aaaaa-aaaaa"})
    assert wrong.status_code == 422
    assert 'id="off-code" maxlength' not in wrong.text
    assert re.search(r'aria-invalid="true"[^>]*id="off-code"', wrong.text)
    assert post(mine, f"{URL}/off", {"code": codes[0]}).location == URL
    assert not fresh(ada).two_factor_enabled
    assert secret_in(mine.get(URL).text)


@pytest.mark.parametrize("act", ["off", "codes"])
def test_an_empty_code_is_asked_for(mine, act):
    turn_on(mine)
    assert post(mine, f"{URL}/{act}", {"code": ""}).status_code == 422


@pytest.mark.parametrize("act", ["off", "codes"])
def test_there_is_nothing_to_do_while_it_is_off(mine, act):
    assert post(mine, f"{URL}/{act}", {"code": "123456"}).status_code == 409


@pytest.mark.parametrize("act", ["", "/off", "/codes"])
def test_a_recent_proof_is_needed(client, ada, act):
    secret = add_two_factor(ada)
    sign_in(client, ada, auth_at=now() - timedelta(minutes=16))
    answer = post(client, URL + act, {"code": app_code(secret)}, headers={"Referer": f"http://localhost{URL}"})
    assert answer.location == f"/confirm-password?next={URL}"
    assert fresh(ada).two_factor_enabled
    assert count(RecoveryCode) == 0
