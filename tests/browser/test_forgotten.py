"""A forgotten password: a link by mail, and nobody stays signed in by the old one."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_main_job import PASSWORD, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

LOOKS = [
    {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"},
    {"viewport": {"width": 390, "height": 844}, "java_script_enabled": False},
]


def joins(new_person, site, username: str):
    """Somebody whom the operator made, signed in."""
    printed = site.command("users", "create", username, "--email", f"{username}@example.org", "--role", "member")
    person = new_person()
    person.page.goto(next(word for word in printed.split() if word.startswith("http")))
    person.page.get_by_label("New password", exact=True).fill(PASSWORD)
    person.page.get_by_role("button", name="Set password").click()
    sign_in(person, username)
    return person


def mailed_link(mailbox, address: str) -> str:
    """The link to a new password; letters about the sign-ins before may come later than it."""
    for count in range(1, 9):
        text = mailbox.wait_for(address, count).get_body(("plain",)).get_content()
        if link := re.search(r"https?://\S+/reset-password/\S+", text):
            return link[0]
    raise AssertionError("eight letters, and no link in them")


@pytest.mark.parametrize("look", LOOKS, ids=["with scripts", "without scripts"])
def test_a_forgotten_password_is_replaced_and_the_old_sessions_end(new_person, site, look):
    username = "mira" if "color_scheme" in look else "juno"
    elsewhere = joins(new_person, site, username)
    person = new_person(**look)
    person.goes_to("/sign-in")
    person.page.get_by_role("link", name="Forgot it?").click()
    person.page.get_by_label("Email").fill(f"{username}@example.org")
    person.page.get_by_role("button", name="Send the link").click()
    person.page.get_by_role("heading", name="Check your inbox").wait_for()
    link = mailed_link(site.mailbox, f"{username}@example.org")
    person.page.goto(link)
    person.page.get_by_label("New password", exact=True).fill("a louder walk by the sea")
    person.page.get_by_role("button", name="Set password").click()

    elsewhere.goes_to("/preferences")
    elsewhere.page.wait_for_url(re.compile(r"/sign-in\?next="))
    person.goes_to("/sign-in")
    person.page.get_by_label("Email or username").fill(username)
    person.page.get_by_label("Password", exact=True).fill(PASSWORD)
    person.page.get_by_role("button", name="Sign in").click()
    expect(person.page.get_by_role("alert").first).to_be_visible()
    sign_in(person, username, "a louder walk by the sea")
    person.page.goto(link)
    assert person.page.get_by_label("New password", exact=True).count() == 0
