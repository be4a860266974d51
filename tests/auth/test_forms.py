"""Forms: shape, and the two traps for programs."""

from time import time

import pytest
from itsdangerous import Signer
from werkzeug.datastructures import MultiDict

from pythoughts.auth.forms import CodeForm, SignUpForm, seconds_since, time_stamp

GOOD = {"username": "ada", "email": "ada@example.org", "password": "winter-lamp-42-orchard"}


def stamp(app, ago: float, key: str | None = None) -> str:
    return Signer(key or app.secret_key, salt="form time").sign(f"{time() - ago:.1f}").decode()


@pytest.fixture
def filled(app):
    """Fill in the sign-up form; CSRF is the application's business."""

    def fill(**typed) -> SignUpForm:
        fields = GOOD | {"form_time": stamp(app, 10)} | typed
        form = SignUpForm(formdata=MultiDict(fields), meta={"csrf": False})
        form.validate()
        return form

    with app.test_request_context():
        yield fill


def test_a_form_that_took_its_time_is_taken(filled):
    assert filled().errors == {}


def test_what_breaks_rules_is_told_for_all_fields_at_once(filled):
    assert set(filled(username="ad", email="ada", password="").errors) == {"username", "email", "password"}


def test_a_field_that_people_do_not_see_stays_empty(filled):
    assert "hidden field" in str(filled(website="https://spam.example").form_errors[0])


@pytest.mark.parametrize("ago", [0, 2.8])
def test_nobody_types_that_fast(app, filled, ago):
    assert "faster than anybody types" in str(filled(form_time=stamp(app, ago)).form_errors[0])


def test_a_second_try_keeps_the_time_of_the_first(app, filled):
    first = stamp(app, 1)
    assert filled(form_time=first).form_time.data == first


@pytest.mark.parametrize("forged", ["", "1.0", "1.0.signature", "x" * 500])
def test_a_time_that_is_not_ours_counts_from_now(app, filled, forged):
    form = filled(form_time=forged)
    assert form.form_errors
    assert seconds_since(form.form_time.data) < 5


def test_a_time_signed_by_others_is_not_ours(app, filled):
    assert seconds_since(stamp(app, 10, key="another-key-" * 4)) == 0
    assert abs(seconds_since(time_stamp())) < 2


@pytest.mark.parametrize(
    ("typed", "good"), [("482913", True), (" 482 913 ", True), ("48291", False), ("4829135", False)]
)
def test_a_code_is_six_digits_whatever_the_gaps(app, typed, good):
    with app.test_request_context():
        assert CodeForm(formdata=MultiDict({"code": typed}), meta={"csrf": False}).validate() is good


@pytest.mark.parametrize("typed", ["48291a", "\u0664\u0668\u0662\u0669\u0661\u0663", "482913\n482913"])
def test_other_signs_are_no_code(app, typed):
    with app.test_request_context():
        assert not CodeForm(formdata=MultiDict({"code": typed}), meta={"csrf": False}).validate()
