"""The digest: who gets it, once, with what, and how it ends."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text, update

from pythoughts.auth.models import User
from pythoughts.clock import now
from pythoughts.db import db, transaction
from pythoughts.feed.use_cases import create_post, remove_post
from pythoughts.mail.delivery import write
from pythoughts.mail.letters import KINDS
from pythoughts.mail.models import OutboxMail
from pythoughts.notifications.letters import LINES
from pythoughts.notifications.models import Digest, NoticeKind, Notification
from pythoughts.notifications.subscriptions import owner_of, token_of
from pythoughts.notifications.use_cases import digests, mark_all_read, queue_digests
from pythoughts.notifications.use_cases.announcing import tell
from pythoughts.preferences.queries import get_choices
from pythoughts.preferences.use_cases import block_person, ignore_person, save_settings
from tests.factories import make_post, make_user, post, sign_in
from tests.notifications.test_reading import security
from tests.races import together

LETTER = "notifications/digest"
MONDAY = datetime(2026, 11, 16, 9, 30, tzinfo=UTC)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def at(monkeypatch):
    """Let digests be queued at another time."""

    def travel(moment):
        monkeypatch.setattr(digests, "now", lambda: moment)

    travel(MONDAY)
    return travel


@pytest.fixture
def eager(ada, at):
    """Ada wants a mail every day."""
    save_settings(actor=ada, settings={"digest": "daily"})
    return ada


def told_at(user, moment, author=None):
    """Somebody is named, as of that time."""
    post_id = create_post(author=author or make_user("somebody"), message=f"@{user.username}!")
    with transaction() as session:
        mine = update(Notification).where(Notification.post_id == post_id)
        session.execute(mine.values(created_at=moment))
    return post_id


def mails() -> list[OutboxMail]:
    """The digests in the outbox."""
    db.session.rollback()
    return list(db.session.scalars(select(OutboxMail).where(OutboxMail.template == LETTER).order_by(OutboxMail.id)))


def letter(mail):
    """What is sent when the mail leaves now, None when it is not."""
    built = KINDS[LETTER].build(user_id=mail.user_id, ref_id=mail.ref_id)
    return write(built, LETTER, mail.id) if built else None


def test_who_wants_none_gets_none(ada, grace, at):
    assert get_choices(ada.id).digest == "off"
    told_at(ada, MONDAY - timedelta(days=1), grace)
    queue_digests()
    assert mails() == []


def test_a_day_is_mailed_once_however_often_the_job_runs(eager, grace, at):
    told_at(eager, MONDAY - timedelta(days=1), grace)
    for _turn in range(3):
        queue_digests()
    (mail,) = mails()
    assert mail.user_id == eager.id
    message = letter(mail)
    assert "Grace Hopper mentioned you" in message.body
    assert "@ada!" in message.body
    at(MONDAY + timedelta(days=1))
    queue_digests()
    assert len(mails()) == 1


@pytest.mark.parametrize(
    ("ago", "mailed"),
    [
        (timedelta(hours=9, minutes=31), True),
        (timedelta(days=1, hours=9, minutes=29), True),
        (timedelta(days=1, hours=9, minutes=31), False),
        (timedelta(hours=9), False),
    ],
)
def test_a_daily_mail_is_about_yesterday(eager, grace, ago, mailed):
    told_at(eager, MONDAY - ago, grace)
    queue_digests()
    assert len(mails()) == mailed


def test_a_weekly_mail_is_about_last_week_and_comes_once(eager, grace, at):
    save_settings(actor=eager, settings={"digest": "weekly"})
    told_at(eager, MONDAY - timedelta(days=6), grace)
    told_at(eager, MONDAY - timedelta(hours=1), grace)
    for day in range(7):
        at(MONDAY + timedelta(days=day))
        queue_digests()
    assert len(mails()) == 1
    at(MONDAY + timedelta(days=7))
    queue_digests()
    assert len(mails()) == 2


def test_what_was_read_is_not_mailed(eager, grace):
    told_at(eager, MONDAY - timedelta(days=1), grace)
    mark_all_read(actor=eager)
    queue_digests()
    assert mails() == []


def test_what_is_about_security_has_its_own_mails(eager):
    security(eager)
    with transaction() as session:
        session.execute(update(Notification).values(created_at=MONDAY - timedelta(days=1)))
    queue_digests()
    assert mails() == []


@pytest.mark.parametrize(
    "state",
    [{"email_verified": False}, {"banned": True}, {"delete_after": now()}, {"deleted_at": now()}],
    ids=["unproven", "banned", "closed", "gone"],
)
def test_whoever_cannot_be_written_to_is_not(eager, grace, state):
    told_at(eager, MONDAY - timedelta(days=1), grace)
    with transaction() as session:
        session.execute(update(User).where(User.id == eager.id).values(**state))
    queue_digests()
    assert mails() == []


def hide_by_removal(ada, grace, kenji, post_id):
    remove_post(actor=kenji, post_id=post_id, reason="Off topic")


def hide_by_ignoring(ada, grace, kenji, post_id):
    ignore_person(actor=ada, username="grace")


def hide_by_block(ada, grace, kenji, post_id):
    block_person(actor=ada, username="grace")


def hide_by_being_blocked(ada, grace, kenji, post_id):
    block_person(actor=grace, username="ada")


@pytest.mark.parametrize("hide", [hide_by_removal, hide_by_ignoring, hide_by_block, hide_by_being_blocked])
@pytest.mark.parametrize("late", [False, True])
def test_what_is_hidden_is_neither_a_reason_to_write_nor_written(eager, grace, kenji, hide, late):
    post_id = told_at(eager, MONDAY - timedelta(days=1), grace)
    if late:
        queue_digests()
    hide(eager, grace, kenji, post_id)
    queue_digests()
    assert [letter(mail) for mail in mails()] == ([None] if late else [])


def test_others_hear_on_when_somebody_ignores(eager, grace, at):
    """The hidden one is looked at for each reader alone."""
    root = make_user("root.user")
    save_settings(actor=root, settings={"digest": "daily"})
    ignore_person(actor=eager, username="grace")
    told_at(eager, MONDAY - timedelta(days=1), make_user("kurt"))
    told_at(root, MONDAY - timedelta(days=1), grace)
    queue_digests()
    assert {mail.user_id for mail in mails()} == {eager.id, root.id}


def test_a_mail_that_is_late_says_what_is_still_new_or_nothing(eager, grace):
    told_at(eager, MONDAY - timedelta(days=1), grace)
    queue_digests()
    (mail,) = mails()
    save_settings(actor=eager, settings={"digest": "off"})
    assert letter(mail) is None
    save_settings(actor=eager, settings={"digest": "daily"})
    assert letter(mail) is not None
    mark_all_read(actor=eager)
    assert letter(mail) is None


def test_many_workers_at_once_write_once(app, eager, grace):
    told_at(eager, MONDAY - timedelta(days=1), grace)
    together(app, 8, lambda _number: queue_digests())
    assert len(mails()) == 1


def test_a_crash_between_row_and_mail_leaves_neither(eager, grace, monkeypatch):
    told_at(eager, MONDAY - timedelta(days=1), grace)

    def crash(**_letter):
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(digests, "send_later", crash)
        with pytest.raises(RuntimeError):
            queue_digests()
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Digest)) == 0
    queue_digests()
    assert len(mails()) == 1


def test_all_are_written_to_however_many_fit_in_one_go(app, grace, at, monkeypatch):
    monkeypatch.setattr(digests, "BATCH", 2)
    people = [make_user(f"member{number}", password=None) for number in range(5)]
    with transaction() as session:
        for person in people:
            save_settings(actor=person, settings={"digest": "daily"})
            tell(session, NoticeKind.MENTION, [person.id], person_id=grace.id, post_id=make_post(grace).id)
        session.execute(update(Notification).values(created_at=MONDAY - timedelta(days=1)))
    queue_digests()
    assert len({mail.user_id for mail in mails()}) == 5


def test_the_mail_escapes_and_counts_the_rest(eager):
    for number in range(LINES + 2):
        told_at(eager, MONDAY - timedelta(days=1), make_user(f"member{number:02}", name="<b>&</b>"))
    queue_digests()
    message = letter(mails()[0])
    assert message.body.count("<b>&</b> mentioned you") == LINES
    assert message.html.count("&lt;b&gt;&amp;&lt;/b&gt; mentioned you") == LINES
    assert "And 2 more." in message.body


def test_the_mail_can_be_ended_by_one_click(client, eager, grace):
    told_at(eager, MONDAY - timedelta(days=1), grace)
    queue_digests()
    message = letter(mails()[0])
    (address,) = re.findall(r"^<http://localhost(/unsubscribe/\S+)>$", message.extra_headers["List-Unsubscribe"])
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"http://localhost{address}" in message.body
    answer = client.post(address, data=ONE_CLICK)
    assert (answer.status_code, answer.text) == (200, "")
    assert get_choices(eager.id).digest == "off"


def test_looking_at_the_link_ends_nothing_and_its_button_does(client, eager):
    address = f"/unsubscribe/{token_of(eager.id)}"
    page = client.get(address)
    assert page.status_code == 200
    assert "Stop these mails" in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    assert get_choices(eager.id).digest == "daily"
    assert client.post(address).status_code == 400
    assert post(client, address).status_code == 303
    assert get_choices(eager.id).digest == "off"
    assert "You get no more of these mails" in client.get(address).text


def test_the_link_ends_only_the_digest_of_its_reader(client, eager, grace):
    save_settings(actor=grace, settings={"digest": "daily"})
    sign_in(client, grace)
    client.post(f"/unsubscribe/{token_of(eager.id)}", data=ONE_CLICK)
    assert get_choices(grace.id).digest == "daily"
    assert get_choices(eager.id).digest == "off"


def test_a_guessed_link_ends_nothing(client, eager, grace):
    proof = token_of(eager.id).partition(".")[2]
    guesses = [eager.id, f"{eager.id}.", f"{eager.id}.{proof[:-1]}", f"{eager.id}.{proof}x", f"{grace.id}.{proof}"]
    for guess in [*guesses, "é.é", "x" * 5000, f"{eager.id}.{'A' * 43}"]:
        assert owner_of(guess) is None
        assert client.get(f"/unsubscribe/{guess}").status_code == 404
        assert client.post(f"/unsubscribe/{guess}", data=ONE_CLICK).status_code == 404
    assert get_choices(eager.id).digest == "daily"


def test_only_a_view_made_for_it_takes_a_click_without_a_token(client, eager):
    sign_in(client, eager)
    for address in ("/preferences/notifications", "/notifications/read", "/sign-out"):
        assert client.post(address, data={**ONE_CLICK, "digest": "weekly"}).status_code == 400
    assert get_choices(eager.id).digest == "daily"


def test_the_link_is_not_in_the_database(eager, grace):
    told_at(eager, MONDAY - timedelta(days=1), grace)
    queue_digests()
    proof = token_of(eager.id).partition(".")[2]
    for table in ("digest", "outbox_mail", "notification", "procrastinate_jobs"):
        rows = db.session.scalars(text(f"select row_to_json(t)::text from {table} as t")).all()
        assert rows
        assert not any(proof in row for row in rows)
