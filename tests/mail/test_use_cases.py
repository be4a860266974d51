"""The way of a letter from the outbox to a mail server."""

import smtplib
import stat
from dataclasses import replace

import pytest
from flask_mail import BadHeaderError
from sqlalchemy import select, text

from pythoughts.db import db, transaction
from pythoughts.mail.models import MailState, OutboxMail
from pythoughts.mail.tasks import send
from pythoughts.mail.use_cases import TRIES_MAX, send_later
from pythoughts.services import smtp
from tests.mail.conftest import TEMPLATE


@pytest.fixture
def through(app, monkeypatch):
    """Change the settings of the app for one test."""

    def change(**fields):
        monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], **fields))
        return app.extensions["settings"]

    return change


def queued():
    """Ask for the test's letter; its row."""
    send_later(template=TEMPLATE, user_id=None, ref_id="v1")
    return db.session.scalars(select(OutboxMail)).one()


def test_a_letter_arrives_as_text_and_html(letter, sink, through):
    through(smtp_url=sink.url, mail_from="Pythoughts <hello@example.net>", contact="desk@example.net")
    mail = queued()
    send(mail.id)
    (message,) = sink.messages
    assert sink.recipients == ["ada@example.org"]
    assert message["To"] == "Ada <ada@example.org>"
    assert message["From"] == "Pythoughts <hello@example.net>"
    assert message["Reply-To"] == "desk@example.net"
    assert message["Subject"] == "Hello"
    assert message["Date"].datetime.tzinfo
    assert message["Message-ID"] == f"<{mail.id}@example.net>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert "Your code: s3cret-<&>" in message.get_body(["plain"]).get_content()
    assert "<b>s3cret-&lt;&amp;&gt;</b>" in message.get_body(["html"]).get_content()


def test_a_sent_letter_says_so_and_is_not_sent_again(letter, sink, through):
    through(smtp_url=sink.url)
    mail = queued()
    send(mail.id)
    send(mail.id)
    assert len(sink.messages) == 1
    assert (mail.state, mail.attempts, mail.last_error) == (MailState.SENT, 1, None)
    assert mail.sent_at


def test_a_letter_is_written_in_its_readers_language(letter, sink, through):
    through(smtp_url=sink.url)
    letter["language"] = "de"
    send(queued().id)
    assert '<html lang="de">' in sink.messages[0].get_body(["html"]).get_content()


def test_a_letter_not_worth_sending_expires(letter, sink, through):
    through(smtp_url=sink.url)
    mail = queued()
    letter.clear()
    send(mail.id)
    assert sink.messages == []
    assert mail.state == MailState.EXPIRED


def test_the_letter_of_a_deleted_account_is_dropped(letter, sink, through):
    through(smtp_url=sink.url)
    send("gone")
    assert sink.messages == []


@pytest.mark.parametrize("field", ["name", "to"])
def test_line_ends_add_no_header(letter, sink, through, field):
    through(smtp_url=sink.url)
    letter[field] = f"{letter[field]}\r\nBcc: eve@example.org\n"
    mail = queued()
    with pytest.raises(BadHeaderError):
        send(mail.id)
    assert sink.messages == []
    assert mail.last_error == "BadHeaderError"


def test_a_refused_recipient_ends_it(letter, sink, through):
    through(smtp_url=sink.url)
    sink.answers["RCPT"] = "550 no such user ada@example.org"
    mail = queued()
    send(mail.id)
    assert (mail.state, mail.last_error) == (MailState.FAILED, "SMTPRecipientsRefused")


def test_a_refused_message_ends_it(letter, sink, through):
    through(smtp_url=sink.url)
    sink.answers["DATA"] = "554 spam"
    mail = queued()
    send(mail.id)
    assert (mail.state, mail.last_error) == (MailState.FAILED, "SMTPDataError")


@pytest.mark.parametrize(
    ("step", "answer", "kind"),
    [
        ("DATA", "421 try later", smtplib.SMTPDataError),
        ("RCPT", "450 greylisted", smtplib.SMTPRecipientsRefused),
    ],
)
def test_a_busy_server_is_tried_again(letter, sink, through, step, answer, kind):
    through(smtp_url=sink.url)
    sink.answers[step] = answer
    mail = queued()
    with pytest.raises(kind):
        send(mail.id)
    assert (mail.state, mail.last_error, mail.attempts) == (MailState.QUEUED, kind.__name__, 1)
    del sink.answers[step]
    send(mail.id)
    assert (mail.state, mail.last_error, mail.attempts) == (MailState.SENT, None, 2)


def test_a_server_that_is_away_is_tried_again(letter, through, free_port):
    through(smtp_url=f"smtp://127.0.0.1:{free_port}")
    mail = queued()
    with pytest.raises(ConnectionRefusedError):
        send(mail.id)
    assert mail.state == MailState.QUEUED


def test_a_hanging_server_holds_neither_the_job_nor_a_connection(letter, sink, through, monkeypatch):
    monkeypatch.setattr(smtp, "TIMEOUT", 0.2)
    through(smtp_url=sink.url)
    sink.answers["DATA"] = "hang"
    mail = queued()
    in_use = []
    keep = smtp.TimedConnection.configure_host
    monkeypatch.setattr(
        smtp.TimedConnection, "configure_host", lambda self: in_use.append(db.engine.pool.checkedout()) or keep(self)
    )
    with pytest.raises(OSError, match="timed out"):
        send(mail.id)
    assert in_use == [0]
    assert (mail.state, mail.last_error) == (MailState.QUEUED, "SMTPServerDisconnected")


def test_a_letter_is_given_up_after_its_last_try(letter, sink, through):
    through(smtp_url=sink.url)
    sink.answers["DATA"] = "421 try later"
    mail = queued()
    with transaction():
        mail.attempts = TRIES_MAX - 1
    send(mail.id)
    assert (mail.state, mail.attempts) == (MailState.FAILED, TRIES_MAX)


def test_without_a_server_mail_is_kept_for_our_eyes_only(letter, through, tmp_path):
    through(smtp_url=None, instance_dir=tmp_path)
    mail = queued()
    send(mail.id)
    kept = tmp_path / "outbox" / f"{mail.id}.eml"
    assert "Your code" in kept.read_text()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]
    assert mail.state == MailState.SENT


def test_in_development_mail_is_both_kept_and_sent(letter, sink, through, tmp_path):
    through(smtp_url=sink.url, instance_dir=tmp_path, development=True)
    send(queued().id)
    assert len(sink.messages) == 1
    assert len(list((tmp_path / "outbox").iterdir())) == 1


def test_in_production_sent_mail_is_not_kept(letter, sink, through, tmp_path):
    through(smtp_url=sink.url, instance_dir=tmp_path)
    send(queued().id)
    assert not (tmp_path / "outbox").exists()


def test_a_letter_and_its_job_vanish_with_the_change_that_caused_them(letter):
    with transaction() as session:
        send_later(template=TEMPLATE, user_id=None)
        session.rollback()
    assert db.session.scalars(select(OutboxMail)).all() == []
    assert db.session.scalar(text("select count(*) from procrastinate_jobs")) == 0


def test_neither_row_nor_job_tells_what_the_letter_says(letter, sink, through):
    through(smtp_url=sink.url)
    sink.answers["RCPT"] = "450 later, ada@example.org"
    mail = queued()
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send(mail.id)
    tables = ("outbox_mail", "procrastinate_jobs", "procrastinate_events")
    dump = str([db.session.execute(text(f"select * from {table}")).all() for table in tables])
    assert "ada@example.org" not in dump
    assert "s3cret" not in dump
