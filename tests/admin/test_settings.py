"""Settings at the desk: found, changed, put back; never past the environment or somebody else."""

import re

import pytest
from sqlalchemy import select

from pythoughts.audit.models import AuditLog
from pythoughts.db import db
from pythoughts.settings.queries import value_of
from pythoughts.settings.registry import REGISTRY
from pythoughts.settings.use_cases import choose
from tests.factories import post
from tests.statements import statements

ROW = r'<li [^>]*id="([a-z_.0-9]+)"'


@pytest.fixture
def mode():
    """The setting that says how people join."""
    return next(each for each in REGISTRY.values() if "strict" in each.choices)


def shown(client, query: str = "") -> list[str]:
    answer = client.get(f"/admin/settings/{query}")
    assert answer.status_code == 200
    return re.findall(ROW, answer.text)


def test_every_setting_is_listed_once(admin):
    assert sorted(shown(admin)) == sorted(REGISTRY)


def test_settings_are_searched_by_name_and_by_what_they_do(admin, mode):
    assert shown(admin, f"?q={mode.key}") == [mode.key]
    word = str(mode.help).split()[0]
    assert mode.key in shown(admin, f"?q={word}")
    assert shown(admin, "?q=nosuchword") == []


def test_a_change_holds_shows_and_is_audited(admin, priya, mode):
    answer = post(admin, f"/admin/settings/{mode.key}", {"value": "strict", "version": "0"})
    assert answer.status_code == 303
    assert value_of(mode) == "strict"
    assert "Changed" in admin.get(f"/admin/settings/?q={mode.key}").text
    act = db.session.scalars(select(AuditLog)).one()
    assert (act.actor_id, act.action, act.target_id) == (priya.id, "setting.choose", mode.key)


def test_reset_goes_back(admin, mode):
    choose(actor=None, key=mode.key, typed="strict")
    assert post(admin, f"/admin/settings/{mode.key}/reset", {}).status_code == 303
    assert value_of(mode) == mode.default


def test_a_wrong_value_comes_back_with_a_sentence(admin):
    answer = post(admin, "/admin/settings/limits.post_60", {"value": "many", "version": "0"})
    assert answer.status_code == 422
    assert 'value="many"' in answer.text
    assert "Give a whole number" in answer.text


def test_a_change_over_somebody_elses_is_refused(admin, mode):
    choose(actor=None, key=mode.key, typed="strict")
    choose(actor=None, key="limits.post_60", typed="7")
    answer = post(admin, "/admin/settings/limits.post_60", {"value": "8", "version": "0"})
    assert answer.status_code == 409
    assert value_of(REGISTRY["limits.post_60"]) == 7
    assert post(admin, "/admin/settings/limits.post_60", {"value": "8", "version": "1"}).status_code == 303


def test_what_the_environment_sets_is_shown_and_stays(admin, mode, monkeypatch):
    monkeypatch.setenv(mode.variable, "strict")
    page = admin.get(f"/admin/settings/?q={mode.key}").text
    assert mode.variable in page
    assert "<select" not in page.partition("<main")[2]
    assert post(admin, f"/admin/settings/{mode.key}", {"value": "instant", "version": "0"}).status_code == 409
    assert value_of(mode) == "strict"


@pytest.mark.parametrize(
    ("key", "data", "status"),
    [
        ("no.such", {"value": "1", "version": "0"}, 404),
        ("limits.post_60", {"value": "5"}, 400),
        ("limits.post_60", {"value": "5", "version": "x"}, 400),
        ("limits.post_60", {"value": "5", "version": "9" * 30}, 400),
        ("limits.post_60", {"value": "\x00", "version": "0"}, 422),
    ],
)
def test_odd_input_is_refused(admin, key, data, status):
    assert post(admin, f"/admin/settings/{key}", data).status_code == status


def test_settings_are_for_admins(moderator):
    assert moderator.get("/admin/settings/").status_code == 403
    assert post(moderator, "/admin/settings/limits.post_60", {"value": "5", "version": "0"}).status_code == 403


def test_the_page_asks_six_questions_at_most(admin):
    with statements() as asked:
        admin.get("/admin/settings/")
    assert len(asked) <= 6
