"""Keeping the machinery going: who may, what happens, and that it is written down."""

import pytest
from sqlalchemy import func, select

from pythoughts.audit.models import AuditLog
from pythoughts.db import db, transaction
from pythoughts.errors import Conflict, NotAllowed, NotFound
from pythoughts.jobs.models import Job
from pythoughts.mail.models import MailState, OutboxMail
from pythoughts.mail.use_cases import deliver
from pythoughts.upkeep.use_cases import cancel_job, retry_job, retry_mail, send_test_mail
from tests.factories import make_user


@pytest.fixture
def priya(app):
    return make_user("priya", role="admin")


def letter(state, **columns):
    with transaction() as session:
        mail = OutboxMail(template="upkeep/test_mail", state=state, **columns)
        session.add(mail)
    return mail.id


def audited():
    return db.session.scalar(select(func.count()).select_from(AuditLog))


@pytest.mark.parametrize("role", ["member", "moderator"])
def test_nobody_but_admins_may(app, role):
    other = make_user("other", role=role)
    for act, what in ((retry_job, {"job_id": 1}), (cancel_job, {"job_id": 1}), (retry_mail, {"mail_id": "m"})):
        with pytest.raises(NotAllowed):
            act(actor=other, **what)
    with pytest.raises(NotAllowed):
        send_test_mail(actor=other)
    assert audited() == 0


def test_what_is_not_there_is_not_found(priya):
    for act, what in ((retry_job, {"job_id": 1}), (cancel_job, {"job_id": 1}), (retry_mail, {"mail_id": "m"})):
        with pytest.raises(NotFound):
            act(actor=priya, **what)


def test_a_letter_that_was_given_up_starts_anew(priya):
    mail_id = letter(MailState.FAILED, attempts=7, last_error="Refused", user_id=priya.id)
    retry_mail(actor=priya, mail_id=mail_id)
    db.session.expire_all()
    mail = db.session.get(OutboxMail, mail_id)
    assert (mail.state, mail.attempts, mail.last_error) == (MailState.QUEUED, 0, None)
    assert db.session.scalar(select(Job.args)) == {"mail_id": mail_id}
    assert audited() == 1


@pytest.mark.parametrize("state", [state for state in MailState if state != MailState.FAILED])
def test_a_letter_that_was_not_given_up_is_left_alone(priya, state):
    mail_id = letter(state)
    with pytest.raises(Conflict):
        retry_mail(actor=priya, mail_id=mail_id)
    assert (audited(), db.session.scalar(select(func.count()).select_from(Job))) == (0, 0)


def test_a_test_mail_goes_to_whoever_asks(priya):
    send_test_mail(actor=priya)
    mail = db.session.scalars(select(OutboxMail)).one()
    assert mail.user_id == priya.id
    deliver(mail_id=mail.id)
    db.session.expire_all()
    assert db.session.scalar(select(OutboxMail.state)) == MailState.SENT
    assert audited() == 1
