"""Which language a page and a mail speak."""

import pytest

from pythoughts.i18n import LANGUAGES
from pythoughts.mail.letters import language_of
from pythoughts.paths import PACKAGE_DIR
from pythoughts.preferences.use_cases import save_settings
from tests.factories import make_user, post, sign_in


@pytest.fixture
def mira(app):
    """A member."""
    return make_user("mira")


@pytest.fixture
def mine(client, mira):
    """Mira's browser."""
    return sign_in(client, mira)


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("en-GB,de;q=0.5", "en"),
        ("tlh", "en"),
        ("tlh,de;q=0.1", "de"),
        ("\x7f;;q=nan,,", "en"),
    ],
)
def test_a_visitor_reads_what_the_browser_asks_for(app, asked, spoken):
    answer = app.test_client().get("/", headers={"Accept-Language": asked})
    assert f'<html lang="{spoken}" dir="ltr"' in answer.text
    assert "Accept-Language" in answer.vary


def test_what_a_member_chose_goes_before_the_browser(mine, mira):
    answer = post(mine, "/preferences/appearance", {"theme": "dark", "density": "roomy", "language": "de"})
    assert answer.status_code == 303
    german = mine.get("/preferences/appearance", headers={"Accept-Language": "en"}).text
    assert '<html lang="de"' in german
    assert '<option selected value="de">Deutsch</option>' in german
    assert language_of(mira.id) == "de"


def test_without_a_choice_the_browser_decides(mine, mira):
    save_settings(actor=mira, settings={"language": "de"})
    save_settings(actor=mira, settings={"language": ""})
    assert '<html lang="en"' in mine.get("/").text
    assert language_of(mira.id) is None


def test_a_language_that_the_site_does_not_speak_is_refused(mine):
    answer = post(mine, "/preferences/appearance", {"theme": "dark", "density": "roomy", "language": "tlh"})
    assert answer.status_code == 422


def test_every_catalogue_is_offered():
    catalogues = {path.name for path in (PACKAGE_DIR / "translations").iterdir()}
    assert catalogues == set(LANGUAGES) - {"en"}
