"""An admin looks through a member's eyes, with scripts and without, and comes back."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PASSWORD = "a quiet walk by the river"


@pytest.fixture(scope="module")
def people(site) -> dict[str, str]:
    """One-time links for an admin and a member."""
    made = {"priya": "admin", "mira": "member"}
    lines = {
        name: site.command("users", "create", name, "--email", f"{name}@example.org", "--role", role)
        for name, role in made.items()
    }
    return {name: next(word for word in line.split() if word.startswith("http")) for name, line in lines.items()}


@pytest.fixture(scope="module")
def member(browser, people):
    """Mira has set her password."""
    context = browser.new_context()
    set_password(context.new_page(), people["mira"])
    context.close()
    return "mira"


@pytest.fixture(scope="module")
def admin(browser, people):
    """Priya has, too."""
    context = browser.new_context()
    set_password(context.new_page(), people["priya"])
    context.close()
    return "priya"


def set_password(page, link: str) -> None:
    page.goto(link)
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Set password").click()
    page.wait_for_url("**/sign-in")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_an_admin_looks_and_comes_back(new_person, admin, member, scripts):
    priya = new_person(java_script_enabled=scripts)
    page = priya.page
    priya.goes_to("/sign-in?next=/admin/users/")
    page.get_by_label("Email or username").fill(admin)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.locator("main").get_by_role("link", name=member).first.click()
    page.get_by_role("link", name="Look as them").click()
    (page.get_by_role("dialog") if scripts else page.locator("main")).get_by_label("Reason").fill("Their feed is empty")
    page.get_by_role("button", name="Look", exact=True).click()
    page.wait_for_url(priya.site.url + "/")
    bar = page.get_by_role("complementary").filter(has_text="as @mira sees it")
    expect(bar).to_contain_text("You can read")
    if scripts:
        priya.finds_no_violation()
    priya.goes_to("/preferences")
    expect(bar).to_be_visible()
    page.get_by_role("button", name="Save changes").click()
    page.get_by_text("You are looking through somebody else's eyes").wait_for()
    page.get_by_role("button", name="Back to myself").click()
    page.wait_for_url(priya.site.url + "/admin/users/*")
    expect(bar).to_have_count(0)
    told = priya.site.mailbox.wait_for("mira@example.org").get_body(("plain",)).get_content()
    assert "looked at the site through your account" in told
