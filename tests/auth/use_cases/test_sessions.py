"""Sessions: noted while in use, ended at once."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from pythoughts.auth.models import Session
from pythoughts.auth.queries import find_session, list_sessions
from pythoughts.auth.use_cases import (
    Presence,
    revoke_other_sessions,
    revoke_session,
    revoke_sessions,
    sign_in,
    sign_out,
    touch_session,
)
from pythoughts.clock import now
from pythoughts.db import db
from pythoughts.errors import NotAllowed, NotFound
from tests.auth.rows import acts, age, count, expire, fresh, sessions_of
from tests.factories import PASSWORD, make_user
from tests.statements import statements


def enter(name="ada", *, remember=True):
    return sign_in(identifier=name, password=PASSWORD, remember=remember)


def presence(**changed) -> Presence:
    row = db.session.query(Session).one()
    values = {
        "session_id": row.id,
        "user_id": row.user_id,
        "seen_at": row.updated_at,
        "created_at": row.created_at,
        "expires_at": row.expires_at,
        "auth_at": row.auth_at,
        "remember": row.remember,
    }
    db.session.rollback()
    return Presence(**(values | changed))


@pytest.fixture
def ada(app):
    return make_user("ada")


def test_signing_out_ends_this_session_only(ada):
    mine, other = enter(), enter()
    sign_out(token=mine.token)
    assert find_session(mine.token) is None
    assert find_session(other.token)
    sign_out(token=mine.token)


@pytest.mark.parametrize("dead", ["expired", "too old", "deleted user"])
def test_a_session_ends_by_itself(ada, dead):
    opened = enter()
    if dead == "expired":
        expire(Session)
    elif dead == "too old":
        age(Session, 30 * 24, "created_at")
    else:
        ada.deleted_at = now()
        db.session.commit()
    assert find_session(opened.token) is None


def test_staff_are_signed_out_after_twelve_idle_hours(app):
    make_user("kenji", role="moderator")
    make_user("ada")
    staff, member = enter("kenji"), enter("ada")
    age(Session, 11.9, "updated_at")
    assert find_session(staff.token)
    age(Session, 0.2, "updated_at")
    assert find_session(staff.token) is None
    assert find_session(member.token)


def test_being_seen_is_noted_every_five_minutes(ada):
    enter()
    with statements() as sent:
        assert touch_session(presence(seen_at=now() - timedelta(minutes=4))) is None
    assert not any(statement.startswith("UPDATE") for statement in sent)
    age(Session, 0.1, "updated_at")
    before = fresh(ada).last_seen_at
    touch_session(presence())
    assert now() - presence().seen_at < timedelta(minutes=1)
    assert fresh(ada).last_seen_at > before


def test_a_session_is_renewed_once_a_day(ada):
    enter()
    age(Session, 23, "updated_at", "created_at", "expires_at")
    assert touch_session(presence()) is None
    age(Session, 2, "updated_at", "created_at", "expires_at")
    renewed = touch_session(presence())
    assert timedelta(days=6, hours=23) < renewed - now() <= timedelta(days=7)
    assert presence().expires_at == renewed


def test_no_session_is_renewed_beyond_thirty_days(ada):
    enter()
    age(Session, 28 * 24, "updated_at", "created_at")
    ends = presence(expires_at=now() + timedelta(minutes=1))
    assert touch_session(ends) - ends.created_at == timedelta(days=30)


def test_a_session_that_was_not_to_be_remembered_is_not_renewed(ada):
    enter(remember=False)
    age(Session, 23, "updated_at", "created_at", "expires_at")
    assert touch_session(presence()) is None


def test_a_database_that_only_reads_does_not_stop_a_reader(ada, monkeypatch):
    enter()
    age(Session, 1, "updated_at")
    seen = presence()

    def refuse(*_args):
        raise OperationalError("update", {}, Exception("read-only"))

    monkeypatch.setattr("pythoughts.auth.use_cases.sessions._note_seen", refuse)
    assert touch_session(seen) is None


def test_a_session_that_was_revoked_is_not_brought_back_by_being_seen(ada):
    opened = enter()
    age(Session, 1, "updated_at")
    seen = presence()
    sign_out(token=opened.token)
    touch_session(seen)
    assert count(Session) == 0


def test_a_member_ends_one_of_their_own(ada):
    enter()
    other = find_session(enter().token).id
    revoke_session(actor=ada, session_id=other)
    assert count(Session, Session.id == other) == 0
    assert sessions_of(ada) == 1
    assert acts() == [("session.revoke", None)]


def test_a_stranger_does_not_learn_of_a_session(ada):
    theirs = find_session(enter().token).id
    with pytest.raises(NotFound):
        revoke_session(actor=make_user("bob"), session_id=theirs)
    assert sessions_of(ada) == 1


@pytest.mark.parametrize("session_id", ["", "nothing", "\x00"])
def test_what_is_no_session_cannot_end(ada, session_id):
    with pytest.raises(NotFound):
        revoke_session(actor=ada, session_id=session_id)


def test_an_admin_ends_those_of_lower_ranks(ada):
    priya, otto = make_user("priya", role="admin"), make_user("otto", role="admin")
    revoke_session(actor=priya, session_id=find_session(enter().token).id)
    theirs = find_session(enter("otto").token).id
    with pytest.raises(NotFound):
        revoke_session(actor=priya, session_id=theirs)
    assert (sessions_of(ada), sessions_of(otto)) == (0, 1)


def test_an_admin_signs_somebody_out_everywhere(ada):
    enter()
    enter()
    assert revoke_sessions(actor=make_user("priya", role="admin"), user=ada) == 2
    assert sessions_of(ada) == 0
    assert acts() == [("session.revoke_all", None)]


def test_ending_nothing_is_no_act(ada):
    assert revoke_sessions(actor=make_user("priya", role="admin"), user=ada) == 0
    assert acts() == []


def test_a_moderator_signs_nobody_out(ada):
    enter()
    with pytest.raises(NotAllowed):
        revoke_sessions(actor=make_user("kenji", role="moderator"), user=ada)
    assert sessions_of(ada) == 1


def test_a_member_signs_out_everywhere_but_here(ada):
    mine = find_session(enter().token).id
    enter()
    make_user("bob")
    theirs = enter("bob")
    assert revoke_other_sessions(actor=ada, session_id=mine) == 1
    assert [session.id for session in list_sessions(ada.id)] == [mine]
    assert find_session(theirs.token)


def test_the_list_holds_living_sessions_last_seen_first(ada):
    first, second = find_session(enter().token).id, find_session(enter().token).id
    assert [session.id for session in list_sessions(ada.id)] == [second, first]
    expire(Session)
    assert list_sessions(ada.id) == []
