"""Usernames."""

import pytest

from pythoughts.auth.names import check_username, is_reserved
from pythoughts.errors import Invalid


def refusal(name: str) -> str:
    with pytest.raises(Invalid) as caught:
        check_username(name)
    return str(caught.value)


@pytest.mark.parametrize("name", ["ada", "ada.lovelace", "a_b", "_x_", "123", "a" * 30, "x.y_z9"])
def test_ordinary_names_may_be_taken(app, name):
    assert check_username(name).key == name


def test_the_shown_form_differs_in_case_only(app):
    name = check_username("  Ada.Lovelace ")
    assert (name.key, name.shown) == ("ada.lovelace", "Ada.Lovelace")


def test_too_short_and_too_long_say_so(app):
    assert refusal("ad") == "Use at least 3 characters."
    assert refusal("a" * 31) == "Use at most 30 characters."


@pytest.mark.parametrize("name", ["ada!", "ada lovelace", "ada-lovelace", "ad\u0430", "\u212aelvin", "stra\u017fe"])
def test_only_plain_letters_digits_dots_and_underscores(app, name):
    assert refusal(name) == "Use letters from a to z, digits, dots and underscores."


@pytest.mark.parametrize("name", [".ada", "ada.", "a..da", "..."])
def test_dots_stand_between_other_characters(app, name):
    assert refusal(name) == "Put dots between other characters only."


@pytest.mark.parametrize("name", ["ada.html", "feed.atom", "Ada.PNG", "a.b.json"])
def test_a_name_does_not_look_like_a_file(app, name):
    assert "name of a file" in refusal(name)


@pytest.mark.parametrize(
    "name", ["admin", "Admin", "moderator", "pythoughts", "support", "ad_min", "_root_", "n.u.l.l"]
)
def test_names_that_speak_for_the_site_are_taken(app, name):
    assert refusal(name) == "This name is taken."


def test_every_address_of_the_site_is_taken(app):
    first_parts = {rule.rule.split("/")[1].partition(".")[0] for rule in app.url_map.iter_rules()}
    free = {part for part in first_parts if len(part) >= 3 and "<" not in part and not is_reserved(part)}
    assert free == set()
