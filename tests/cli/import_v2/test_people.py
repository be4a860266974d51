"""People whose names and addresses break our rules."""

import pytest
from sqlalchemy import select

from pythoughts.auth.models import Account, User
from pythoughts.db import db
from pythoughts.preferences.queries import get_choices
from tests.cli.import_v2.conftest import why
from tests.factories import make_user


def person(user_id):
    return db.session.get(User, user_id)


def names():
    return {row.id: row.username for row in db.session.execute(select(User.id, User.username))}


def test_people_keep_their_keys_names_addresses_and_times(ada, v2):
    assert v2.run().lines == []
    found = person("ada")
    assert (found.username, found.display_username, found.name) == ("ada", "Ada", "Ada Lovelace")
    assert (found.email, found.email_verified) == ("ada@example.org", True)
    assert found.created_at.isoformat() == "2025-01-01T00:00:00+00:00"
    assert (found.role, found.banned) == ("member", False)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Bob", "bob"),
        ("bob-by", "bob_by"),
        ("Zoë Ü", "zoe_u"),
        ("admin", "admin_2"),
        ("bob.txt", "bob_txt"),
        ("x", "member_x"),
        ("..bob..", "bob"),
        ("b" * 60, "b" * 30),
        ("日本", "member"),
    ],
)
def test_a_username_that_is_not_allowed_is_mended(v2, old, new):
    v2.user("u1", username=old)
    report = v2.run()
    assert person("u1").username == new
    assert ("u1" in why(report, "user")) == (old.lower() != new)


def test_a_missing_username_is_made_from_the_name(v2):
    v2.user("u1", username=None, name="Grace Hopper")
    v2.user("u2", username=None, name="Grace Hopper")
    v2.user("u3", username=None, name="日本")
    v2.run()
    assert names() == {"u1": "grace_hopper", "u2": "grace_hopper_2", "u3": "member"}


def test_of_two_spellings_of_a_name_the_proven_person_keeps_it(v2):
    v2.user("u1", username="Bob", email_verified=False, created_at="2024-01-01")
    v2.user("u2", username="bob")
    v2.run()
    assert names() == {"u1": "bob_2", "u2": "bob"}


def test_a_mended_name_is_never_somebody_elses(v2):
    v2.user("u1", username="grace-hopper", created_at="2024-01-01")
    v2.user("u2", username="grace_hopper")
    v2.run()
    assert names() == {"u1": "grace_hopper_2", "u2": "grace_hopper"}


def test_names_and_addresses_that_are_taken_here_stay_with_their_owners(v2):
    mine = make_user("bob")
    v2.user("u1", username="bob", email="bob@example.org")
    report = v2.run()
    assert names() == {mine.id: "bob", "u1": "bob_2"}
    assert person("u1").email == "u1@imported.invalid"
    assert report.counts["user"]["changed"] == 2


def test_of_two_spellings_of_an_address_the_proven_one_stays(v2):
    v2.user("u1", email="bob@example.org", email_verified=False, created_at="2024-01-01")
    v2.user("u2", email="BOB@Example.org")
    report = v2.run()
    assert (person("u2").email, person("u2").email_verified) == ("bob@example.org", True)
    assert (person("u1").email, person("u1").email_verified) == ("u1@imported.invalid", False)
    assert "lower case" in why(report, "user")["u2"]
    assert "somebody else has the same address" in why(report, "user")["u1"]


@pytest.mark.parametrize("email", ["", "bob", "bob@localhost", "zoë@example.org", "a@b.c\nBcc: x@y.z"])
def test_an_address_that_no_mail_reaches_is_replaced(v2, email):
    v2.user("U1", email=email)
    v2.run()
    assert (person("U1").email, person("U1").email_verified) == ("u1@imported.invalid", False)


def test_a_key_of_another_shape_is_refused_with_all_that_belongs_to_it(v2):
    v2.user("a b/c", username="bob", email="bob@example.org")
    v2.password("a b/c", "old winter lamp")
    v2.ignores("a b/c", [])
    report = v2.run()
    assert names() == {}
    assert {line.table for line in report.lines} == {"user", "account", "user_preferences"}


def test_a_name_is_one_line_of_bounded_length(v2):
    v2.user("u1", name="  Ada\n\u202eLovelace\t" + "x" * 100)
    v2.run()
    assert person("u1").name == "Ada Lovelace" + " " + "x" * 37


