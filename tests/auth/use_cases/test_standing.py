"""Bans and roles."""

from datetime import timedelta

import pytest

from pythoughts.access import Role
from pythoughts.audit.models import AuditLog
from pythoughts.auth.models import User, Verification
from pythoughts.auth.queries import find_session
from pythoughts.auth.use_cases import ban_user, change_role, send_reset_link, sign_in, unban_user
from pythoughts.clock import now
from pythoughts.db import db
from pythoughts.errors import Conflict, Invalid, NotAllowed
from tests.auth.rows import acts, count, fresh
from tests.factories import PASSWORD, make_user
from tests.races import together


def enter(name="ada"):
    return sign_in(identifier=name, password=PASSWORD, remember=True)


@pytest.fixture
def priya(app):
    return make_user("priya", role="admin")


@pytest.fixture
def ada(app):
    return make_user("ada")


def test_a_ban_ends_sessions_codes_and_links_at_once(priya, ada):
    opened = enter()
    send_reset_link(user_id=ada.id)
    until = now() + timedelta(days=7)
    ban_user(actor=priya, user=ada, reason=" Spam ", until=until)
    banned = fresh(ada)
    assert (banned.banned, banned.ban_reason, banned.ban_expires, banned.banned_by) == (True, "Spam", until, priya.id)
    assert banned.version == 2
    assert find_session(opened.token) is None
    assert count(Verification) == 0
    assert acts() == [("user.ban", "Spam")]


def test_a_lifted_ban_leaves_no_trace_but_the_log(priya, ada):
    ban_user(actor=priya, user=ada, reason="Spam")
    unban_user(actor=priya, user=ada)
    free = fresh(ada)
    assert (free.banned, free.ban_reason, free.banned_at, free.banned_by) == (False, None, None, None)
    enter()
    assert [action for action, _reason in acts()] == ["user.ban", "user.unban"]


def test_lifting_no_ban_is_no_act(priya, ada):
    unban_user(actor=priya, user=ada)
    assert acts() == []


@pytest.mark.parametrize(
    ("given", "field"), [({"reason": ""}, "reason"), ({"reason": "Spam", "until": now() - timedelta(hours=1)}, "until")]
)
def test_a_ban_needs_a_reason_and_an_end_to_come(priya, ada, given, field):
    with pytest.raises(Invalid) as caught:
        ban_user(actor=priya, user=ada, **given)
    assert caught.value.field == field
    assert not fresh(ada).banned


@pytest.mark.parametrize(
    ("actor_role", "target_role"), [("member", "member"), ("moderator", "member"), ("admin", "admin")]
)
def test_rank_and_right_are_needed(app, actor_role, target_role):
    actor, target = make_user("kenji", role=actor_role), make_user("ada", role=target_role)
    for act in (
        lambda: ban_user(actor=actor, user=target, reason="Spam"),
        lambda: unban_user(actor=actor, user=target),
        lambda: change_role(actor=actor, user=target, role=Role.MEMBER),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_new_role_ends_sessions(priya, ada):
    opened = enter()
    change_role(actor=priya, user=ada, role=Role.MODERATOR, reason="She helps")
    assert fresh(ada).role == "moderator"
    assert find_session(opened.token) is None
    row = db.session.query(AuditLog).one()
    assert (row.action, row.before, row.after) == ("user.change_role", {"role": "member"}, {"role": "moderator"})


def test_the_same_role_is_no_act(priya, ada):
    opened = enter()
    change_role(actor=priya, user=ada, role=Role.MEMBER)
    assert find_session(opened.token)
    assert acts() == []


def test_a_moderator_cannot_make_an_admin(app):
    with pytest.raises(NotAllowed):
        change_role(actor=make_user("kenji", role="moderator"), user=make_user("ada"), role=Role.ADMIN)


def test_the_last_admin_stays(priya):
    make_user("banned.admin", role="admin", banned=True, ban_reason="Spam")
    with pytest.raises(Conflict):
        change_role(actor=None, user=priya, role=Role.MEMBER)
    with pytest.raises(Conflict):
        ban_user(actor=None, user=priya, reason="Spam")
    assert (fresh(priya).role, fresh(priya).banned) == ("admin", False)


def test_of_two_admins_who_leave_at_once_one_stays(app, priya):
    ids = [priya.id, make_user("otto", role="admin").id]
    db.session.rollback()

    def act(number: int) -> bool:
        try:
            change_role(actor=None, user=db.session.get(User, ids[number]), role=Role.MEMBER)
        except Conflict:
            return False
        return True

    assert sorted(together(app, 2, act)) == [False, True]
    assert count(User, User.role == "admin") == 1
