"""The main job, played by three people at three browsers."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PASSWORD = "a quiet walk by the river"


def sign_up(person, username: str) -> None:
    person.goes_to("/sign-up")
    person.page.get_by_label("Username").fill(username)
    person.page.get_by_label("Email").fill(f"{username}@example.org")
    person.page.get_by_label("Password", exact=True).fill(PASSWORD)
    person.page.wait_for_timeout(3_100)  # a form sent sooner than a person can type is refused
    person.page.get_by_role("button", name="Create account").click()
    person.page.wait_for_url("**/verify")


def prove_address(person, username: str) -> None:
    person.page.get_by_label("6-digit code").fill(person.site.mailbox.code_for(f"{username}@example.org"))
    person.page.get_by_role("button", name="Confirm email").click()
    person.page.wait_for_url(person.site.url + "/")


def sign_in(person, username: str, password: str = PASSWORD) -> None:
    person.goes_to("/sign-in")
    person.page.get_by_label("Email or username").fill(username)
    person.page.get_by_label("Password", exact=True).fill(password)
    person.page.get_by_role("button", name="Sign in").click()
    person.page.wait_for_url(person.site.url + "/")


def say(person, message: str) -> None:
    person.page.get_by_role("textbox", name="New thought").fill(message)
    person.page.get_by_role("button", name="Post", exact=True).click()
    person.page.get_by_role("article").filter(has_text=message).wait_for()


@pytest.fixture
def member(new_person):
    """A member who has just joined and proven their address."""
    person = new_person()
    sign_up(person, "mira")
    prove_address(person, "mira")
    return person


def staff(new_person, site, username: str, role: str):
    """Somebody whom the operator made staff, signed in by the one-time link."""
    printed = site.command("users", "create", username, "--email", f"{username}@example.org", "--role", role)
    link = next(word for word in printed.split() if word.startswith("http"))
    person = new_person()
    person.page.goto(link)
    person.page.get_by_label("New password", exact=True).fill(PASSWORD)
    person.page.get_by_role("button", name="Set password").click()
    sign_in(person, username)
    return person


def test_a_thought_is_posted_removed_and_its_author_reset(new_person, site, member):
    say(member, "Entry points beat my plugin loader.")
    moderator = staff(new_person, site, "kenji", "moderator")
    moderator.page.get_by_role("article").filter(has_text="Entry points").wait_for()

    moderator.goes_to("/admin/posts/")
    moderator.page.get_by_role("link", name="Entry points").first.click()
    moderator.page.get_by_role("button", name="Remove").first.click()
    moderator.page.get_by_label("Reason").fill("Advertising")
    moderator.page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    moderator.page.get_by_text("Removed").first.wait_for()

    member.goes_to("/")
    assert member.page.get_by_text("Entry points").count() == 0

    admin = staff(new_person, site, "ada", "admin")
    admin.goes_to("/admin/users/")
    admin.page.get_by_role("link", name="mira").first.click()
    admin.page.get_by_role("link", name="Reset account").click()
    admin.page.get_by_label("Reason").fill("She asked by phone")
    admin.page.get_by_role("button", name="Reset account").click()

    member.page.get_by_role("link", name="Preferences").first.click()
    member.page.wait_for_url("**/sign-in?next=**")
    link = site.mailbox.link_for("mira@example.org", count=2)
    member.page.goto(link)
    member.page.get_by_label("New password", exact=True).fill("another walk by the river")
    member.page.get_by_role("button", name="Set password").click()
    sign_in(member, "mira", "another walk by the river")
