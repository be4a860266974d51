"""Resetting an account."""

import pytest

from pythoughts.audit.models import AuditLog
from pythoughts.auth.models import Session, Verification
from pythoughts.auth.queries import find_link, find_session
from pythoughts.auth.use_cases import (
    Confirmation,
    Delivery,
    Reset,
    request_password_reset,
    reset_account,
    reset_password,
    send_reset_link,
    sign_in,
)
from pythoughts.auth.use_cases.codes import send_code
from pythoughts.db import db, transaction
from pythoughts.errors import Gone, Invalid, NotAllowed, TooFast
from pythoughts.services.passwords import verify_password
from tests.auth.rows import acts, code_of, count, fresh, letters, link_of, password_of, proof_of, sessions_of
from tests.factories import PASSWORD, make_user

NEW = "another quiet evening walk"


def enter(password=PASSWORD):
    return sign_in(identifier="ada", password=password, remember=True)


def do(actor, user, reason="She asked by phone", **choices) -> str | None:
    return reset_account(actor=actor, user=user, reset=Reset(reason=reason, **choices))


def token_in(url: str) -> str:
    return url.removeprefix("http://localhost/reset-password/")


@pytest.fixture
def priya(app):
    return make_user("priya", role="admin", password=None)


@pytest.fixture
def ada(app):
    return make_user("ada")


def test_the_password_is_scrambled_and_everything_ends(priya, ada):
    opened = enter()
    send_reset_link(user_id=ada.id)
    earlier = link_of(ada)
    assert do(priya, ada) is None
    assert find_session(opened.token) is None
    assert find_link(earlier) is None
    assert not verify_password(PASSWORD, password_of(ada))
    with pytest.raises(Invalid):
        enter()


def test_a_mailed_link_lets_the_owner_back(priya, ada):
    do(priya, ada, link=Delivery.MAIL)
    assert letters() == ["auth/account_reset"]
    reset_password(token=link_of(ada), password=NEW)
    enter(NEW)


def test_a_shown_link_is_returned_once_and_not_mailed(priya, ada):
    url = do(priya, ada, link=Delivery.SHOW)
    assert proof_of(ada, "one-time-link").value not in url
    assert find_link(token_in(url)).user_id == ada.id
    reset_password(token=token_in(url), password=NEW)
    with pytest.raises(Gone):
        reset_password(token=token_in(url), password=NEW)


def test_a_shown_link_does_not_prove_the_address(priya):
    bob = make_user("bob", verified=False)
    url = do(priya, bob, link=Delivery.SHOW)
    reset_password(token=token_in(url), password=NEW)
    assert not fresh(bob).email_verified


def test_the_reset_is_audited_once_with_its_reason(priya, ada):
    enter()
    do(priya, ada, clear_lockout=True)
    assert acts() == [("user.reset", "She asked by phone")]
    row = db.session.query(AuditLog).one()
    assert (row.actor_id, row.target_id) == (priya.id, ada.id)
    assert row.before == {"email_verified": True}
    assert row.after == {
        "email_verified": True,
        "sessions_ended": 1,
        "proofs_ended": 0,
        "address_changed": False,
        "passkeys_removed": 0,
        "links_removed": 0,
        "two_factor_removed": False,
        "link": "mail",
        "clear_lockout": True,
        "verification": "keep",
    }


def test_the_log_that_stays_holds_nothing_personal(priya, ada):
    do(priya, ada, email="new.ada@example.org")
    row = db.session.query(AuditLog).one()
    assert "example.org" not in str([row.before, row.after])


@pytest.mark.parametrize("reason", ["", "   ", "x" * 1_001, "a\x00b"])
def test_a_reason_is_required(priya, ada, reason):
    with pytest.raises(Invalid) as caught:
        do(priya, ada, reason=reason)
    assert caught.value.field == "reason"
    enter()


