"""The audit log: in the change's transaction, and never changed again."""

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import ProgrammingError

from pythoughts.audit.models import AuditLog, AuditPersonal
from pythoughts.audit.use_cases import Act, record
from pythoughts.db import db, transaction
from pythoughts.origin import NOWHERE, Origin, set_origin

ACT = Act(
    actor=None, action="post.remove", target_type="post", target_id="p1", reason="spam", after={"state": "removed"}
)


def test_an_act_vanishes_with_its_transaction(app):
    def change_that_fails() -> None:
        with transaction():
            record(ACT)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change_that_fails()
    assert db.session.scalars(select(AuditLog)).all() == []


def test_the_typed_reason_stays_out_of_the_permanent_row(app):
    record(ACT)
    row = db.session.scalars(select(AuditLog)).one()
    assert (row.action, row.target_id, row.after) == ("post.remove", "p1", {"state": "removed"})
    assert db.session.scalars(select(AuditPersonal)).one().reason == "spam"
    assert "spam" not in str(db.session.execute(select(AuditLog.__table__)).one())


def test_the_origin_is_noted(app):
    set_origin(Origin("req-12345", "203.0.113.7", "Firefox"))
    try:
        record(ACT)
    finally:
        set_origin(NOWHERE)
    assert db.session.scalar(select(AuditLog.request_id)) == "req-12345"
    assert db.session.scalar(select(AuditPersonal.ip_address)) == "203.0.113.7"


@pytest.mark.parametrize(
    "change", [delete(AuditLog), update(AuditLog).values(action="nothing"), text("truncate audit_log cascade")]
)
def test_the_database_refuses_to_rewrite_history(app, change):
    record(ACT)
    with pytest.raises(ProgrammingError, match="append-only"):
        db.session.execute(change)
    db.session.rollback()
