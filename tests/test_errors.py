"""What people see when something is wrong: a page in the look of the others, what to do, and a reference."""

import re
from dataclasses import replace
from io import BytesIO

import pytest
from werkzeug.exceptions import BadGateway, InternalServerError, ServiceUnavailable

from pythoughts.access import public
from pythoughts.app import create_app
from pythoughts.errors import Conflict, Gone, Invalid, NotAllowed, TooFast, Unavailable
from pythoughts.web import BODY_MAX
from tests.factories import csrf_token, make_user, post, session_cookie, sign_in

AWAY = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
FRAME = '<main id="main"'
WAY_ON = 'href="/">Back to the feed</a>'
BROKEN = {
    "refused": (NotAllowed("Not you."), 403),
    "changed": (Conflict("Somebody was faster than you."), 409),
    "gone": (Gone("It is gone."), 410),
    "wrong": (Invalid("This is wrong."), 422),
    "fast": (TooFast("Slowly.", retry_after=7), 429),
    "away": (Unavailable("Nobody answers.", retry_after=9), 503),
}
UNEXPECTED = {
    "bug": (ZeroDivisionError("secret"), 500),
    "inside": (InternalServerError(), 500),
    "later": (BadGateway(), 500),
    "busy": (ServiceUnavailable(), 503),
}


@pytest.fixture
def raising(spare_app):
    """A client of an app with an address for every error."""

    def add(name: str, error: Exception) -> None:
        def view():
            raise error

        spare_app.add_url_rule(f"/{name}", name, public(view), methods=["GET", "POST"])

    for name, (error, _status) in (BROKEN | UNEXPECTED).items():
        add(name, error)
    return spare_app.test_client()


@pytest.fixture
def stranded(settings):
    """A client of an app whose database is away, with the cookie of a session."""
    app = create_app(replace(settings, database_url=AWAY))
    client = app.test_client()
    with app.app_context():
        client.set_cookie(session_cookie(), "x" * 43)
    return client


def is_told(answer, status: int) -> bool:
    """Whether the page names its status, the way on, and the id of its request."""
    reference = answer.headers["X-Request-ID"]
    named = re.search(rf">{status}</p>\s*<h1>[^<]+</h1>", answer.text) is not None
    return answer.status_code == status and named and f">{reference}</code>" in answer.text and WAY_ON in answer.text


@pytest.mark.parametrize("name", BROKEN)
def test_each_rule_that_is_broken_has_its_page(raising, name):
    error, status = BROKEN[name]
    answer = raising.get(f"/{name}")
    assert is_told(answer, status)
    assert FRAME in answer.text
    assert error.message in answer.text
    assert answer.headers.get("Retry-After") == (str(error.retry_after) if error.retry_after else None)


@pytest.mark.parametrize("name", UNEXPECTED)
def test_what_nobody_expected_has_a_page_that_needs_nothing(raising, name):
    answer = raising.get(f"/{name}")
    assert is_told(answer, UNEXPECTED[name][1])
    assert FRAME not in answer.text
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [("GET", "/nowhere", 404), ("PUT", "/", 405), ("GET", "/?page=x", 400), ("POST", "/sign-out", 400)],
)
def test_each_request_that_makes_no_sense_has_its_page(client, method, address, status):
    assert is_told(client.open(address, method=method), status)


def test_a_form_without_its_token_is_told(client):
    assert is_told(sign_in(client, make_user()).post("/sign-out"), 400)


def test_a_body_that_is_too_big_is_told(client):
    big = "x" * BODY_MAX
    sign_in(client, make_user())
    assert is_told(post(client, "/posts", {"message": big}), 413)
    files = {"csrf_token": csrf_token(client), "message": "x", "file": (BytesIO(big.encode()), "a.bin")}
    assert is_told(client.post("/posts", data=files, content_type="multipart/form-data"), 413)


@pytest.mark.parametrize("address", ["/", "/nowhere", "/?page=x", "/posts/%00", "/admin/", "/sign-in"])
def test_without_a_database_members_hear_that_it_comes_back(stranded, address):
    answer = stranded.get(address)
    assert is_told(answer, 503)
    assert answer.headers["Retry-After"] == "5"


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_without_a_database_no_method_gets_a_bare_error(stranded, method):
    assert is_told(stranded.open("/", method=method), 503)


def test_without_a_database_a_visitor_still_hears_what_was_wrong(stranded):
    stranded.delete_cookie("pythoughts_session")
    assert is_told(stranded.get("/nowhere"), 404)
    assert is_told(stranded.get("/"), 503)


def test_pages_that_need_nothing_keep_the_theme(raising):
    raising.set_cookie("theme", "dark")
    assert 'data-theme="dark"' in raising.get("/bug").text
