"""Letters about accounts: what they say, and when they are not worth sending."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from pythoughts.auth.models import AuthEvent, User, Verification
from pythoughts.auth.use_cases import (
    Delivery,
    Reset,
    reset_account,
    reset_password,
    send_reset_link,
    sign_in,
    start_impersonation,
)
from pythoughts.auth.use_cases.codes import send_code
from pythoughts.clock import now
from pythoughts.db import db, transaction
from pythoughts.mail.delivery import write
from pythoughts.mail.letters import KINDS
from pythoughts.mail.models import OutboxMail
from pythoughts.mail.use_cases import send_later
from pythoughts.origin import Origin, set_origin
from pythoughts.web import exact
from tests.auth.rows import age, code_of, count, expire, link_of, new_session, proof_of
from tests.factories import PASSWORD, make_user

NOTICES = [
    "two_factor_on",
    "two_factor_off",
    "recovery_codes_renewed",
    "recovery_code_used",
    "passkey_added",
    "passkey_removed",
    "account_connected",
    "account_disconnected",
]
LETTERS = ["verify_email", "reset_link", "account_reset", "password_changed", "address_changed", *NOTICES]


@pytest.fixture
def ada(app):
    return make_user("ada", name="Ada <b>L</b>", display_username="Ada", verified=False)


def mailed(template: str):
    """The newest letter of that kind as text and HTML, or None when it is not sent."""
    db.session.rollback()
    mail = db.session.query(OutboxMail).filter_by(template=f"auth/{template}").order_by(OutboxMail.id.desc()).first()
    letter = KINDS[mail.template].build(user_id=mail.user_id, ref_id=mail.ref_id)
    return write(letter, mail.template, mail.id) if letter else None


def ask_for_code(user: User) -> None:
    with transaction() as database:
        send_code(database, user)


def test_a_sign_in_at_a_new_browser_is_told_with_its_place(app):
    grace = make_user("grace", name="Grace <i>H</i>")
    set_origin(Origin("test", "203.0.113.7", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"))
    sign_in(identifier="grace", password=PASSWORD, remember=True)
    message = mailed("new_device")
    for part in ("Firefox on Linux", exact(now())[:-9], "from 203.0.113.7", "/forgot-password"):
        assert part in message.body
        assert part in message.html
    assert "Hello Grace &lt;i&gt;H&lt;/i&gt;," in message.html
    assert count(AuthEvent, AuthEvent.user_id == grace.id) == 1


def test_a_notice_whose_event_was_forgotten_is_not_sent(app):
    grace = make_user("grace")
    sign_in(identifier="grace", password=PASSWORD, remember=True)
    with transaction() as database:
        database.execute(delete(AuthEvent))
    assert mailed("new_device") is None
    assert grace.email_verified


def test_a_look_of_staff_is_told_with_its_time_until_it_is_history(app):
    grace, root = make_user("grace", name="Grace <i>H</i>"), make_user("root", role="admin")
    start_impersonation(actor=root, session_id=new_session(root)[0], user=grace, reason="Asked by phone")
    message = mailed("impersonated")
    for text in (message.body, message.html):
        assert exact(now())[:-9] in text
        assert "change nothing" in text
        assert "Asked by phone" not in text
    with transaction() as database:
        database.execute(delete(AuthEvent))
    assert mailed("impersonated") is None


@pytest.mark.parametrize("name", LETTERS)
def test_every_letter_greets_in_text_and_html(ada, name):
    ask_for_code(ada)
    send_reset_link(user_id=ada.id)
    reset_account(actor=None, user=ada, reset=Reset("Asked", email="new@example.org"))
    ask_for_code(ada)
    send_reset_link(user_id=ada.id)
    if name == "password_changed":
        reset_password(token=link_of(ada), password="another quiet evening walk")
    if name in NOTICES:
        send_later(template=f"auth/{name}", user_id=ada.id)
    message = mailed(name)
    assert "Hello Ada <b>L</b>," in message.body
    assert "Hello Ada &lt;b&gt;L&lt;/b&gt;," in message.html
    assert message.subject
    for text in (message.body, message.html):
        assert "None" not in text
        assert "{{" not in text


def test_the_code_is_in_the_letter(ada):
    ask_for_code(ada)
    message = mailed("verify_email")
    assert f"\n    {code_of(ada)}\n" in message.body
    assert code_of(ada) in message.html
    assert message.recipients == [("Ada <b>L</b>", "ada@example.org")]


def test_no_code_is_mailed_to_a_proven_address(ada):
    ask_for_code(ada)
    with transaction() as database:
        database.execute(update(User).values(email_verified=True))
    assert mailed("verify_email") is None


def test_no_code_is_mailed_that_was_withdrawn(ada):
    ask_for_code(ada)
    with transaction() as database:
        database.query(Verification).delete()
    assert mailed("verify_email") is None


def test_a_late_letter_carries_a_code_that_still_works(ada):
    ask_for_code(ada)
    age(Verification, 1, "expires_at")
    message = mailed("verify_email")
    assert code_of(ada) in message.body
    assert proof_of(ada, "verify-email").expires_at > now() + timedelta(minutes=9)


@pytest.mark.parametrize("late", [False, True])
def test_the_link_in_the_letter_works(ada, late):
    send_reset_link(user_id=ada.id)
    if late:
        expire(Verification)
    message = mailed("reset_link")
    url = next(word for word in message.body.split() if word.startswith("http"))
    assert url == f"http://localhost/reset-password/{link_of(ada)}"
    assert f'href="{url}"' in message.html
    reset_password(token=link_of(ada), password="another quiet evening walk")
    assert mailed("reset_link") is None


def test_a_reset_is_told_with_its_link_or_without(ada):
    reset_account(actor=None, user=ada, reset=Reset("Asked"))
    assert link_of(ada) in mailed("account_reset").body
    reset_account(actor=None, user=ada, reset=Reset("Asked", link=Delivery.SHOW))
    assert "/reset-password/" not in mailed("account_reset").body


def test_no_link_is_mailed_that_another_reset_withdrew(ada):
    reset_account(actor=None, user=ada, reset=Reset("Asked"))
    with transaction() as database:
        database.query(Verification).delete()
    assert mailed("account_reset") is None


def test_the_old_address_is_written_to(ada):
    reset_account(actor=None, user=ada, reset=Reset("Asked", email="new@example.org"))
    message = mailed("address_changed")
    assert message.recipients == [("Ada <b>L</b>", "ada@example.org")]
    assert "new@example.org" not in message.body
    assert mailed("account_reset").recipients == [("Ada <b>L</b>", "new@example.org")]


@pytest.mark.parametrize("name", LETTERS)
def test_nothing_is_mailed_about_somebody_who_is_gone(ada, name):
    ask_for_code(ada)
    ref_id = proof_of(ada, "verify-email").id
    with transaction() as database:
        database.execute(update(User).values(deleted_at=now()))
    assert KINDS[f"auth/{name}"].build(user_id=ada.id, ref_id=ref_id) is None
