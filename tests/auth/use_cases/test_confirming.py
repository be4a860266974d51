"""Proving once more who sits at the browser."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from pythoughts.auth.models import Account, Session
from pythoughts.auth.use_cases import confirm_password, sign_in
from pythoughts.auth.use_cases.records import lock_credential, lock_user
from pythoughts.clock import now
from pythoughts.db import db, transaction
from pythoughts.errors import Invalid, TooFast
from tests.auth.rows import age
from tests.factories import PASSWORD, make_user
from tests.races import meanwhile


@pytest.fixture
def ada(app):
    return make_user("ada")


@pytest.fixture
def old_session(ada):
    """The key of a session that was signed in an hour ago."""
    sign_in(identifier="ada", password=PASSWORD, remember=True)
    age(Session, 1, "auth_at")
    return row().id


def row():
    db.session.rollback()
    return db.session.scalars(select(Session).execution_options(populate_existing=True)).one()


def minutes_since_proof():
    return (now() - row().auth_at) / timedelta(minutes=1)


def test_the_password_makes_the_session_count_as_new(ada, old_session):
    seen_at = row().updated_at
    confirm_password(actor=ada, session_id=old_session, password=PASSWORD)
    assert minutes_since_proof() < 1
    assert row().updated_at == seen_at


def test_a_wrong_password_proves_nothing(ada, old_session):
    with pytest.raises(Invalid):
        confirm_password(actor=ada, session_id=old_session, password="something else")
    assert minutes_since_proof() > 59


def test_somebody_elses_session_is_left_alone(ada, old_session):
    grace = make_user("grace")
    confirm_password(actor=grace, session_id=old_session, password=PASSWORD)
    assert minutes_since_proof() > 59


def test_an_account_without_password_is_never_proven_by_one(old_session, ada):
    with transaction() as database:
        database.query(Account).delete()
    with pytest.raises(Invalid):
        confirm_password(actor=ada, session_id=old_session, password=PASSWORD)


def test_guesses_are_limited_and_do_not_keep_the_owner_from_signing_in(ada, old_session):
    for _n in range(5):
        with pytest.raises(Invalid):
            confirm_password(actor=ada, session_id=old_session, password="something else")
    with pytest.raises(TooFast):
        confirm_password(actor=ada, session_id=old_session, password=PASSWORD)
    sign_in(identifier="ada", password=PASSWORD, remember=True)


def test_guesses_elsewhere_do_not_keep_anybody_from_confirming(ada, old_session):
    for _n in range(5):
        with pytest.raises(Invalid):
            sign_in(identifier="ada", password="something else", remember=True)
    confirm_password(actor=ada, session_id=old_session, password=PASSWORD)


def test_a_password_that_is_changed_meanwhile_proves_nothing(app, ada, old_session):
    def confirm():
        with pytest.raises(Invalid):
            confirm_password(actor=ada, session_id=old_session, password=PASSWORD)

    with transaction() as database:
        lock_user(database, ada.id)
        waiting = meanwhile(app, confirm)
        lock_credential(database, ada.id).password = "scrambled"
    waiting.result()
    assert minutes_since_proof() > 59