@pytest.mark.parametrize(
    ("actor_role", "target_role"), [("member", "member"), ("moderator", "member"), ("admin", "admin")]
)
def test_rank_and_right_are_needed(app, actor_role, target_role):
    actor, target = make_user("kenji", role=actor_role), make_user("ada", role=target_role)
    with pytest.raises(NotAllowed):
        do(actor, target)
    enter()


def test_nobody_resets_themselves(priya):
    with pytest.raises(NotAllowed):
        do(priya, priya)


def test_the_command_line_resets_anybody(priya):
    assert do(None, priya, link=Delivery.SHOW).startswith("http://localhost/reset-password/")


def test_a_lockout_is_lifted_only_when_chosen(priya, ada):
    for _n in range(5):
        with pytest.raises(Invalid):
            enter("wrong")
    do(priya, ada)
    with pytest.raises(TooFast):
        enter()
    do(priya, ada, clear_lockout=True)
    with pytest.raises(Invalid):
        enter()


def test_lifting_a_lockout_lets_mails_go_again(priya, ada):
    request_password_reset(email="ada@example.org")
    do(priya, ada, clear_lockout=True)
    request_password_reset(email="ada@example.org")


def test_a_proof_is_kept_asked_for_again_or_taken_as_given(priya):
    people = {choice: make_user(f"user.{choice}", verified=choice != "mark") for choice in Confirmation}
    for choice, user in people.items():
        do(priya, user, verification=choice)
    assert {choice: fresh(user).email_verified for choice, user in people.items()} == {
        "keep": True,
        "resend": False,
        "mark": True,
    }
    assert count(Verification, Verification.purpose == "verify-email") == 1


def test_asking_again_makes_a_new_code(priya):
    bob = make_user("bob", verified=False)
    with transaction() as database:
        send_code(database, bob)
    nonce = proof_of(bob, "verify-email").value
    do(priya, bob, verification=Confirmation.RESEND)
    assert proof_of(bob, "verify-email").value != nonce
    assert len(code_of(bob)) == 6


def test_a_new_address_is_unproven_and_the_old_one_is_told(priya, ada):
    do(priya, ada, email=" New.Ada@Example.org ")
    moved = fresh(ada)
    assert (moved.email, moved.email_verified) == ("new.ada@example.org", False)
    assert letters() == ["auth/address_changed", "auth/account_reset"]
    assert proof_of(ada, "address-changed").value == "ada@example.org"


def test_a_new_address_may_be_taken_as_proven(priya, ada):
    do(priya, ada, email="new.ada@example.org", verification=Confirmation.MARK)
    assert fresh(ada).email_verified


def test_the_link_in_the_mail_proves_the_new_address(priya, ada):
    do(priya, ada, email="new.ada@example.org")
    reset_password(token=link_of(ada), password=NEW)
    assert fresh(ada).email_verified


def test_the_old_address_is_told_although_another_reset_follows(priya, ada):
    do(priya, ada, email="new.ada@example.org")
    do(priya, ada)
    assert proof_of(ada, "address-changed").value == "ada@example.org"


def test_the_same_address_is_no_change(priya, ada):
    do(priya, ada, email="ADA@example.org")
    assert letters() == ["auth/account_reset"]
    assert fresh(ada).email_verified


@pytest.mark.parametrize("email", ["bob@example.org", "not an address"])
def test_a_new_address_that_cannot_be_changes_nothing(priya, ada, email):
    make_user("bob")
    enter()
    with pytest.raises(Invalid) as caught:
        do(priya, ada, email=email)
    assert caught.value.field == "email"
    assert (sessions_of(ada), letters(), acts()) == (1, ["auth/new_device"], [])
    assert verify_password(PASSWORD, password_of(ada))


def test_an_account_without_a_password_is_reset_too(priya):
    bare = make_user("bare", password=None)
    do(priya, bare)
    assert password_of(bare) is not None


def test_other_people_are_left_alone(priya, ada):
    make_user("bob")
    opened = sign_in(identifier="bob", password=PASSWORD, remember=True)
    do(priya, ada)
    assert find_session(opened.token)
    assert count(Session) == 1
