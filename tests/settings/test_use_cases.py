"""Settings: typed, overridden by admins, fixed by the environment."""

import pytest
from sqlalchemy import select

from pythoughts.audit.models import AuditLog
from pythoughts.db import db
from pythoughts.errors import Conflict, Invalid, NotAllowed, NotFound
from pythoughts.i18n import _
from pythoughts.settings.queries import value_of
from pythoughts.settings.registry import REGISTRY, Definition, define
from pythoughts.settings.use_cases import choose, reset
from tests.factories import make_user

TRIES = define("tests.tries", 5, _("Tries."), least=1, most=9)
MODE = define("tests.mode", "instant", _("Mode."), choices=("instant", "strict"))
LOUD = define("tests.loud", False, _("Loud."))


def test_a_setting_nobody_chose_is_its_default(app):
    assert (value_of(TRIES), value_of(MODE), value_of(LOUD)) == (5, "instant", False)


def test_a_choice_holds_and_is_audited_once(app):
    admin = make_user(username="root", role="admin")
    choose(actor=admin, key="tests.tries", typed="7")
    choose(actor=admin, key="tests.tries", typed="7")
    assert value_of(TRIES) == 7
    row = db.session.scalars(select(AuditLog)).one()
    assert (row.action, row.before, row.after) == ("setting.choose", {"value": 5}, {"value": 7})


def test_reset_goes_back_to_the_default(app):
    choose(actor=None, key="tests.mode", typed="strict")
    reset(actor=None, key="tests.mode")
    assert value_of(MODE) == "instant"


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("tests.tries", "0"),
        ("tests.tries", "10"),
        ("tests.tries", "many"),
        ("tests.tries", "٣"),
        ("tests.mode", "loose"),
        ("tests.loud", "yes"),
    ],
)
def test_what_the_setting_does_not_allow_is_refused(app, key, typed):
    with pytest.raises(Invalid) as caught:
        choose(actor=None, key=key, typed=typed)
    assert caught.value.field == key
    assert value_of(REGISTRY[key]) == REGISTRY[key].default


@pytest.mark.parametrize("role", ["member", "moderator"])
def test_only_admins_choose(app, role):
    with pytest.raises(NotAllowed):
        choose(actor=make_user(role=role), key="tests.loud", typed="1")


def test_an_unknown_setting_is_not_found(app):
    with pytest.raises(NotFound):
        choose(actor=None, key="tests.nothing", typed="1")


def test_the_environment_wins_and_can_not_be_overridden(app, monkeypatch):
    choose(actor=None, key="tests.tries", typed="7")
    monkeypatch.setenv("PYTHOUGHTS_SET_TESTS_TRIES", "3")
    assert value_of(TRIES) == 3
    with pytest.raises(Conflict, match="PYTHOUGHTS_SET_TESTS_TRIES"):
        choose(actor=None, key="tests.tries", typed="8")


def test_two_settings_may_not_share_a_key():
    with pytest.raises(ValueError, match=r"tests\.tries"):
        define("tests.tries", 1, _("Again."))


def test_every_setting_allows_its_own_default():
    for definition in REGISTRY.values():
        assert isinstance(definition, Definition)
        typed = str(int(definition.default)) if isinstance(definition.default, bool | int) else definition.default
        assert definition.parse(typed) == definition.default
