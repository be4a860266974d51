"""What staff may do to the pending proofs of others."""

from sqlalchemy import delete
from sqlalchemy.orm import joinedload

from pythoughts.audit.use_cases import Act, record
from pythoughts.auth.models import User, Verification
from pythoughts.auth.permissions import can_manage_verifications
from pythoughts.auth.use_cases.codes import send_code
from pythoughts.auth.use_cases.records import lock_user, require
from pythoughts.db import transaction
from pythoughts.errors import Conflict, NotFound
from pythoughts.i18n import _
from pythoughts.text import is_storable


def revoke_verification(*, actor: User | None, verification_id: str) -> None:
    """Make a pending code or link worthless.

    Raises:
        NotFound: there is none.
        NotAllowed: the actor has no right to it, or not the rank.
    """
    with transaction() as database:
        pending = (
            database.get(Verification, verification_id, options=[joinedload(Verification.user)])
            if is_storable(verification_id)
            else None
        )
        if pending is None or pending.user is None:
            raise NotFound(_("There is no such verification."))
        require(can_manage_verifications(actor, pending.user))
        label = pending.user.username
        after = {"purpose": pending.purpose, "user_id": pending.user_id}
        if database.scalar(delete(Verification).where(Verification.id == pending.id).returning(Verification.id)):
            record(Act(actor, "verification.revoke", "verification", verification_id, label, before=after))


def resend_code_to(*, actor: User | None, user: User) -> None:
    """Mail somebody their code again.

    Raises:
        NotAllowed: the actor has no right to it, or not the rank.
        Conflict: the address is proven already.
    """
    require(can_manage_verifications(actor, user))
    with transaction() as database:
        target = lock_user(database, user.id)
        if target.email_verified:
            raise Conflict(_("This address is confirmed already."))
        send_code(database, target)
        record(Act(actor, "verification.resend", "user", target.id, target_label=target.username))
