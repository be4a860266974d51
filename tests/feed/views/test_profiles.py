"""A person's page."""

import re

from pythoughts.auth.use_cases import change_username
from pythoughts.clock import now
from pythoughts.db import transaction
from tests.factories import make_post, make_user, sign_in
from tests.pages import HTMX, articles


def test_a_profile_shows_who_somebody_is_and_what_they_wrote(visitor, ada):
    with transaction():
        ada.name, ada.bio = "Ada <Lovelace>", "Engines & <i>numbers</i>"
    root = make_post(make_user("mira"))
    reply = make_post(ada, reply_to=root)
    thought = make_post(ada)
    answer = visitor.get("/user/ada")
    assert articles(answer) == [thought.id, reply.id]
    assert "Ada &lt;Lovelace&gt;" in answer.text
    assert "Engines &amp; &lt;i&gt;numbers&lt;/i&gt;" in answer.text
    assert "Replying to" in answer.text
    assert re.findall(r">(\d+)</span> (thought|reply)\b", answer.text) == [("1", "thought"), ("1", "reply")]
    assert "ada@example.org" not in answer.text
    assert articles(visitor.get("/user/ada?tab=thoughts")) == [thought.id]
    assert articles(visitor.get("/user/ada?tab=replies")) == [reply.id]


def test_a_profile_has_pages(visitor, ada):
    ids = [make_post(ada).id for _number in range(23)]
    answer = visitor.get("/user/ada?tab=thoughts")
    (older,) = set(re.findall(r'href="(/user/ada\?[^"]*before=[^"]+)"', answer.text))
    assert articles(visitor.get(older.replace("&amp;", "&"), headers=HTMX)) == ids[2::-1]


def test_another_spelling_leads_to_the_one_address(visitor, ada):
    answer = visitor.get("/user/ADA")
    assert (answer.status_code, answer.location) == (301, "/user/ada")


def test_gone_unknown_and_banned_people(visitor):
    make_user("mira", deleted_at=now())
    make_user("quick", banned=True, ban_reason="private matter")
    assert visitor.get("/user/mira").status_code == 410
    assert visitor.get("/user/nobody").status_code == 404
    answer = visitor.get("/user/quick")
    assert answer.status_code == 200
    assert "Suspended" in answer.text
    assert "private matter" not in answer.text


def test_own_profile_leads_to_its_settings_and_others_do_not(mine, ada):
    make_user("mira")
    assert "Edit profile" in mine.get("/user/ada").text
    assert "Edit profile" not in mine.get("/user/mira").text


def test_staff_get_from_a_profile_to_the_record(app, mine):
    mira = make_user("mira")
    staff = sign_in(app.test_client(), make_user("kenji", role="moderator"))
    assert f"/admin/users/{mira.id}" in staff.get("/user/mira").text
    assert "/admin/" not in mine.get("/user/mira").text


def test_a_profile_can_be_followed_elsewhere(visitor, ada):
    assert 'aria-label="Atom feed of what ada wrote"' in visitor.get("/user/ada").text


def test_an_old_name_leads_to_the_new_one(visitor, ada):
    change_username(actor=ada, username="countess")
    assert visitor.get("/user/ada").location == "/user/countess"
