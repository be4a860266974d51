"""Joining a site that has a captcha, with scripts and without."""

import pytest

from tests.browser.test_main_job import prove_address, sign_up
from tests.captcha import keys_for, providing

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def captcha():
    """The provider of this file's site."""
    with providing() as provider:
        yield provider


@pytest.fixture(scope="module")
def variables(captcha):
    """The site's keys."""
    return keys_for(captcha)


def test_a_person_solves_it_and_joins(new_person, captcha):
    person = new_person()
    sign_up(person, "mira")
    assert [asked["response"] for asked in captcha.asked] == ["human:sign-up"]
    prove_address(person, "mira")
    person.page.get_by_role("textbox", name="New thought").wait_for()


def test_without_scripts_the_code_comes_first(new_person, captcha):
    captcha.asked.clear()
    person = new_person(java_script_enabled=False)
    sign_up(person, "kenji")
    person.goes_to("/preferences")
    assert "/sign-in" in person.page.url
    person.goes_to("/verify")
    prove_address(person, "kenji")
    person.goes_to("/preferences")
    assert person.page.url.endswith("/preferences")
    assert captcha.asked == []