def test_times_out_of_range_do_not_stop_it(v2):
    v2.user("u1", created_at="infinity", updated_at="10000-01-01")
    v2.user("u2", created_at="0044-03-15 BC")
    report = v2.run()
    assert set(why(report, "user")) == {"u1", "u2"}
    assert person("u1").created_at.year > 2025


def test_a_picture_with_an_endless_address_is_left(v2):
    v2.user("u1", image="https://pictures.example/" + "x" * 3_000)
    v2.user("u2", image="https://pictures.example/2")
    v2.run()
    assert (person("u1").image, person("u2").image) == (None, "https://pictures.example/2")


def accounts():
    columns = (Account.user_id, Account.provider_id, Account.account_id, Account.access_token, Account.password)
    return [tuple(row) for row in db.session.execute(select(*columns).order_by(Account.user_id, Account.provider_id))]


def test_links_to_other_providers_come_without_their_tokens(ada, v2):
    tokens = {"access_token": "at", "refresh_token": "rt", "id_token": "it", "scope": "email", "password": "odd"}
    v2.insert("account", id="g1", provider_id="google", account_id="1234", user_id="ada", **tokens)
    v2.run()
    assert accounts()[1] == ("ada", "google", "1234", None, None)


def test_a_password_of_an_unknown_kind_is_refused(v2):
    for number, password in enumerate((None, "", "$2b$10$abc", "ab:cd")):
        v2.user(f"user{number}")
        owner = {"account_id": f"user{number}", "user_id": f"user{number}"}
        v2.insert("account", id=f"a{number}", provider_id="credential", password=password, **owner)
    report = v2.run()
    assert accounts() == []
    assert report.counts["account"]["refused"] == 4


def test_of_two_passwords_the_last_one_holds(ada, v2):
    other = v2.connection.execute("select password from account").fetchone()[0]
    v2.user("bob")
    v2.password("bob", "another winter lamp")
    v2.insert(
        "account",
        id="a2",
        account_id="odd",
        provider_id="credential",
        user_id="bob",
        password=other,
        updated_at="2099-01-01",
    )
    v2.run()
    assert accounts()[1][1:] == ("credential", "bob", None, other)


def test_two_people_cannot_share_an_account_elsewhere(ada, v2):
    v2.user("bob")
    for owner in ("ada", "bob"):
        v2.insert("account", id=f"g-{owner}", provider_id="google", account_id="1234", user_id=owner)
    report = v2.run()
    assert len([row for row in accounts() if row[1] == "google"]) == 1
    assert report.counts["account"]["refused"] == 1


@pytest.mark.parametrize(("provider", "account_id"), [("Goo gle", "1"), ("google", ""), ("google", "1" * 300)])
def test_a_provider_that_makes_no_sense_is_refused(ada, v2, provider, account_id):
    v2.insert("account", id="g1", provider_id=provider, account_id=account_id, user_id="ada")
    assert v2.run().counts["account"]["refused"] == 1


def test_ignored_people_are_kept_when_they_are_here(ada, v2):
    v2.user("bob")
    v2.ignores("ada", ["bob", "gone", "ada", "bob", 7])
    report = v2.run()
    assert get_choices("ada").ignored == {"bob"}
    assert "nobody is there to ignore: 3" in why(report, "user_preferences")["ada"]


@pytest.mark.parametrize("damaged", ["", "null", "{}", "[", "[" * 100_000])
def test_a_damaged_list_is_left(ada, v2, damaged):
    v2.ignores("ada", damaged)
    v2.run()
    assert get_choices("ada").ignored == frozenset()


def test_choices_of_nobody_are_refused(v2):
    v2.ignores("ghost", [])
    assert why(v2.run(), "user_preferences") == {"ghost": "its owner was not taken"}


def test_what_people_changed_here_is_not_changed_back(ada, v2):
    v2.run()
    person("ada").name = "Somebody else"
    db.session.commit()
    v2.ignores("ada", ["ada"])
    report = v2.run()
    assert person("ada").name == "Somebody else"
    assert {table: dict(counts) for table, counts in report.counts.items() if table != "pythoughts"} == {
        "user": {"present": 1},
        "account": {"present": 1},
        "user_preferences": {"present": 1},
    }
