"""What members choose."""

import json

import pytest
from sqlalchemy import select, text

from pythoughts.audit.models import AuditLog
from pythoughts.auth.models import BIO_MAX, User
from pythoughts.clock import now
from pythoughts.db import db, transaction
from pythoughts.errors import Conflict, Invalid, NotFound
from pythoughts.preferences.models import IGNORED_MAX, UserPreferences
from pythoughts.preferences.queries import DEFAULTS, IGNORED_SHOWN, get_choices, list_ignored
from pythoughts.preferences.use_cases import NAME_MAX, ignore_person, save_profile, save_settings, stop_ignoring
from tests.factories import make_user
from tests.races import together


@pytest.fixture
def ada(app):
    return make_user("ada")


@pytest.fixture
def mira(app):
    return make_user("mira")


def stored(user) -> str:
    return db.session.scalar(select(UserPreferences.ignored_users).where(UserPreferences.user_id == user.id))


def keep(user, *ids):
    with transaction() as session:
        session.add(UserPreferences(user_id=user.id, ignored_users=json.dumps(ids)))


def test_whoever_has_chosen_nothing_has_the_defaults(ada):
    assert get_choices(ada.id) == DEFAULTS


def test_ignoring_keeps_the_id_as_the_predecessor_wrote_it(ada, mira):
    zoe = make_user("zoe")
    assert ignore_person(actor=ada, username="mira").id == mira.id
    ignore_person(actor=ada, username="zoe")
    assert stored(ada) == f'["{mira.id}","{zoe.id}"]'
    assert get_choices(ada.id).ignored == {mira.id, zoe.id}


@pytest.mark.parametrize("typed", ["mira", "MIRA", " @mira "])
def test_a_name_may_be_typed_as_people_type_names(ada, mira, typed):
    assert ignore_person(actor=ada, username=typed).id == mira.id


def test_ignoring_twice_keeps_one(ada, mira):
    for _turn in range(2):
        ignore_person(actor=ada, username="mira")
    assert len(json.loads(stored(ada))) == 1


def test_ignoring_survives_a_new_name(ada, mira):
    ignore_person(actor=ada, username="mira")
    with transaction():
        mira.username = "new.name"
    assert [person.username for person in list_ignored(ada.id).people] == ["new.name"]
    stop_ignoring(actor=ada, username="new.name")
    assert get_choices(ada.id).ignored == frozenset()


def test_nobody_ignores_themselves(ada):
    with pytest.raises(Invalid):
        ignore_person(actor=ada, username="ada")


@pytest.mark.parametrize("typed", ["nobody", "", "a\x00b", "mira@example.org", "x" * 5000])
def test_only_people_can_be_ignored(ada, mira, typed):
    for act in (ignore_person, stop_ignoring):
        with pytest.raises(NotFound):
            act(actor=ada, username=typed)


def test_a_thousand_people_can_be_ignored_and_no_more(ada, mira):
    keep(ada, *(f"id-{number}" for number in range(IGNORED_MAX - 1)))
    ignore_person(actor=ada, username="mira")
    make_user("zoe")
    with pytest.raises(Conflict):
        ignore_person(actor=ada, username="zoe")
    ignore_person(actor=ada, username="mira")
    assert len(json.loads(stored(ada))) == IGNORED_MAX


def test_eight_people_ignored_at_once_are_all_ignored(app, ada):
    ada_id = ada.id
    others = {make_user(f"member{number}").id for number in range(8)}
    together(app, 8, lambda number: ignore_person(actor=db.session.get(User, ada_id), username=f"member{number}"))
    assert get_choices(ada_id).ignored == others


def test_stopping_for_somebody_who_was_heard_anyway_changes_nothing(ada, mira):
    stop_ignoring(actor=ada, username="mira")
    assert get_choices(ada.id).ignored == frozenset()


def test_the_database_refuses_a_list_that_is_none(ada):
    with pytest.raises(Exception, match="ignored_is_array"), transaction() as session:
        session.execute(
            text("insert into user_preferences (id, user_id, ignored_users) values ('x', :id, '{}')"), {"id": ada.id}
        )


