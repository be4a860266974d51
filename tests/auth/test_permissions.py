"""Who may do what to an account."""

import pytest

from pythoughts.access import Role
from pythoughts.auth import permissions
from pythoughts.auth.models import Session, User

RULES = [
    permissions.can_reset,
    permissions.can_ban,
    permissions.can_end_sessions,
    permissions.can_manage_verifications,
]


def person(key: str, role: Role) -> User:
    return User(id=key, role=role)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("actor", list(Role))
@pytest.mark.parametrize("target", list(Role))
def test_only_admins_and_only_downwards(rule, actor, target):
    expected = actor is Role.ADMIN and target is not Role.ADMIN
    assert rule(person("a", actor), person("b", target)) is expected


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("target", list(Role))
def test_the_command_line_may_everything(rule, target):
    assert rule(None, person("b", target))


@pytest.mark.parametrize("rule", RULES)
def test_nobody_acts_on_themselves(rule):
    admin = person("a", Role.ADMIN)
    assert not rule(admin, admin)


def test_an_admin_may_make_admins():
    assert permissions.can_change_role(person("a", Role.ADMIN), person("b", Role.MEMBER), Role.ADMIN)


def test_everybody_ends_their_own_sessions():
    ada = person("a", Role.MEMBER)
    assert permissions.can_end_session(ada, Session(user_id="a", user=ada))
    assert not permissions.can_end_session(ada, Session(user_id="b", user=person("b", Role.MEMBER)))
    assert permissions.can_end_session(None, Session(user_id="a", user=ada))
