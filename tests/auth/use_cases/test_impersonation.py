"""Looking through a member's eyes: who may, when it is over, and what is written down about it."""

import pytest
from sqlalchemy import select, update

from pythoughts.access import Role
from pythoughts.audit.models import AuditLog
from pythoughts.auth.models import AuthEvent, Session, User
from pythoughts.auth.queries import find_looked_at, find_session
from pythoughts.auth.use_cases import (
    ban_user,
    change_role,
    end_expired_impersonations,
    revoke_sessions,
    sign_out,
    start_impersonation,
    stop_impersonation,
    tidy,
)
from pythoughts.auth.use_cases.records import lock_user
from pythoughts.auth.use_cases.sessions import end_sessions
from pythoughts.clock import now
from pythoughts.db import db, transaction
from pythoughts.errors import Conflict, Invalid, NotAllowed
from tests.auth.rows import acts, age, count, expire, letters, new_session
from tests.factories import make_user
from tests.races import meanwhile, together

WHY = "They say that their feed is empty"


@pytest.fixture
def mira(app):
    return make_user("mira")


@pytest.fixture
def priya(app):
    return make_user("priya", role="admin")


@pytest.fixture
def here(priya):
    """The id of Priya's session."""
    return new_session(priya)[0]


def look(priya, here, person, reason=WHY):
    return start_impersonation(actor=priya, session_id=here, user=person, reason=reason)


def seen_by(token: str) -> str | None:
    """Whose eyes a cookie looks through."""
    db.session.rollback()
    db.session.expire_all()
    found = find_session(token)
    person = find_looked_at(found) if found else None
    return person.username if person else None


def endings() -> list[str]:
    db.session.rollback()
    rows = select(AuditLog.after["how"].astext).where(AuditLog.action == "user.impersonate_end").order_by(AuditLog.id)
    return list(db.session.scalars(rows))


def test_a_look_is_written_down_and_told(priya, mira, here):
    opened = look(priya, here, mira)
    assert seen_by(opened.token) == "mira"
    assert acts() == [("user.impersonate", WHY)]
    assert letters() == ["auth/impersonated"]
    event = db.session.scalars(select(AuthEvent)).one()
    assert (event.user_id, event.kind, event.ip_address) == (mira.id, "impersonated", None)


def test_the_token_changes_when_it_begins_and_when_it_ends(priya, mira):
    here, before = new_session(priya)
    during = look(priya, here, mira).token
    assert find_session(before) is None
    after = stop_impersonation(actor=priya, session_id=here).token
    assert find_session(during) is None
    assert find_session(after).user_id == priya.id
    assert seen_by(after) is None
    assert acts()[1:] == [("user.impersonate_end", None)]
    assert endings() == ["stopped"]


def test_it_prolongs_nothing(priya, mira, here):
    until = db.session.scalars(select(Session.expires_at)).one()
    assert look(priya, here, mira).expires_at == until
    assert stop_impersonation(actor=priya, session_id=here).expires_at == until


@pytest.mark.parametrize("role", ["moderator", "admin"])
def test_nobody_looks_through_the_eyes_of_staff(priya, here, role):
    with pytest.raises(NotAllowed):
        look(priya, here, make_user("kenji", role=role))
    assert count(AuditLog) == 0


@pytest.mark.parametrize("role", ["member", "moderator"])
def test_only_admins_look(mira, role):
    eve = make_user("eve", role=role)
    with pytest.raises(NotAllowed):
        look(eve, new_session(eve)[0], mira)


def test_a_reason_is_needed(priya, mira, here):
    with pytest.raises(Invalid) as caught:
        look(priya, here, mira, reason="  ")
    assert caught.value.field == "reason"


def test_there_is_nothing_to_see_where_nobody_can_sign_in(priya, mira, here):
    ban_user(actor=priya, user=mira, reason="Spam")
    with pytest.raises(Conflict):
        look(priya, here, mira)


