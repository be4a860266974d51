"""What the tests of accounts look up."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, update

from pythoughts.audit.models import AuditLog, AuditPersonal
from pythoughts.auth.models import Account, Session, TwoFactor, User, Verification
from pythoughts.auth.sealing import seal
from pythoughts.auth.tokens import code_for, digest, link_token, new_token
from pythoughts.clock import now
from pythoughts.db import db, transaction
from pythoughts.mail.models import OutboxMail
from pythoughts.origin import NOWHERE, Origin, set_origin
from pythoughts.services import authenticator


def fresh(user: User) -> User:
    """The row as it is now."""
    db.session.rollback()
    return db.session.scalars(select(User).where(User.id == user.id).execution_options(populate_existing=True)).one()


def count(model: type, *conditions: Any) -> int:
    """How many rows match."""
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions))


def sessions_of(user: User) -> int:
    """How many sessions somebody has."""
    return count(Session, Session.user_id == user.id)


def new_session(user: User) -> tuple[str, str]:
    """A session of a week: its id and its token."""
    token = new_token()
    with transaction() as database:
        row = Session(token=digest(token), user_id=user.id, expires_at=now() + timedelta(days=7))
        database.add(row)
        database.flush()
        return row.id, token


def proof_of(user: User, purpose: str) -> Verification:
    """The newest pending proof of that kind."""
    db.session.rollback()
    wanted = select(Verification).where(Verification.user_id == user.id, Verification.purpose == purpose)
    newest = wanted.order_by(Verification.id.desc()).limit(1)
    return db.session.scalars(newest.execution_options(populate_existing=True)).one()


def code_of(user: User) -> str:
    """The code in the newest mail."""
    return code_for(proof_of(user, "verify-email"), user.email)


def wrong_codes(user: User, number: int) -> list[str]:
    """Other codes than the right one."""
    right = int(code_of(user))
    return [f"{(right + 1 + n) % 1_000_000:06}" for n in range(number)]


def link_of(user: User, purpose: str = "reset-password") -> str:
    """The token in the newest link."""
    return link_token(proof_of(user, purpose))


def password_of(user: User) -> str | None:
    """The hash on record."""
    db.session.rollback()
    return db.session.scalar(select(Account.password).where(Account.user_id == user.id))


def letters() -> list[str]:
    """Templates of the mails that were asked for, oldest first."""
    db.session.rollback()
    return list(db.session.scalars(select(OutboxMail.template).order_by(OutboxMail.id)))


def acts() -> list[tuple[str, str | None]]:
    """What the audit log says: the action and the reason."""
    db.session.rollback()
    rows = select(AuditLog.action, AuditPersonal.reason).join(AuditPersonal, AuditPersonal.audit_id == AuditLog.id)
    return [tuple(row) for row in db.session.execute(rows.order_by(AuditLog.id))]


def age(model: type, hours: float, *columns: str) -> None:
    """Move the times of every row into the past."""
    with transaction() as database:
        values = {name: getattr(model, name) - timedelta(hours=hours) for name in columns}
        database.execute(update(model).values(values))


def expire(model: type) -> None:
    """Let every row have ended a moment ago."""
    with transaction() as database:
        database.execute(update(model).values(expires_at=now() - timedelta(seconds=1)))


def come_from(ip: str | None) -> None:
    """Let the use cases believe that the request came from there."""
    set_origin(Origin("test", ip, "Firefox") if ip else NOWHERE)


def add_two_factor(user: User) -> str:
    """Give somebody an authenticator app; its secret."""
    secret = authenticator.new_secret()
    with transaction() as database:
        database.add(TwoFactor(user_id=user.id, secret=seal(secret), confirmed_at=now()))
        database.execute(update(User).where(User.id == user.id).values(two_factor_enabled=True))
    return secret


def app_code(secret: str, later: int = 0) -> str:
    """What the app shows, now or some steps later."""
    return authenticator.code_at(secret, authenticator.current_step() + later)