def test_what_is_no_id_in_an_imported_list_is_passed_over(ada, mira):
    keep(ada, None, 7, mira.id)
    assert get_choices(ada.id).ignored == {mira.id}


def test_the_list_shows_the_last_first_in_pages(ada):
    people = [make_user(f"member{number}", password=None) for number in range(IGNORED_SHOWN + 3)]
    keep(ada, *(person.id for person in people))
    first = list_ignored(ada.id)
    assert [person.username for person in first.people[:2]] == [people[-1].username, people[-2].username]
    assert len(first.people) == IGNORED_SHOWN
    rest = list_ignored(ada.id, after=first.after)
    assert [person.username for person in rest.people] == ["member2", "member1", "member0"]
    assert rest.after is None


def test_people_who_are_gone_are_not_listed(ada, mira):
    ignore_person(actor=ada, username="mira")
    with transaction():
        mira.username, mira.deleted_at = None, now()
    assert list_ignored(ada.id).people == []


def test_settings_are_kept_and_the_others_stay(ada, mira):
    ignore_person(actor=ada, username="mira")
    save_settings(actor=ada, settings={"page_size": 50, "theme": "dark"})
    save_settings(actor=ada, settings={"density": "compact", "background": False, "shortcuts": False})
    choices = get_choices(ada.id)
    assert (choices.page_size, choices.theme, choices.density) == (50, "dark", "compact")
    assert (choices.background, choices.shortcuts, choices.ignored) == (False, False, {mira.id})


@pytest.mark.parametrize(
    "chosen", [{"page_size": 11}, {"theme": "pink"}, {"unknown": 1}, {"page_size": None}, {"theme": ["dark"]}]
)
def test_only_what_is_offered_can_be_chosen(ada, chosen):
    with pytest.raises(Invalid):
        save_settings(actor=ada, settings=chosen)
    assert get_choices(ada.id) == DEFAULTS


def test_settings_that_no_page_offers_are_as_if_never_chosen(ada):
    with transaction() as session:
        session.add(UserPreferences(user_id=ada.id, settings={"page_size": 10_000, "theme": {}, "x": 1}))
    assert get_choices(ada.id) == DEFAULTS


def test_a_profile_is_kept_as_typed(ada):
    save_profile(actor=ada, name="  Ada   Lovelace ", bio="Engines\r\nand numbers 👩‍👩‍👧 ")
    assert (ada.name, ada.bio, ada.version) == ("Ada Lovelace", "Engines\nand numbers 👩‍👩‍👧", 2)


def test_an_empty_profile_field_is_emptied(ada):
    save_profile(actor=ada, name="Ada", bio="Hello")
    save_profile(actor=ada, name=" ", bio="")
    assert (ada.name, ada.bio) == (None, None)


def test_saving_the_same_profile_is_no_change(ada):
    save_profile(actor=ada, name=ada.name, bio="")
    assert ada.version == 1


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", "a" * (NAME_MAX + 1)),
        ("bio", "a" * (BIO_MAX + 1)),
        ("name", "a\x00"),
        ("bio", "a\ud800"),
        ("name", "\u202enimda"),
        ("name", "a\x07"),
        ("name", "e" + "\u0301" * 2000),
        ("bio", "e" + "\u0301" * 2000),
    ],
)
def test_a_profile_that_cannot_be_shown_is_refused(ada, field, typed):
    values = {"name": "Ada", "bio": "Hello", field: typed}
    with pytest.raises(Invalid) as refused:
        save_profile(actor=ada, **values)
    assert refused.value.field == field
    assert ada.bio is None


def test_what_members_choose_for_themselves_is_not_audited(ada, mira):
    ignore_person(actor=ada, username="mira")
    stop_ignoring(actor=ada, username="mira")
    save_settings(actor=ada, settings={"theme": "dark"})
    save_profile(actor=ada, name="Ada", bio="")
    assert db.session.scalars(select(AuditLog)).all() == []
