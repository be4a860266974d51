"""Forget what nobody needs any more."""

from datetime import timedelta

from sqlalchemy import delete, or_

from pythoughts.auth.models import PendingEmailChange, Session, Verification
from pythoughts.auth.queries import ABSOLUTE_LIFETIME
from pythoughts.auth.use_cases.history import tidy_history
from pythoughts.auth.use_cases.pending_sign_up import tidy_sign_ups
from pythoughts.auth.use_cases.sessions import end_sessions
from pythoughts.clock import now
from pythoughts.db import transaction

PROOFS_KEPT = timedelta(days=2)  # beyond their end: a mail that was late finds its row and makes a new code


def tidy() -> None:
    """Delete the rows of sessions and proofs that have ended, and what has become old of the history."""
    with transaction() as database:
        too_old = Session.created_at < now() - ABSOLUTE_LIFETIME
        end_sessions(database, or_(Session.expires_at < now(), too_old))
        database.execute(delete(Verification).where(Verification.expires_at < now() - PROOFS_KEPT))
        unfinished = PendingEmailChange.changed_at.is_(None) & (PendingEmailChange.expires_at < now() - PROOFS_KEPT)
        database.execute(delete(PendingEmailChange).where(or_(unfinished, PendingEmailChange.undo_until < now())))
        tidy_sign_ups(database)
        tidy_history(database)
