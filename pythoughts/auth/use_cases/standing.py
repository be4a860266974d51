"""What staff change about somebody's standing: bans and roles."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from pythoughts.access import Role
from pythoughts.audit.use_cases import Act, record
from pythoughts.auth.models import Event, Session, User
from pythoughts.auth.permissions import can_ban, can_change_role
from pythoughts.auth.use_cases.history import note
from pythoughts.auth.use_cases.looks import Ending, end_looks
from pythoughts.auth.use_cases.records import check_reason, end_proofs, lock_user, require
from pythoughts.auth.use_cases.sessions import end_sessions
from pythoughts.clock import now
from pythoughts.db import transaction
from pythoughts.errors import Conflict, Invalid
from pythoughts.i18n import _


def ban_user(*, actor: User | None, user: User, reason: str, until: datetime | None = None) -> None:
    """Keep somebody out, for a time or for good; sessions, codes and links end with it.

    Raises:
        NotAllowed: the actor has no right to it, or not the rank.
        Invalid: no reason, or an end that has passed.
        Conflict: nobody would be left to run the site.
    """
    require(can_ban(actor, user))
    why = check_reason(reason)
    if until is not None and until <= now():
        raise Invalid(_("Choose a time that is still to come."), field="until")
    with transaction() as database:
        target = lock_beside_admins(database, user)
        require(can_ban(actor, target))
        keep_an_admin(database, target)
        before = _ban_facts(target)
        target.banned, target.ban_reason, target.ban_expires = True, why, until
        target.banned_at, target.banned_by = now(), actor.id if actor else None
        target.version += 1
        end_sessions(database, Session.user_id == target.id)
        end_looks(database, Ending.PERSON_CHANGED, Session.impersonating_user_id == target.id)
        end_proofs(database, target.id)
        note(database, target, Event.BANNED, actor=actor)
        record(Act(actor, "user.ban", "user", target.id, target.username, why, before, _ban_facts(target)))


def unban_user(*, actor: User | None, user: User, reason: str = "") -> None:
    """Let somebody in again; nothing happens when they are not banned.

    Raises:
        NotAllowed: the actor has no right to it, or not the rank.
    """
    require(can_ban(actor, user))
    with transaction() as database:
        target = lock_user(database, user.id)
        require(can_ban(actor, target))
        if not target.banned:
            return
        before = _ban_facts(target)
        target.banned, target.ban_reason, target.ban_expires = False, None, None
        target.banned_at, target.banned_by = None, None
        target.version += 1
        why = check_reason(reason) if reason else None
        note(database, target, Event.BAN_LIFTED, actor=actor)
        record(Act(actor, "user.unban", "user", target.id, target.username, why, before, _ban_facts(target)))


def change_role(*, actor: User | None, user: User, role: Role, reason: str = "") -> None:
    """Make somebody a member, a moderator or an admin; they sign in anew. Nothing happens when they are it already.

    Raises:
        NotAllowed: the actor has no right to it, or not the rank.
        Conflict: nobody would be left to run the site.
    """
    require(can_change_role(actor, user, role))
    why = check_reason(reason) if reason else None
    with transaction() as database:
        target = lock_beside_admins(database, user)
        require(can_change_role(actor, target, role))
        if target.role == role:
            return
        keep_an_admin(database, target)
        before = {"role": target.role}
        target.role = role
        target.version += 1
        end_sessions(database, Session.user_id == target.id)
        end_looks(database, Ending.PERSON_CHANGED, Session.impersonating_user_id == target.id)
        note(database, target, Event.ROLE_CHANGED, actor=actor)
        record(Act(actor, "user.change_role", "user", target.id, target.username, why, before, {"role": role}))


def lock_beside_admins(database: Database, user: User) -> User:
    """Hold all admins before the person: of two that remove each other, the second sees what the first did."""
    database.scalars(
        select(User.id).where(User.role == Role.ADMIN).order_by(User.id).with_for_update(key_share=True)
    ).all()
    return lock_user(database, user.id)


def keep_an_admin(database: Database, target: User) -> None:
    """Refuse to lose the last admin; hold `target` by `lock_beside_admins` first.

    Raises:
        Conflict: nobody would be left to run the site.
    """
    if target.role != Role.ADMIN:
        return
    others = select(User).where(User.role == Role.ADMIN, User.id != target.id, User.deleted_at.is_(None))
    if not any(other.is_active for other in database.scalars(others)):
        raise Conflict(_("This is the last admin. Make somebody else an admin first."))


def _ban_facts(target: User) -> dict[str, str | bool | None]:
    return {"banned": target.banned, "until": target.ban_expires.isoformat() if target.ban_expires else None}
