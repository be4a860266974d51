"""The mail outbox: how letters fare and what they say, without what makes them secret."""

import re

import pytest
from sqlalchemy import func, select

from pythoughts.admin.outbox import kept_files
from pythoughts.app import create_app
from pythoughts.auth.models import Verification
from pythoughts.auth.tokens import code_for
from pythoughts.auth.use_cases import Delivery, Reset, reset_account
from pythoughts.auth.use_cases.codes import send_code
from pythoughts.db import db, transaction
from pythoughts.mail.letters import KINDS
from pythoughts.mail.models import OutboxMail
from tests.admin.rows import acts, shown
from tests.factories import make_user, post

ROW = r'href="/admin/outbox/([\w-]{36})"'


@pytest.fixture
def lena(app):
    """Somebody who has not confirmed her address yet."""
    return make_user("lena", verified=False)


@pytest.fixture
def letter(lena):
    """The letter with her code."""
    with transaction() as session:
        send_code(session, lena)
    return db.session.scalars(select(OutboxMail)).one()


def listed(client, query: str = "") -> list[str]:
    answer = client.get(f"/admin/outbox/?{query}")
    assert answer.status_code == 200
    return shown(answer, ROW)


def test_letters_are_listed_and_filtered(admin, priya, mira, letter):
    reset_account(actor=priya, user=mira, reset=Reset(reason="Asked"))
    other = db.session.scalar(select(OutboxMail.id).where(OutboxMail.template == "auth/account_reset"))
    assert listed(admin) == [other, letter.id]
    assert listed(admin, "template=auth/verify_email") == [letter.id]
    assert listed(admin, "member=mira") == [other]
    assert listed(admin, "search=len") == [letter.id]
    assert listed(admin, f"search={letter.id}") == [letter.id]
    with transaction() as session:
        session.merge(letter).state = "failed"
    assert listed(admin, "state=failed") == [letter.id]
    assert listed(admin, "state=queued") == [other]


def test_a_preview_hides_code_and_address(admin, lena, letter):
    page = admin.get(f"/admin/outbox/{letter.id}").text
    pending = db.session.scalars(select(Verification)).one()
    assert "lena" in page
    assert "•••" in page
    assert code_for(pending, lena.email) not in page
    assert lena.email not in page
    assert re.search(r"\b\d{6}\b", page.partition("<pre")[2].partition("</pre>")[0]) is None


def test_a_preview_makes_and_changes_nothing(admin, letter):
    def facts():
        db.session.rollback()
        return (
            db.session.scalar(select(func.count()).select_from(Verification)),
            db.session.execute(select(OutboxMail.state, OutboxMail.attempts, OutboxMail.updated_at)).all(),
        )

    with transaction() as session:
        session.delete(session.scalars(select(Verification)).one())  # a late letter would make a new code
    before = facts()
    assert admin.get(f"/admin/outbox/{letter.id}").status_code == 200
    assert facts() == before


@pytest.mark.parametrize(
    ("link", "words"), [("mail", "Set a new password here:"), ("show", "They have a link for you")]
)
def test_a_preview_follows_what_the_letter_is_about(admin, priya, mira, link, words):
    reset_account(actor=priya, user=mira, reset=Reset(reason="Asked", link=Delivery(link)))
    page = admin.get(f"/admin/outbox/{listed(admin)[0]}").text
    assert words in page


def test_every_letter_there_is_can_be_previewed(admin, mira):
    with transaction() as session:
        letters = [OutboxMail(template=template, user_id=mira.id) for template in KINDS]
        session.add_all(letters)
    for letter in letters:
        page = admin.get(f"/admin/outbox/{letter.id}")
        assert page.status_code == 200
        assert "Hello mira" in page.text


def test_a_letter_whose_template_is_gone_says_so(admin, mira):
    with transaction() as session:
        letter = OutboxMail(template="old/greeting", user_id=mira.id)
        session.add(letter)
    assert "is gone" in admin.get(f"/admin/outbox/{letter.id}").text


def test_a_letter_to_nobody_greets_nobody(admin, letter):
    with transaction() as session:
        session.merge(letter).user_id = None
    assert "Hello •••" in admin.get(f"/admin/outbox/{letter.id}").text
    assert admin.get("/admin/outbox/").status_code == 200


def test_letters_kept_in_a_folder_are_named(app, admin):
    folder = app.extensions["settings"].instance_dir / "outbox"
    folder.mkdir(exist_ok=True)
    letter = folder / "01a1f85e-a513.eml"
    letter.write_text("Your code is 123456")
    try:
        page = admin.get("/admin/outbox/").text
    finally:
        letter.unlink()
    assert "01a1f85e-a513.eml" in page
    assert "123456" not in page


def test_letters_that_a_mail_server_takes_are_in_no_folder(app, database_url, make_settings):
    settings = make_settings(database_url, SMTP_URL="smtp://127.0.0.1:25")
    (settings.instance_dir / "outbox").mkdir(exist_ok=True)
    (settings.instance_dir / "outbox" / "old.eml").touch()
    sending = create_app(settings)
    with sending.app_context():
        assert kept_files() == []


@pytest.mark.parametrize("key", ["nobody", "1,2", "%00"])
def test_what_is_no_letter_is_not_found(admin, key):
    assert admin.get(f"/admin/outbox/{key}").status_code == 404


def test_a_letter_that_failed_is_sent_again(admin, priya, letter):
    with transaction() as session:
        session.merge(letter).state = "failed"
    assert f"/admin/outbox/{letter.id}/retry" in admin.get("/admin/outbox/").text
    assert "Send this letter again?" in admin.get(f"/admin/outbox/{letter.id}/retry").text
    assert post(admin, f"/admin/outbox/{letter.id}/retry").status_code == 303
    db.session.rollback()
    assert db.session.scalar(select(OutboxMail.state)) == "queued"
    assert acts()[-1] == ("mail.retry", priya.id, letter.id, None)
    assert post(admin, f"/admin/outbox/{letter.id}/retry").status_code == 409


def test_a_test_mail_is_sent_to_oneself(admin, priya):
    assert post(admin, "/admin/outbox/test").status_code == 303
    sent = db.session.scalars(select(OutboxMail)).one()
    assert (sent.template, sent.user_id) == ("upkeep/test_mail", priya.id)
    assert acts() == [("mail.test", priya.id, priya.id, None)]
