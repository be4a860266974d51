"""Taking one's data along, and leaving, with and without JavaScript."""

import json
import zipfile

import pytest

from tests.browser.test_main_job import PASSWORD, prove_address, say, sign_in, sign_up

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def member(new_person):
    """Make a member, signed in, who has said something."""

    def make(username, **options):
        person = new_person(**options)
        sign_up(person, username)
        prove_address(person, username)
        return person

    return make


def test_somebody_takes_their_data_along(member, site):
    mira = member("mira.export")
    say(mira, "Everything I ever said.")
    mira.page.get_by_role("link", name="Preferences").first.click()
    mira.page.get_by_role("link", name="Your data").click()
    mira.finds_no_violation()
    mira.page.get_by_role("button", name="Create a new export").click()
    mira.page.get_by_text("Your export is being made").first.wait_for()
    assert "/preferences/data" in site.mailbox.link_for("mira.export@example.org", count=2)
    mira.page.reload()
    mira.page.get_by_text("ready until").wait_for()
    mira.finds_no_violation()
    with mira.page.expect_download() as download:
        mira.page.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename.startswith("pythoughts-mira.export-")
    with zipfile.ZipFile(download.value.path()) as archive:
        (post,) = json.loads(archive.read("pythoughts.json"))
        assert post["message"] == "Everything I ever said."
        assert b"Everything I ever said." in archive.read("pythoughts.html")


@pytest.mark.parametrize("scripts", [True, False])
def test_somebody_leaves_and_comes_back(member, site, scripts):
    name = f"leaver.{scripts}".lower()
    mira = member(name, java_script_enabled=scripts)
    mira.goes_to("/preferences/data")
    mira.page.get_by_text("Delete them too").click()
    mira.page.get_by_label(f"Type {name} to confirm").fill("somebody else")
    mira.page.get_by_label("Password", exact=True).fill(PASSWORD)
    mira.page.get_by_role("button", name="Delete my account").click()
    mira.page.get_by_text("Type your username to confirm.").wait_for()
    assert mira.page.get_by_role("radio", name="Delete them too").is_checked()

    mira.page.get_by_label(f"Type {name} to confirm").fill(name)
    mira.page.get_by_label("Password", exact=True).fill(PASSWORD)
    mira.page.get_by_role("button", name="Delete my account").click()
    mira.page.get_by_text("Your account is closed.").first.wait_for()
    letter = site.mailbox.wait_for(f"{name}@example.org", count=2)
    assert letter["Subject"] == "Your account is closed"
    assert mira.page.goto(f"{site.url}/user/{name}").status == 410

    sign_in(mira, name)
    assert mira.page.goto(f"{site.url}/user/{name}").status == 200
    assert site.mailbox.wait_for(f"{name}@example.org", count=3)["Subject"] == "Your account is open again"
