"""A provider on loopback, an app that trusts it, and the way there and back; fixtures for every test."""

import urllib.error
import urllib.request

import pytest
from sqlalchemy import select

from pythoughts.app import create_app
from pythoughts.auth.models import Account
from pythoughts.db import db, transaction
from tests.auth.oidc_provider import CLIENT, SECRET, OidcProvider

START = "/sign-in/oidc/club"


@pytest.fixture
def club():
    """The provider."""
    provider = OidcProvider().start()
    yield provider
    provider.stop()


@pytest.fixture
def site(app, client, club, make_settings, database_url):
    """An app that lets people sign in at the club."""
    variables = {
        "OIDC_PROVIDERS": "club",
        "OIDC_CLUB_ISSUER": club.issuer,
        "OIDC_CLUB_CLIENT_ID": CLIENT,
        "OIDC_CLUB_CLIENT_SECRET": SECRET,
        "OIDC_CLUB_LABEL": "The Club",
    }
    spare = create_app(make_settings(database_url, **variables))
    spare.test_client_class = type(client)
    with spare.app_context():
        yield spare
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def visitor(site):
    return site.test_client()


class Stay(urllib.request.HTTPRedirectHandler):
    """Does not follow."""

    def redirect_request(self, *_args):
        """Stay where it is."""
        return


def at_the_club(address: str) -> str:
    """Where the provider sends the browser back to."""
    try:
        urllib.request.build_opener(Stay).open(address, timeout=5)
    except urllib.error.HTTPError as error:
        with error:
            return error.headers["Location"]
    raise AssertionError("no redirect")


def go_there(browser, start=START) -> str:
    """Go to the provider and come back; the callback's address."""
    sent = browser.get(start)
    assert sent.status_code == 303
    return at_the_club(sent.location)


def visit(browser, start=START):
    """The whole way there and back."""
    return browser.get(go_there(browser, start))


def connect(user, subject="ada-there"):
    with transaction() as database:
        database.add(Account(user_id=user.id, provider_id="club", account_id=subject))


def row() -> Account:
    db.session.rollback()
    return db.session.scalars(select(Account).where(Account.provider_id == "club")).one()
