"""Members: find one."""

from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Select, and_, case, func, not_, or_, select

from pythoughts.access import Permission, Role, actor
from pythoughts.admin.base import page
from pythoughts.admin.columns import MEMBER, both_ways, may_act_on
from pythoughts.admin.filters import ChoiceFilter, DayFilter, Option, SpanFilter
from pythoughts.admin.listing import ListView
from pythoughts.admin.person import (
    count_belongings,
    history_of_person,
    newest_events,
    newest_mails,
    newest_posts,
    newest_sessions,
    newest_verifications,
)
from pythoughts.admin.user_acts import UserActs
from pythoughts.auth.events import SENTENCES
from pythoughts.auth.models import User
from pythoughts.feed.models import Post
from pythoughts.i18n import Text, _

ROLES = {Role.MEMBER: _("Member"), Role.MODERATOR: _("Moderator"), Role.ADMIN: _("Admin")}

IS_DELETED = User.deleted_at.is_not(None)
IS_BANNED = and_(not_(IS_DELETED), User.banned, or_(User.ban_expires.is_(None), User.ban_expires > func.now()))
IS_CLOSED = and_(not_(IS_DELETED), User.delete_after.is_not(None))
IS_UNVERIFIED = and_(not_(IS_DELETED), not_(User.email_verified))
STATUS = case(
    (IS_DELETED, "deleted"), (IS_BANNED, "banned"), (IS_CLOSED, "closed"), (IS_UNVERIFIED, "unverified"), else_="active"
)
STATES = (
    Option("active", _("Active"), STATUS == "active"),
    Option("unverified", _("Unverified"), IS_UNVERIFIED),
    Option("banned", _("Banned"), IS_BANNED),
    Option("closed", _("Closed"), IS_CLOSED),
    Option("deleted", _("Deleted"), IS_DELETED),
)

FACTS = (
    *MEMBER,
    User.email,
    User.email_verified,
    User.role,
    STATUS.label("status"),
    User.created_at,
    User.last_seen_at,
)
MORE = (
    User.name,
    User.bio,
    User.ban_reason,
    User.ban_expires,
    User.banned_at.label("ban_at"),
)


class UsersView(UserActs, ListView):
    """Everybody who has or had an account, and a page for each."""

    permission = Permission.USER_VIEW
    list_template = "backoffice/users.html"
    can_view_details = True

    column_list = ("member", "email", "role", "status", "created_at", "last_seen_at")
    column_labels: ClassVar = {
        "member": _("Member"),
        "email": _("Email"),
        "role": _("Role"),
        "status": _("Status"),
        "created_at": _("Joined"),
        "last_seen_at": _("Last seen"),
    }
    column_details_list = (
        *column_list,
        "name",
        "bio",
        "ban",
    )
    column_searchable_list = ("username", "name", "email", "id")
    column_sortable_list = ("created_at",)
    column_export_list = ()
    column_filters = (
        ChoiceFilter("status", _("Status"), STATES, quick=True),
        ChoiceFilter("role", _("Role"), [Option(role, label, User.role == role) for role, label in ROLES.items()]),
        DayFilter("since", _("Joined"), User.created_at),
        DayFilter("until", _("Joined"), User.created_at, until=True),
        SpanFilter("wrote", _("Wrote"), column=User.id, owner=Post.user_id, made=Post.id),
    )
    orders: ClassVar = both_ways("created_at", User.created_at, User.id)
    phone_columns = frozenset({"member"})

    def rows(self) -> Select[Any]:
        """Who they are and whether they may come in."""
        return select(User.id, *FACTS)

    def details(self) -> Select[Any]:
        """The same, with what they say of themselves and what was decided about them."""
        return select(User.id, *FACTS, *MORE)

    @page("/<id:row_id>")
    def details_view(self, row_id: str) -> str:
        """One person, with everything that hangs on them as far as the reader's right goes."""
        me, person = actor(), self.get_one(row_id)
        return self.render(  # type: ignore[no-any-return]
            "backoffice/user.html",
            person=person,
            may_act=may_act_on(person),
            belongings=count_belongings(person.id),
            posts=newest_posts(person.id),
            sessions=newest_sessions(person.id),
            events=newest_events(person.id) if me.can(Permission.SESSION_MANAGE) else None,
            event_sentences=SENTENCES,
            verifications=newest_verifications(person.id) if me.can(Permission.VERIFICATION_MANAGE) else None,
            mails=newest_mails(person.id) if me.can(Permission.OUTBOX_VIEW) else None,
            history=history_of_person(person.id, reader=me),
        )

    def search_hint(self) -> Text:
        """What `search_for` looks at."""
        return _("Name, email or id") if actor().can(Permission.USER_REVEAL) else _("Name or id")

    def search_for(self, words: str) -> ColumnElement[bool]:
        """Any part of a name, or the whole id; any part of an address only for whoever may see addresses."""
        name = words.removeprefix("@")
        found = [User.username.icontains(name, autoescape=True), User.name.icontains(name, autoescape=True)]
        if actor().can(Permission.USER_REVEAL):
            found.append(User.email.icontains(words, autoescape=True))
        return or_(User.id == words, *found)
