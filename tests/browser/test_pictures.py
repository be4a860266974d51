"""Somebody sends a picture of themselves, with scripts and without."""

import re

import pytest
from playwright.sync_api import expect

from tests.avatars.drawing import picture

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SENT = "This is the picture you sent."


@pytest.fixture(scope="module")
def password(site) -> str:
    """Ada's, of the demo community that this site is filled with."""
    return re.search(r"member\s+ada\s+(\S+)", site.command("demo"))[1]


@pytest.fixture
def ada(new_person, password):
    """Ada at her settings, in a browser of her own."""

    def make(**options):
        person = new_person(**options)
        person.goes_to("/sign-in?next=/preferences")
        person.page.get_by_label("Email or username").fill("ada")
        person.page.get_by_label("Password", exact=True).fill(password)
        person.page.get_by_role("button", name="Sign in").click()
        person.page.wait_for_url("**/preferences")
        return person

    return make


def send(person, content: bytes) -> None:
    """Choose a file and save."""
    file = {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": content}
    person.page.get_by_label("Picture").set_input_files(file)
    person.page.get_by_role("button", name="Save changes").click()


def test_a_picture_appears_by_itself_and_goes_again(ada):
    person = ada(color_scheme="dark")
    send(person, picture("JPEG", (600, 400)))
    shown = person.page.locator("#my-picture")
    expect(shown).to_contain_text(SENT)
    expect(shown.locator("img")).to_have_attribute("src", re.compile(r"-large\.webp$"))
    assert shown.locator("img").evaluate("each => each.decode().then(() => each.naturalWidth)") == 256
    person.page.reload()
    person.finds_no_violation()
    person.page.get_by_role("button", name="Remove picture").click()
    expect(shown).to_contain_text("Drawn for you alone")


def test_a_picture_is_sent_without_javascript(ada):
    person = ada(java_script_enabled=False, viewport={"width": 390, "height": 844})
    send(person, picture("PNG", (300, 300)))
    shown = person.page.locator("#my-picture")
    deadline = 40
    while "being prepared" in shown.inner_text() and deadline:
        person.page.wait_for_timeout(250)
        person.page.reload()
        deadline -= 1
    expect(shown).to_contain_text(SENT)
    person.goes_to("/")
    expect(person.page.locator("img.ava").first).to_have_attribute("src", re.compile(r"/avatar/.+\.webp$"))


def test_a_damaged_file_is_told(ada):
    person = ada()
    send(person, picture("JPEG", (600, 400))[:2_000])
    expect(person.page.locator("#my-picture")).to_contain_text("could not be read")
    person.finds_no_violation()
