"""Second factors and passkeys, as people meet them."""

import pytest

from tests.auth.rows import app_code

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PASSWORD = "a quiet walk by the river"
TOUCH = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def join(new_person, site):
    """Make an account and sign in to it."""

    def make(username: str, **options):
        printed = site.command("users", "create", username, "--email", f"{username}@example.org", "--role", "member")
        person = new_person(**options)
        person.page.goto(next(word for word in printed.split() if word.startswith("http")))
        person.page.get_by_label("New password", exact=True).fill(PASSWORD)
        person.page.get_by_role("button", name="Set password").click()
        person.page.wait_for_url("**/sign-in")
        enter(person, username)
        person.page.wait_for_url(site.url + "/")
        return person

    return make


def enter(person, username: str) -> None:
    person.goes_to("/sign-in")
    person.page.get_by_label("Email or username").fill(username)
    person.page.get_by_label("Password", exact=True).fill(PASSWORD)
    person.page.get_by_role("button", name="Sign in").click()


def leave(person) -> None:
    person.context.clear_cookies()


def turn_on(person) -> tuple[str, list[str]]:
    """The app's secret and the recovery codes."""
    person.goes_to("/preferences/two-factor")
    secret = person.page.locator("#secret").inner_text().replace(" ", "")
    person.page.get_by_label("6-digit code").fill(app_code(secret))
    person.page.get_by_role("button", name="Turn on").click()
    person.page.get_by_role("heading", name="Your recovery codes").wait_for()
    return secret, person.page.locator("main li.recovery-code").all_inner_texts()


def test_a_second_factor_is_set_up_and_asked_for(join):
    ada = join("ada")
    secret, codes = turn_on(ada)
    assert len(codes) == 10
    with ada.page.expect_download() as download:
        ada.page.get_by_role("button", name="Download as text").click()
    assert codes[0] in download.value.path().read_text()
    leave(ada)
    enter(ada, "ada")
    ada.page.get_by_label("Code").fill(app_code(secret, 1))
    ada.finds_no_violation()
    ada.page.get_by_role("button", name="Sign in").click()
    ada.page.wait_for_url(ada.site.url + "/")


def test_the_key_is_a_picture_that_a_camera_can_read(join):
    bob = join("bob", color_scheme="dark")
    bob.goes_to("/preferences/two-factor")
    square = bob.page.locator("svg.qr-code")
    assert square.bounding_box()["width"] > 150
    bob.finds_no_violation()


def test_without_scripts_a_recovery_code_lets_in(join):
    cleo = join("cleo", java_script_enabled=False)
    codes = turn_on(cleo)[1]
    leave(cleo)
    enter(cleo, "cleo")
    cleo.page.get_by_label("Code").fill(codes[0])
    cleo.page.get_by_role("button", name="Sign in").click()
    cleo.page.wait_for_url(cleo.site.url + "/")


def test_a_passkey_is_added_and_signs_in(join):
    dora = join("dora")
    phone = dora.context.new_cdp_session(dora.page)
    phone.send("WebAuthn.enable")
    phone.send("WebAuthn.addVirtualAuthenticator", {"options": TOUCH})
    dora.goes_to("/preferences/passkeys")
    dora.page.get_by_label("Name").fill("Phone")
    dora.page.get_by_role("button", name="Add a passkey").click()
    dora.page.get_by_role("button", name="Remove Phone").wait_for()
    dora.finds_no_violation()
    leave(dora)
    dora.goes_to("/sign-in?next=/preferences/passkeys")
    dora.page.get_by_role("button", name="Use a passkey").click()
    dora.page.wait_for_url(dora.site.url + "/preferences/passkeys")
    assert "last used" in dora.page.locator("main").inner_text()


def test_a_passkey_proves_that_it_is_still_they(join):
    gus = join("gus")
    phone = gus.context.new_cdp_session(gus.page)
    phone.send("WebAuthn.enable")
    phone.send("WebAuthn.addVirtualAuthenticator", {"options": TOUCH})
    gus.goes_to("/preferences/passkeys")
    gus.page.get_by_label("Name").fill("Phone")
    gus.page.get_by_role("button", name="Add a passkey").click()
    gus.page.get_by_role("button", name="Remove Phone").wait_for()
    gus.goes_to("/confirm-password?next=/preferences/email")
    gus.finds_no_violation()
    gus.page.get_by_role("button", name="Use a passkey").click()
    gus.page.wait_for_url(gus.site.url + "/preferences/email")


def test_a_browser_without_the_passkey_is_told(new_person):
    eve = new_person()
    key = eve.context.new_cdp_session(eve.page)
    key.send("WebAuthn.enable")
    key.send("WebAuthn.addVirtualAuthenticator", {"options": TOUCH | {"isUserVerified": False}})
    eve.goes_to("/sign-in")
    eve.page.get_by_role("button", name="Use a passkey").click()
    eve.page.get_by_text("No passkey was used").wait_for()


def test_without_scripts_no_button_asks_for_a_passkey(join):
    fay = join("fay", java_script_enabled=False)
    fay.goes_to("/preferences/passkeys")
    assert not fay.page.get_by_role("button", name="Add a passkey").is_visible()
    assert fay.page.get_by_text("To add one, use a browser that knows passkeys").is_visible()
    leave(fay)
    fay.goes_to("/sign-in")
    assert not fay.page.get_by_role("button", name="Use a passkey").is_visible()
