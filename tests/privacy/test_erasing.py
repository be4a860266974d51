"""After the grace nothing is left that tells who somebody was."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text, update

from pythoughts import worker
from pythoughts.audit.models import AuditLog, AuditPersonal
from pythoughts.auth.models import Account, AuthEvent, Passkey, RecoveryCode, Session, TwoFactor, User, UsernameHistory
from pythoughts.auth.use_cases import ban_user, unban_user
from pythoughts.clock import now
from pythoughts.db import db, transaction
from pythoughts.errors import Conflict, Gone, Invalid, NotAllowed, NotFound
from pythoughts.feed.models import Post
from pythoughts.feed.queries import feed_before, get_thread
from pythoughts.feed.use_cases import delete_own_post, remove_post
from pythoughts.preferences.queries import list_ignored
from pythoughts.preferences.use_cases import ignore_person
from pythoughts.privacy.use_cases import (
    PostsFate,
    anonymise_if_due,
    anonymise_user,
    close_account,
    forget_addresses,
    request_erasures,
)
from pythoughts.settings.use_cases import choose
from tests.auth.rows import code_of, come_from, count, fresh
from tests.cli.counts import WRONG_COUNTS
from tests.factories import PASSWORD, make_post, make_user, post, sign_in
from tests.privacy.due import anonymise_due
from tests.privacy.dump import hits
from tests.statements import statements

NAME, USERNAME, EMAIL, BIO = "Zerlina Quux", "zerlina.q", "zerlina.q@quux.example.org", "Plays the theremin"
ADDRESS, BROWSER, SAID, ASIDE = "203.0.113.77", "Theremin/7.7 (Quuxbox)", "The ondes Martenot is older", "A slip"
PLANTED = [NAME, USERNAME, EMAIL, BIO, ADDRESS, BROWSER, SAID, ASIDE]
FROM = {"environ_overrides": {"REMOTE_ADDR": ADDRESS}, "headers": {"User-Agent": BROWSER}}


def due(user):
    """Let the grace of somebody have ended."""
    with transaction() as session:
        session.execute(update(User).where(User.id == user.id).values(delete_after=now() - timedelta(seconds=1)))


def person():
    db.session.rollback()
    return db.session.scalars(select(User).order_by(User.id.desc()).limit(1)).one()


def join(client, monkeypatch):
    """Sign up, prove the address, fill in the profile."""
    monkeypatch.setattr("pythoughts.auth.forms.TYPING_MIN", -1)  # the stamp is rounded, and may be ahead
    form = client.get("/sign-up", **FROM).text
    stamp = form.partition('name="form_time" type="hidden" value="')[2].partition('"')[0]
    data = {"username": USERNAME, "email": EMAIL, "password": PASSWORD, "form_time": stamp}
    assert post(client, "/sign-up", data, **FROM).status_code == 303
    user = person()
    assert post(client, "/verify", {"code": code_of(user)}, **FROM).status_code == 303
    assert post(client, "/preferences", {"name": NAME, "bio": BIO, "page_size": "20"}, **FROM).status_code == 303
    return user


def live(client, user, root):
    """Write, delete, fail to sign in, be moderated, hold factors, ask for the data and for a reset."""
    for message in (SAID, ASIDE):
        assert post(client, "/posts", {"message": message}, **FROM).status_code == 303
    said, aside = db.session.scalars(select(Post).where(Post.user_id == user.id).order_by(Post.id)).all()
    come_from(None)
    delete_own_post(actor=fresh(user), post_id=aside.id)
    remove_post(actor=root, post_id=make_post(user, f"{SAID} again").id, reason=f"{NAME} quotes herself")
    ban_user(actor=root, user=user, reason=f"{USERNAME} was loud")
    unban_user(actor=root, user=user, reason=f"{USERNAME} is quiet")
    post(client, "/sign-in", {"identifier": EMAIL, "password": "no"}, **FROM)
    assert post(client, "/sign-in", {"identifier": EMAIL, "password": PASSWORD}, **FROM).status_code == 303
    assert post(client, "/preferences/data/archive", **FROM).status_code == 303
    post(client, "/forgot-password", {"email": EMAIL}, **FROM)
    with transaction() as session:
        session.add(UsernameHistory(user_id=user.id, username=f"{USERNAME}.old", reserved_until=now()))
        session.add(TwoFactor(user_id=user.id, secret=f"{USERNAME} secret"))
        session.add(RecoveryCode(user_id=user.id, code_hash=f"{USERNAME} code"))
        session.add(Passkey(user_id=user.id, credential_id=b"k", public_key=b"p", name=f"{NAME}'s key"))
    return said


def test_nothing_of_a_person_is_left_anywhere(app, client, root, instance, log, monkeypatch):
    user = join(client, monkeypatch)
    live(client, user, root)
    worker.drain(app)
    before = "\n".join(hits(PLANTED, instance, log.getvalue()))
    for word in PLANTED:
        assert word.lower() in before.lower(), f"{word} was not planted"
    data = {"password": PASSWORD, "posts": "remove", "username": USERNAME}
    assert post(client, "/preferences/data/delete", data, **FROM).status_code == 303
    worker.drain(app)
    due(user)
    request_erasures()
    worker.drain(app)
    assert fresh(user).anonymised_at
    assert hits([*PLANTED, "zerlina"], instance, log.getvalue()) == []
    assert fresh(user).email == f"{user.id}@deleted.invalid"


@pytest.fixture
def thread(ada):
    """A thread in which ada and bob answer each other; its posts by number."""
    bob = make_user("bob")
    root = make_post(bob, "root")
    mine = make_post(ada, "mine", reply_to=root)
    return [root, mine, make_post(bob, "answer", reply_to=mine), make_post(ada, "alone")]


def erase(user, posts):
    close_account(actor=user, password=PASSWORD, posts=posts)
    due(user)
    assert anonymise_due() == 1


def test_posts_that_are_kept_have_no_author_any_more(client, ada, thread):
    erase(ada, PostsFate.KEEP)
    (row,) = [row for row in feed_before(None, reader_id=None, size=20).posts if row.message == "alone"]
    assert (row.author.username, row.author.name) == (None, None)
    page = client.get(f"/posts/{thread[0].id}")
    assert page.status_code == 200
    assert "deleted member" in page.text
    assert db.session.execute(text(WRONG_COUNTS)).all() == []


def test_posts_that_are_removed_lose_their_texts_and_keep_their_places(ada, thread):
    erase(ada, PostsFate.REMOVE)
    mine = db.session.scalars(select(Post).where(Post.user_id == ada.id)).all()
    assert {(each.message, each.state) for each in mine} == {("-", "deleted")}
    assert [each.message for each in get_thread(thread[0].id, reader=None).tops] == ["-"]
    assert db.session.execute(text(WRONG_COUNTS)).all() == []
    with pytest.raises(Gone):
        get_thread(thread[3].id, reader=None)


def test_what_was_deleted_before_loses_its_text_even_when_posts_are_kept(ada, thread):
    delete_own_post(actor=ada, post_id=thread[3].id)
    erase(ada, PostsFate.KEEP)
    assert db.session.scalar(select(Post.message).where(Post.id == thread[3].id)) == "-"
    assert db.session.scalar(select(Post.message).where(Post.id == thread[1].id)) == "mine"


def test_the_last_choice_counts(ada, thread):
    close_account(actor=ada, password=PASSWORD, posts=PostsFate.REMOVE)
    erase(ada, PostsFate.KEEP)
    assert count(Post, Post.message == "mine") == 1


def test_each_erasure_is_a_job_of_its_own_asked_for_once(ada):
    bob = make_user("bob")
    due(ada)
    due(bob)
    request_erasures()
    request_erasures()
    jobs = text("select args->>'user_id' from procrastinate_jobs where task_name = 'privacy.erase' order by 1")
    assert db.session.scalars(jobs).all() == sorted([ada.id, bob.id])


def test_those_who_are_due_are_found_by_an_index(app):
    looking = select(User.id).where(User.delete_after <= now()).order_by(User.delete_after)
    db.session.execute(text("set local enable_seqscan = off"))
    compiled = looking.compile(db.engine, compile_kwargs={"literal_binds": True})
    plan = db.session.scalars(text(f"explain {compiled}")).all()
    assert "ix_user_delete_after" in "".join(plan)


def test_whoever_came_back_is_not_erased(ada):
    close_account(actor=ada, password=PASSWORD, posts=PostsFate.KEEP)
    with transaction() as session:
        session.execute(update(User).values(delete_after=None))
    assert anonymise_due() == 0
    assert not anonymise_if_due(user_id=ada.id)
    assert fresh(ada).username == "ada"


def test_nobody_can_sign_in_to_what_is_left(client, ada):
    sign_in(client, ada)
    erase(ada, PostsFate.KEEP)
    assert client.get("/preferences").status_code == 303
    assert (count(Account), count(Session)) == (0, 0)
    answer = post(client, "/sign-in", {"identifier": f"{ada.id}@deleted.invalid", "password": PASSWORD})
    assert answer.status_code == 422


def test_name_and_address_are_free_again(ada):
    erase(ada, PostsFate.KEEP)
    assert make_user("ada").id != ada.id


def test_lists_of_ignored_people_bear_the_gap(client, ada):
    bob = make_user("bob")
    ignore_person(actor=bob, username="ada")
    make_post(ada, "hidden")
    erase(ada, PostsFate.KEEP)
    assert list_ignored(bob.id).people == []
    assert sign_in(client, bob).get("/preferences/ignored").status_code == 200


def test_erasing_is_audited_without_a_name(ada):
    erase(ada, PostsFate.KEEP)
    row = db.session.scalars(select(AuditLog).order_by(AuditLog.id.desc()).limit(1)).one()
    assert (row.action, row.actor_id, row.target_id, row.after) == ("user.anonymise", None, ada.id, {"posts": "keep"})
    assert count(AuditPersonal, AuditPersonal.target_label.is_not(None)) == 0


def test_admins_erase_at_once(ada, root):
    anonymise_user(actor=root, user=ada, reason="Asked by letter", posts=PostsFate.KEEP)
    assert fresh(ada).anonymised_at is not None
    assert db.session.scalar(select(AuditPersonal.reason).order_by(AuditPersonal.audit_id.desc())) == "Asked by letter"


def test_nobody_is_erased_twice(ada, root):
    anonymise_user(actor=root, user=ada, reason="Asked by letter")
    with pytest.raises(NotFound):
        anonymise_user(actor=root, user=fresh(ada), reason="Asked by letter")


@pytest.mark.parametrize("role", ["member", "moderator"])
def test_only_admins_erase_others(ada, role):
    with pytest.raises(NotAllowed):
        anonymise_user(actor=make_user("kenji", role=role), user=ada, reason="Because")


def test_nobody_erases_their_equals(root):
    other = make_user("second.root", role="admin")
    with pytest.raises(NotAllowed):
        anonymise_user(actor=root, user=other, reason="Because")


def test_the_command_line_does_not_erase_the_last_admin(root):
    with pytest.raises(Conflict):
        anonymise_user(actor=None, user=root, reason="Because")


def test_erasing_needs_a_reason(ada, root):
    with pytest.raises(Invalid):
        anonymise_user(actor=root, user=ada, reason=" ")


@pytest.mark.parametrize("days", [30, 3])
def test_places_of_the_history_are_forgotten_after_the_time_that_is_set(ada, days):
    choose(actor=None, key="accounts.address_days", typed=str(days))
    moment = timedelta(minutes=1)
    with transaction() as database:
        for at in (now() - timedelta(days=days) - moment, now() - timedelta(days=days) + moment):
            database.add(AuthEvent(at=at, user_id=ada.id, kind="sign-in", ip_address=ADDRESS))
    forget_addresses()
    db.session.expire_all()
    assert db.session.scalars(select(AuthEvent.ip_address).order_by(AuthEvent.at)).all() == [None, ADDRESS]


def test_addresses_are_forgotten_after_their_time(client, ada):
    session = {"ip_address": ADDRESS}
    sign_in(client, ada, **session, created_at=now() - timedelta(days=31))
    sign_in(client, ada, **session, created_at=now() - timedelta(days=29))
    close_account(actor=ada, password=PASSWORD, posts=PostsFate.KEEP)
    sign_in(client, ada, **session, created_at=now() - timedelta(days=31))
    sign_in(client, ada, **session, created_at=now() - timedelta(days=29))
    with transaction() as database:
        database.execute(update(AuditPersonal).values(ip_address=ADDRESS))
    forget_addresses()
    assert count(Session, Session.ip_address.is_not(None)) == 1
    assert count(AuditPersonal, AuditPersonal.ip_address.is_not(None)) == 1
    with transaction() as database:
        database.execute(text("set local session_replication_role = replica"))
        database.execute(update(AuditLog).values(at=now() - timedelta(days=31)))
    forget_addresses()
    assert count(AuditPersonal, AuditPersonal.ip_address.is_not(None)) == 0


MANY = """
insert into pythoughts (id, message, user_id, reply_to_id, root_id, depth, reply_count)
select 'big-' || lpad(n::text, 6, '0'), 'number ' || n, case when n % 50 = 0 then :ada else :bob end,
    case when n > 1 then 'big-000001' end, case when n > 1 then 'big-000001' end, least(n - 1, 1),
    case when n = 1 then 49999 else 0 end
from generate_series(1, 50000) as n
"""


def test_a_thousand_posts_in_a_big_table_go_in_a_few_statements(ada):
    bob = make_user("bob")
    with transaction() as session:
        session.execute(text(MANY), {"ada": ada.id, "bob": bob.id})
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("analyze pythoughts"))
    close_account(actor=ada, password=PASSWORD, posts=PostsFate.REMOVE)
    due(ada)
    with statements() as sent:
        assert anonymise_due() == 1
    assert len(sent) < 50
    assert db.session.scalar(select(func.count()).where(Post.state == "deleted")) == 1_000
    assert db.session.scalar(select(Post.reply_count).where(Post.id == "big-000001")) == 48_999
