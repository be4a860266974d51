"""Signing in with an account elsewhere, against a provider on loopback."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import OctKey, RSAKey
from sqlalchemy import select

from pythoughts.auth.models import Account, Session, User, Verification
from pythoughts.auth.sealing import unseal
from pythoughts.auth.use_cases import ban_user, reset_password, send_reset_link
from pythoughts.clock import now
from pythoughts.db import db, transaction
from tests.auth.oidc_provider import CLIENT, SECRET
from tests.auth.rows import acts, add_two_factor, app_code, count, expire, fresh, letters, link_of, sessions_of
from tests.elsewhere import START, connect, go_there, row, visit
from tests.factories import make_user, post, session_cookie


@pytest.fixture
def ada(app):
    return make_user("ada")


def sign_up(browser, username="ada", email="ada@example.org"):
    return post(browser, visit(browser).location, {"username": username, "email": email})


def test_the_question_carries_state_nonce_and_proof_and_never_the_host(visitor, club):
    sent = visitor.get(START, headers={"Host": "localhost"})
    asked = {name: values[0] for name, values in parse_qs(urlsplit(sent.location).query).items()}
    assert sent.location.startswith(f"{club.issuer}/authorize?")
    assert asked["redirect_uri"] == f"http://localhost{START}/callback"
    assert asked["code_challenge_method"] == "S256"
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    with visitor.session_transaction() as cookie:
        assert asked["nonce"] not in str(dict(cookie))


def test_whoever_has_connected_it_is_signed_in(visitor, ada):
    connect(ada)
    answer = visit(visitor, f"{START}?next=/preferences")
    assert (answer.status_code, answer.location) == (303, "/preferences")
    assert visitor.get("/preferences").status_code == 200


def test_a_second_factor_is_still_asked_for(visitor, ada):
    connect(ada)
    secret = add_two_factor(ada)
    answer = visit(visitor, f"{START}?next=/preferences")
    assert answer.location == "/sign-in/two-factor?next=/preferences"
    assert sessions_of(ada) == 0
    assert post(visitor, answer.location, {"code": app_code(secret)}).location == "/preferences"


def test_the_second_step_dies_when_the_account_is_disconnected(visitor, ada):
    connect(ada)
    secret = add_two_factor(ada)
    answer = visit(visitor)
    with transaction() as database:
        database.delete(database.scalars(select(Account).where(Account.provider_id == "club")).one())
    assert post(visitor, answer.location, {"code": app_code(secret)}).location == "/sign-in"


def test_somebody_banned_hears_why(visitor, ada):
    connect(ada)
    ban_user(actor=None, user=ada, reason="Spam")
    answer = visit(visitor)
    assert answer.status_code == 403
    assert "Spam" in answer.text
    assert sessions_of(ada) == 0


@pytest.mark.parametrize("verified", [True, False])
def test_the_same_address_finds_no_account_here(visitor, ada, club, verified):
    """Not even one that both sides have proven: only its owner connects it, signed in."""
    club.person["email_verified"] = verified
    answer = visit(visitor)
    assert answer.location == f"{START}/new"
    assert count(Session) == 0
    refused = post(visitor, answer.location, {"username": "eve", "email": "ada@example.org"})
    assert refused.status_code == 422
    assert "Somebody has an account with this address already" in refused.text
    assert count(Account, Account.provider_id == "club") == 0


def test_somebody_new_chooses_a_name_and_proves_the_address(visitor):
    answer = visit(visitor)
    page = visitor.get(answer.location).text
    assert 'value="Ada@Example.org"' in page
    done = post(visitor, answer.location, {"username": "Ada", "email": "ada@example.org"})
    assert (done.status_code, done.location) == (303, "/verify")
    user = db.session.scalars(select(User)).one()
    assert (user.username, user.email, user.email_verified) == ("ada", "ada@example.org", False)
    assert letters() == ["auth/verify_email"]
    assert acts() == [("user.sign_up", None)]
    assert count(Account) == 1
    assert visit(visitor.application.test_client()).location == "/"


def test_what_can_not_be_taken_is_told_and_kept(visitor, ada):
    answer = sign_up(visitor, "ada", "new@example.org")
    assert answer.status_code == 422
    assert "This name is taken." in answer.text
    assert 'value="new@example.org"' in answer.text
    again = post(visitor, f"{START}/new", {"username": "ada2", "email": "new@example.org"})
    assert again.location == "/verify"


def test_without_an_account_that_waits_nobody_signs_up(visitor):
    assert visitor.get(f"{START}/new").location == "/sign-in"
    answer = post(visitor, f"{START}/new", {"username": "ada", "email": "ada@example.org"})
    assert answer.status_code == 410
    assert count(User) == 0


def test_it_waits_half_an_hour(visitor):
    answer = visit(visitor)
    expire(Verification)
    assert post(visitor, answer.location, {"username": "ada", "email": "ada@example.org"}).status_code == 410
    assert count(User) == 0


def test_tokens_are_sealed_in_every_row(visitor):
    answer = visit(visitor)
    waiting = db.session.scalars(select(Verification)).one().value
    assert not [word for word in ("access-there", "example.org", "ada-there") if word in waiting]
    post(visitor, answer.location, {"username": "ada", "email": "ada@example.org"})
    kept = row()
    for name in ("access_token", "refresh_token"):
        assert unseal(getattr(kept, name)) == name.replace("_token", "-there")
        assert "there" not in getattr(kept, name)
    assert re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+", unseal(kept.id_token))
    assert kept.scope == "openid email"
    assert timedelta(minutes=55) < kept.access_token_expires_at - now() <= timedelta(hours=1)


def test_the_answer_works_once_and_in_its_own_browser(site, visitor, ada):
    connect(ada)
    back = go_there(visitor)
    assert site.test_client().get(back).location == "/sign-in"
    assert visitor.get(back).location == "/"
    assert visitor.get(back).location == "/sign-in"
    assert sessions_of(ada) == 1


@pytest.mark.parametrize("change", ["state=other", "error=access_denied"])
def test_an_answer_to_something_else_starts_again(visitor, ada, change):
    connect(ada)
    back = go_there(visitor)
    wrong = re.sub(r"state=[^&]*", change, back) if "state" in change else re.sub(r"code=[^&]*", change, back)
    assert visitor.get(wrong).location == "/sign-in"
    assert count(Session) == 0


def test_too_late_it_starts_again(visitor, ada, monkeypatch):
    connect(ada)
    back = go_there(visitor)
    monkeypatch.setattr("pythoughts.auth.arrivals.PATIENCE", timedelta(seconds=-1))
    assert visitor.get(back).location == "/sign-in"


OTHER_KEY = RSAKey.generate_key(2048, {"kid": "1"})
LIES = [
    {"claims": {"iss": "https://evil.example"}},
    {"claims": {"aud": "somebody-else"}},
    {"claims": {"aud": [CLIENT, "somebody-else"]}},
    {"claims": {"nonce": "another"}},
    {"claims": {"nonce": None}},
    {"claims": {"exp": 1_000_000_000}},
    {"claims": {"iat": 9_999_999_999}},
    {"claims": {"sub": ""}},
    {"claims": {"sub": None}},
    {"claims": {"at_hash": "another"}},
    {"key": OTHER_KEY},
    {"key": OctKey.import_key(SECRET), "header": {"alg": "HS256", "kid": "1"}},
    {"header": {"alg": "RS256", "kid": "unknown"}},
]


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_is_not_for_us_now_and_from_them_is_refused(visitor, ada, club, lie):
    connect(ada)
    for name, value in lie.items():
        setattr(club, name, value)
    answer = visit(visitor)
    assert answer.status_code == 422
    assert "did not confirm who you are" in answer.text
    assert count(Session) == 0


def test_an_unsigned_token_is_refused(visitor, ada, club, monkeypatch):
    connect(ada)
    made = club._tokens

    def unsigned(nonce):
        tokens = made(nonce)
        head = "eyJhbGciOiJub25lIiwia2lkIjoiMSJ9"  # {"alg":"none","kid":"1"}
        return tokens | {"id_token": f"{head}.{tokens['id_token'].split('.')[1]}."}

    monkeypatch.setattr(club, "_tokens", unsigned)
    assert visit(visitor).status_code == 422


def test_a_code_of_somebody_elses_visit_is_worthless(site, visitor, ada, club):
    """The stolen code was asked for with another proof."""
    connect(ada)
    stolen = parse_qs(urlsplit(go_there(site.test_client())).query)["code"][0]
    back = re.sub(r"code=[^&]*", f"code={stolen}", go_there(visitor))
    assert visitor.get(back).status_code == 422
    assert count(Session) == 0


@pytest.mark.parametrize("lie", [{"issuer": "https://evil.example"}, {"token_endpoint": None}])
def test_a_provider_that_says_to_be_another_is_not_asked(visitor, club, lie):
    club.discovery = lie
    assert visitor.get(START).status_code == 503


def test_a_provider_that_is_down_is_told(visitor, club):
    club.broken = True
    answer = visitor.get(START)
    assert answer.status_code == 503
    assert "The Club does not answer" in answer.text


def test_what_a_provider_says_of_itself_is_kept(visitor, ada, club):
    connect(ada)
    for _n in range(3):
        visit(visitor)
    assert club.asked.count("/.well-known/openid-configuration") == 1


def test_an_account_without_password_gets_one_by_mail(visitor):
    sign_up(visitor)
    user = db.session.scalars(select(User)).one()
    send_reset_link(user_id=user.id)
    reset_password(token=link_of(user), password="another quiet evening walk")
    assert fresh(user).email_verified
    assert count(Account, Account.provider_id == "club") == 0


def test_the_sign_in_page_names_the_provider(visitor):
    page = visitor.get("/sign-in?next=/preferences").text
    assert f'href="{START}?next=/preferences"' in page
    assert "Continue with The Club" in page


@pytest.mark.parametrize("trap", ["//evil.example", "https://evil.example"])
def test_the_way_on_never_leaves_the_site(visitor, ada, trap):
    connect(ada)
    assert visit(visitor, f"{START}?next={trap}").location == "/"


ADDRESSES = [START, f"{START}/callback", f"{START}/new"]


@pytest.mark.parametrize("url", ADDRESSES)
def test_without_a_provider_there_is_nothing(client, url):
    assert client.get(url).status_code == 404
    assert "oidc" not in client.get("/sign-in").text


def test_a_half_signed_in_browser_holds_no_session(visitor, ada):
    connect(ada)
    add_two_factor(ada)
    visit(visitor)
    assert visitor.get_cookie(session_cookie()) is None
