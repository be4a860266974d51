"""Who may do what: the roles, the one permission map, and what every view must declare."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, TypeVar, cast

from flask import Flask, current_app, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from pythoughts.errors import NotAllowed, NotFound
from pythoughts.i18n import _

View = TypeVar("View", bound=Callable[..., Any])
READING = frozenset({"GET", "HEAD", "OPTIONS"})


class Role(StrEnum):
    """What a person is to the community, lowest rank first."""

    MEMBER = "member"
    MODERATOR = "moderator"
    ADMIN = "admin"

    @property
    def rank(self) -> int:
        """0 for members, higher for staff."""
        return list(Role).index(self)


class Permission(StrEnum):
    """What a role grants, as `<resource>:<action>`."""

    DESK_OPEN = "desk:open"
    POST_MODERATE = "post:moderate"
    PICTURE_REMOVE = "picture:remove"
    REPORT_DECIDE = "report:decide"
    WORD_MANAGE = "word:manage"
    USER_VIEW = "user:view"
    USER_REVEAL = "user:reveal"
    USER_RESET = "user:reset"
    USER_PROMOTE = "user:promote"
    USER_BAN = "user:ban"
    USER_ANONYMISE = "user:anonymise"
    USER_IMPERSONATE = "user:impersonate"
    SESSION_MANAGE = "session:manage"
    VERIFICATION_MANAGE = "verification:manage"
    OUTBOX_VIEW = "outbox:view"
    OUTBOX_MANAGE = "outbox:manage"
    JOB_MANAGE = "job:manage"
    HEALTH_VIEW = "health:view"
    AUDIT_VIEW = "audit:view"
    SETTINGS_CHANGE = "settings:change"


MODERATOR_GRANTS = frozenset(
    {
        Permission.DESK_OPEN,
        Permission.PICTURE_REMOVE,
        Permission.POST_MODERATE,
        Permission.REPORT_DECIDE,
        Permission.USER_VIEW,
        Permission.WORD_MANAGE,
    }
)
GRANTS: dict[Role, frozenset[Permission]] = {
    Role.MEMBER: frozenset(),
    Role.MODERATOR: MODERATOR_GRANTS,
    Role.ADMIN: frozenset(Permission),
}


class Actor(Protocol):
    """Whoever acts: a user, as far as rights are concerned."""

    @property
    def id(self) -> Any:
        """The key."""

    @property
    def role(self) -> Any:
        """A Role, or its name."""


def grants(role: Role | str, permission: Permission) -> bool:
    """Whether `role` carries `permission`."""
    return permission in GRANTS[Role(role)]


def can_act_on(actor: Actor, target: Actor) -> bool:
    """The rank rule: nobody acts on an equal or higher rank, nor on themselves."""
    return bool(actor.id != target.id) and Role(actor.role).rank > Role(target.role).rank


def actor() -> Any:
    """The signed-in user of this request, not the proxy to it."""
    return current_user._get_current_object()


def reader() -> Any | None:
    """The signed-in user, or None for a visitor."""
    return actor() if current_user.is_authenticated else None


@dataclass(frozen=True)
class Look:
    """A look of staff at the site through the eyes of whom this request takes for its reader.

    Attributes:
        by: who looks.
        until: when it is over.
    """

    by: Any
    until: datetime


def look() -> Look | None:
    """The look that this request belongs to; None when its reader is who they are."""
    found: Look | None = g.get("look") if current_user.is_authenticated else None
    return found


def owner_only(view: View) -> View:
    """Mark a view that is closed to staff who look through its owner's eyes, though it only reads."""
    view.owner_only = True  # type: ignore[attr-defined]
    return view


def ends_look(view: View) -> View:
    """Mark the one view that may act while staff look through somebody's eyes: it ends that."""
    view.ends_look = True  # type: ignore[attr-defined]
    return view


def public(view: View) -> View:
    """Anyone may reach the view."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def members_only(view: View) -> View:
    """Signed-in people may reach the view; others are sent to sign in."""
    view.access = "members"  # type: ignore[attr-defined]
    return view


def members_or(admits: Callable[[], bool]) -> Callable[[View], View]:
    """Signed-in people may reach the view, and visitors whom `admits` knows from before; others are sent to sign in."""

    def mark(view: View) -> View:
        view.access = "members"  # type: ignore[attr-defined]
        view.admits = admits  # type: ignore[attr-defined]
        return view

    return mark


def requires(permission: Permission) -> Callable[[View], View]:
    """Holders of `permission` may reach the view; to members it does not exist."""

    def mark(view: View) -> View:
        view.access = permission  # type: ignore[attr-defined]
        return view

    return mark


def declared_access(endpoint: str) -> str | None:
    """What the view of `endpoint` declares: "public", "members", a permission, or None.

    Flask-Admin's endpoints answer for themselves by `access_of(name)` of their view class.
    """
    view = current_app.view_functions[endpoint]
    if access := getattr(view, "access", None):
        return cast("str", access)
    owner = getattr(view, "__self__", None)
    if owner is not None and hasattr(owner, "access_of"):
        return cast("str | None", owner.access_of(endpoint.rpartition(".")[2]))
    return None


def init_app(app: Flask) -> None:
    """Decide access before anything else looks at a request."""
    app.before_request(enforce)


def enforce() -> Response | None:
    """Let the request through, send it to sign in, or refuse it.

    Raises:
        NotFound: a member asks for the back office.
        NotAllowed: staff without the right, or who may only look, or a view that declares nothing.
    """
    if request.endpoint is None:
        return None
    _let_looks_read_only(current_app.view_functions[request.endpoint])
    access = declared_access(request.endpoint)
    if access == "public":
        return None
    if access is None:
        raise NotAllowed(_("You may not open this page."))
    if not current_user.is_authenticated:
        return None if _admits(request.endpoint) else _to_sign_in()
    if access != "members":
        _require(Permission(access))
    return None


def _let_looks_read_only(view: Callable[..., Any]) -> None:
    reads = request.method in READING and not getattr(view, "owner_only", False)
    if reads or getattr(view, "ends_look", False) or look() is None:
        return
    raise NotAllowed(_("You are looking through somebody else's eyes: you can read most pages, and change nothing."))


def _admits(endpoint: str) -> bool:
    admits: Callable[[], bool] | None = getattr(current_app.view_functions[endpoint], "admits", None)
    return admits is not None and admits()


def _require(permission: Permission) -> None:
    role = Role(current_user.role)
    if permission in GRANTS[role]:
        return
    if role is Role.MEMBER:
        raise NotFound(_("There is nothing at this address."))
    raise NotAllowed(_("Your role does not include this."))


def _to_sign_in() -> Response:
    """After signing in, a GET goes on where it was; a POST starts from its page."""
    target = request.full_path.rstrip("?") if request.method in {"GET", "HEAD"} else None
    return redirect(url_for("auth.sign_in", next=target), code=303)