@pytest.mark.parametrize("whose", ["nobody's", "somebody else's"])
def test_only_ones_own_session_looks(priya, mira, whose):
    other = new_session(make_user("root", role="admin"))[0] if whose != "nobody's" else "gone"
    with pytest.raises(Conflict):
        look(priya, other, mira)
    assert count(Session, Session.impersonating_user_id.is_not(None)) == 0


def test_after_15_minutes_it_is_over_and_that_is_written_down_once(priya, mira, here):
    opened = look(priya, here, mira)
    age(Session, 14.9 / 60, "impersonation_expires_at")
    end_expired_impersonations()
    assert (seen_by(opened.token), endings()) == ("mira", [])
    age(Session, 0.2 / 60, "impersonation_expires_at")
    assert seen_by(opened.token) is None
    assert find_session(opened.token).user_id == priya.id
    for _n in range(2):
        end_expired_impersonations()
    assert endings() == ["expired"]
    assert stop_impersonation(actor=priya, session_id=here) is None


def test_the_next_look_ends_the_one_before(priya, mira, here):
    look(priya, here, mira)
    opened = look(priya, here, make_user("noor"))
    assert seen_by(opened.token) == "noor"
    assert endings() == ["expired"]


@pytest.mark.parametrize("what", ["sign-out", "revoke", "ban", "role", "old"])
def test_it_ends_with_the_session_that_it_hangs_on(priya, mira, here, what):
    make_user("root", role="admin")
    opened = look(priya, here, mira)
    if what == "sign-out":
        sign_out(token=opened.token)
    elif what == "revoke":
        revoke_sessions(actor=None, user=priya)
    elif what == "ban":
        ban_user(actor=None, user=priya, reason="Left the team")
    elif what == "role":
        change_role(actor=None, user=priya, role=Role.MODERATOR)
    else:
        expire(Session)
        tidy()
    assert find_session(opened.token) is None
    assert endings() == ["session-ended"]
    with pytest.raises(Conflict):
        stop_impersonation(actor=priya, session_id=here)


def test_it_ends_when_the_person_becomes_staff_or_is_banned(priya, mira, here):
    noor = make_user("noor")
    opened = look(priya, here, mira)
    change_role(actor=None, user=mira, role=Role.MODERATOR)
    assert seen_by(opened.token) is None
    opened = look(priya, here, noor)
    ban_user(actor=None, user=noor, reason="Spam")
    assert seen_by(opened.token) is None
    assert endings() == ["person-changed"] * 2


@pytest.mark.parametrize(
    ("who", "columns"),
    [
        ("mira", {"role": "moderator"}),
        ("mira", {"delete_after": now()}),
        ("mira", {"deleted_at": now()}),
        ("priya", {"role": "moderator"}),
    ],
)
def test_every_request_asks_anew_whether_it_is_allowed(priya, mira, here, who, columns):
    opened = look(priya, here, mira)
    with transaction() as database:
        database.execute(update(User).where(User.username == who).values(columns))
    assert seen_by(opened.token) is None


def test_of_20_who_stop_at_once_one_does(app, priya, mira, here):
    look(priya, here, mira)
    db.session.refresh(priya)
    db.session.expunge(priya)
    results = together(app, 20, lambda _n: stop_impersonation(actor=priya, session_id=here))
    (opened,) = filter(None, results)
    assert find_session(opened.token).user_id == priya.id
    assert endings() == ["stopped"]


def test_a_look_that_begins_while_its_session_is_revoked_does_not_survive(app, priya, mira, here):
    with transaction() as database:
        lock_user(database, priya.id)
        looking = meanwhile(app, look, priya, here, mira)
        end_sessions(database, Session.user_id == priya.id)
    with pytest.raises(Conflict):
        looking.result()
    assert count(AuthEvent) == 0


def test_whoever_becomes_staff_at_that_moment_is_not_looked_through(app, priya, mira, here):
    with transaction() as database:
        person = lock_user(database, mira.id)
        looking = meanwhile(app, look, priya, here, mira)
        person.role = Role.MODERATOR
    with pytest.raises(NotAllowed):
        looking.result()
    assert count(Session, Session.impersonating_user_id.is_not(None)) == 0
