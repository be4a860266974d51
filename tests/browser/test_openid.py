"""Joining and signing in with an account elsewhere, against a provider on loopback."""

import pytest

from tests.auth.oidc_provider import CLIENT, SECRET, OidcProvider

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def club():
    """The provider of this file's site."""
    provider = OidcProvider().start()
    yield provider
    provider.stop()


@pytest.fixture(scope="module")
def variables(club):
    """The site trusts it."""
    return {
        "OIDC_PROVIDERS": "club",
        "OIDC_CLUB_ISSUER": club.issuer,
        "OIDC_CLUB_CLIENT_ID": CLIENT,
        "OIDC_CLUB_CLIENT_SECRET": SECRET,
        "OIDC_CLUB_LABEL": "The Club",
    }


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_somebody_joins_from_elsewhere_and_comes_back_that_way(new_person, club, scripts):
    name = "nell" if scripts else "otto"
    club.person = {"sub": f"{name}-there", "email": f"{name}@example.org"}
    person = new_person(java_script_enabled=scripts)
    page, site = person.page, person.site
    person.goes_to("/sign-in")
    page.get_by_role("link", name="Continue with The Club").click()
    page.get_by_label("Username").fill(name)
    assert page.get_by_label("Email").input_value() == f"{name}@example.org"
    if scripts:
        person.finds_no_violation()
    page.get_by_role("button", name="Create account").click()
    page.get_by_label("6-digit code").fill(site.mailbox.code_for(f"{name}@example.org"))
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url(site.url + "/")
    person.context.clear_cookies()
    person.goes_to("/sign-in?next=/preferences/appearance")
    page.get_by_role("link", name="Continue with The Club").click()
    page.wait_for_url(site.url + "/preferences/appearance")
