"""Who may do what to an account. `None` is the command line: whoever runs it owns the database anyway."""

from pythoughts.access import Permission, Role, can_act_on, grants
from pythoughts.auth.models import Session, User


def can_reset(actor: User | None, target: User) -> bool:
    """Whether `actor` may reset the account of `target`."""
    return _may(actor, Permission.USER_RESET, target)


def can_ban(actor: User | None, target: User) -> bool:
    """Whether `actor` may ban `target`, or lift a ban."""
    return _may(actor, Permission.USER_BAN, target)


def can_anonymise(actor: User | None, target: User) -> bool:
    """Whether `actor` may erase the account of `target` for good."""
    return _may(actor, Permission.USER_ANONYMISE, target)


def can_impersonate(actor: User, target: User) -> bool:
    """Whether `actor` may look at the site through the eyes of `target`: never through those of staff."""
    return _may(actor, Permission.USER_IMPERSONATE, target) and target.role == Role.MEMBER


def can_change_role(actor: User | None, target: User, role: Role) -> bool:
    """Whether `actor` may make `target` a `role`: never more than they are themselves."""
    return _may(actor, Permission.USER_PROMOTE, target) and (actor is None or role.rank <= Role(actor.role).rank)


def can_end_session(actor: User | None, target: Session) -> bool:
    """Whether `actor` may end a session: their own, or as staff that of a lower rank."""
    if actor is not None and target.user_id == actor.id:
        return True
    return can_end_sessions(actor, target.user)


def can_end_sessions(actor: User | None, target: User) -> bool:
    """Whether `actor` may sign `target` out everywhere."""
    return _may(actor, Permission.SESSION_MANAGE, target)


def can_manage_verifications(actor: User | None, target: User) -> bool:
    """Whether `actor` may cancel the pending proofs of `target`, or mail a code again."""
    return _may(actor, Permission.VERIFICATION_MANAGE, target)


def _may(actor: User | None, permission: Permission, target: User) -> bool:
    return actor is None or (grants(actor.role, permission) and can_act_on(actor, target))
