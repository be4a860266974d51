"""The demo: a community that a newcomer can believe in, and that harms nobody."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from pythoughts.access import Role
from pythoughts.app import create_app
from pythoughts.audit.models import AuditLog
from pythoughts.auth.models import Account, Session, User, Verification
from pythoughts.auth.use_cases import change_password
from pythoughts.cli.demo import SIGN_INS, demo, first_start, require_no_open_door, working_sign_ins
from pythoughts.cli.demo.people import BROWSERS, PEOPLE
from pythoughts.cli.demo.rows import make_community
from pythoughts.cli.demo.threads import placed
from pythoughts.clock import now
from pythoughts.config import ConfigError
from pythoughts.db import Model, db
from pythoughts.feed.models import MESSAGE_MAX, Post
from pythoughts.mail.models import OutboxMail
from pythoughts.moderation.models import Report, ReviewItem
from pythoughts.notifications.models import Notification
from pythoughts.notifications.queries import list_notices, unread_count
from pythoughts.preferences.models import UserBlock, UserPreferences
from pythoughts.services.passwords import STAFF_PASSWORD_MIN, check_new_password
from pythoughts.text import grapheme_count
from pythoughts.words.use_cases import add_word
from tests.cli.counts import wrong_posts
from tests.factories import make_user

OPEN = [{"HOST": "0.0.0.0", "PUBLIC_URL": "http://localhost"}, {"PUBLIC_URL": "https://community.example.org"}]  # noqa: S104


def everything():
    """All rows of all tables, to see whether something changed."""
    return {
        table.name: sorted(map(repr, db.session.execute(select(*table.columns))))
        for table in Model.metadata.sorted_tables
    }


@pytest.fixture
def community(app):
    return first_start()


@pytest.fixture(params=OPEN, ids=["host", "public url"])
def open_app(app, database_url, make_settings, request):
    """The app as others than this machine can reach it, over the same database."""
    with create_app(make_settings(database_url, **request.param)).app_context():
        yield
        db.session.remove()
        db.engine.dispose()


def test_people_are_told_of_the_last_replies_and_have_read_some(community):
    by_name = dict(db.session.execute(select(User.username, User.id)).all())
    for sign_in in SIGN_INS:
        assert list_notices(by_name[sign_in.username]).bundles
    assert 1 <= unread_count(by_name["ada"]) <= 20
    assert db.session.scalar(select(func.count()).where(Notification.read_at.is_not(None))) > 3
    assert db.session.scalar(select(func.count()).where(Notification.created_at > now())) == 0


def test_about_12_people_wrote_about_80_posts_in_two_weeks(community):
    assert db.session.scalar(select(func.count()).select_from(User)) == len(PEOPLE) == 13
    moments = list(db.session.scalars(select(Post.created_at).order_by(Post.created_at)))
    assert 80 <= len(moments) <= 90
    assert timedelta(days=13) < now() - moments[0] < timedelta(days=14)
    assert timedelta(0) < now() - moments[-1] < timedelta(minutes=10)


def test_counts_places_and_keys_are_exact(community):
    assert wrong_posts() == []


def test_threads_are_real(community):
    depths = Counter(db.session.scalars(select(Post.depth)))
    assert depths[0] >= 20
    assert depths[1] > depths[0]
    assert max(depths) > 6  # deeper than a page shows


def test_nobody_speaks_before_joining_or_without_a_proven_address(community):
    rows = db.session.execute(select(Post, User).join(User, User.id == Post.user_id)).all()
    assert [post.message for post, author in rows if post.created_at <= author.created_at] == []
    assert [post.message for post, author in rows if not author.email_verified] == []


def test_people_were_seen_when_they_last_wrote_or_later(community):
    wrote = select(Post.user_id, func.max(Post.created_at).label("at")).group_by(Post.user_id).subquery()
    late = timedelta(minutes=1)  # posts carry seconds, visits don't
    unseen = select(User.username).join(wrote, wrote.c.user_id == User.id).where(User.last_seen_at < wrote.c.at - late)
    assert db.session.scalars(unseen).all() == []


def test_lists_by_key_are_lists_by_time(community):
    for model in (User, Session, Post):
        by_key = list(db.session.scalars(select(model.created_at).order_by(model.id)))
        assert by_key == sorted(by_key)


def test_there_is_something_to_moderate_and_to_look_at(community):
    removed = db.session.scalars(select(Post).where(Post.state == "removed")).one()
    assert removed.delete_reason
    assert Counter(db.session.scalars(select(AuditLog.action))) == {"post.remove": 1, "user.ban": 1}
    assert db.session.scalars(select(User.username).where(User.banned)).all() == ["quickdeals"]
    assert db.session.scalars(select(User.username).where(~User.email_verified)).all() == ["hana"]
    assert len(db.session.scalars(select(Verification.id)).all()) == 1
    assert len(db.session.scalars(select(OutboxMail.id)).all()) == 1
    assert len(db.session.scalars(select(UserPreferences.id)).all()) == 3
    assert len(set(db.session.scalars(select(Session.user_agent)))) >= 5
    assert len(db.session.scalars(select(Session.id)).all()) == len(BROWSERS)


def test_reports_a_block_and_a_held_thought_wait_for_somebody(app):
    add_word(actor=make_user("first", role="admin"), word="casino bonus", action="hold")
    make_community()
    assert db.session.scalars(
        select(User.username).join(Post, Post.user_id == User.id).where(Post.state == "held")
    ).all() == ["wren"]
    assert Counter(db.session.scalars(select(Report.outcome))) == {"open": 3, "agreed": 2}
    assert Counter(db.session.scalars(select(ReviewItem.state))) == {"open": 4, "decided": 1}
    assert len(db.session.scalars(select(UserBlock.id)).all()) == 1
    assert wrong_posts() == []


def test_three_people_can_sign_in_and_nobody_else(community, client):
    assert [each.role for each in community] == [Role.ADMIN, Role.MODERATOR, Role.MEMBER]
    accounts = db.session.execute(select(User.username, Account.password).join(User, User.id == Account.user_id)).all()
    others = {password for name, password in accounts if name not in {each.username for each in SIGN_INS}}
    assert len(accounts) == len(PEOPLE)
    assert len(others) == 1


@pytest.mark.parametrize("each", SIGN_INS, ids=lambda each: each.username)
def test_demo_passwords_pass_the_rules_for_staff(each):
    check_new_password(each.password, minimum=STAFF_PASSWORD_MIN, context=[each.username, "pythoughts"])


def test_what_people_say_could_have_been_typed():
    for post in placed():
        assert 1 <= grapheme_count(post.message) <= MESSAGE_MAX
        assert post.message == post.message.strip()


def test_a_second_run_changes_nothing(community):
    before = everything()
    assert first_start() == community
    assert everything() == before


def test_an_empty_database_stays_empty_when_others_can_reach_the_site(open_app):
    assert list(first_start()) == []
    assert db.session.scalar(select(func.count()).select_from(User)) == 0


def test_others_never_reach_a_site_with_known_passwords(community, open_app):
    with pytest.raises(ConfigError):
        first_start()
    with pytest.raises(ConfigError):
        require_no_open_door()


def test_changed_passwords_open_nothing(community):
    for each in SIGN_INS:
        user = db.session.scalars(select(User).where(User.username == each.username)).one()
        change_password(
            actor=user, session_id=None, current=each.password, new="walnut-harbour-sundial-9", keep_others=False
        )
    assert working_sign_ins() == []


def test_a_database_with_people_gets_no_demo(app):
    make_user("ada", password=SIGN_INS[2].password)
    assert list(first_start()) == []
    assert db.session.scalar(select(func.count()).select_from(User)) == 1


def test_the_command_prints_the_sign_ins_twice_the_same(app):
    runner = app.test_cli_runner()
    first, second = runner.invoke(demo), runner.invoke(demo)
    assert first.exit_code == second.exit_code == 0
    assert first.output == second.output
    assert all(each.username in first.output and each.password in first.output for each in SIGN_INS)


def test_the_command_refuses_a_database_with_people(app):
    make_user("ada")
    answer = app.test_cli_runner().invoke(demo)
    assert answer.exit_code == 1
    assert "has people of its own" in answer.output
