"""Sessions: who is signed in where, and ending that. A token is in no column here."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, ClassVar

from flask import request
from sqlalchemy import Row, Select, func, select

from pythoughts.access import Permission, actor
from pythoughts.admin.actions import Answer, PlainForm, Question, ask, require_rank, way_back
from pythoughts.admin.base import page
from pythoughts.admin.columns import MEMBER, made_between, may_act_on
from pythoughts.admin.expiring import ExpiringView, by_making_and_ending
from pythoughts.admin.filters import ChoiceFilter, Option, PersonFilter
from pythoughts.auth.models import Session
from pythoughts.auth.use_cases import revoke_session
from pythoughts.db import db
from pythoughts.errors import Conflict, NotFound
from pythoughts.i18n import Text, _, plural
from pythoughts.services.browsers import device
from pythoughts.text import is_id
from pythoughts.web import keeps_form

IS_OPEN = Session.expires_at > func.now()
ROW: tuple[Any, ...] = (
    Session.id,
    *MEMBER,
    Session.user_agent.label("device"),
    Session.ip_address.label("address"),
    Session.created_at,
    Session.updated_at.label("seen_at"),
    Session.expires_at,
)
ROWS = select(*ROW).join(Session.user)


class SessionsView(ExpiringView):
    """Every signed-in browser."""

    permission = Permission.SESSION_MANAGE
    list_template = "backoffice/sessions.html"

    column_list = ("member", "device", "address", "created_at", "seen_at", "expires_at")
    column_labels: ClassVar = {
        "member": _("Member"),
        "device": _("Device"),
        "address": _("Address"),
        "created_at": _("Started"),
        "seen_at": _("Last seen"),
        "expires_at": _("Ends"),
    }
    column_filters = (
        ChoiceFilter(
            "state",
            _("Status"),
            [Option("open", _("Open"), IS_OPEN), Option("ended", _("Ended"), ~IS_OPEN)],
            quick=True,
        ),
        PersonFilter("member", _("Member"), Session.user_id),
        *made_between(_("Started"), Session.id),
    )
    orders: ClassVar = by_making_and_ending(Session)

    def rows(self) -> Select[Any]:
        """Device, address and times."""
        return ROWS

    @page("/<id:row_id>/revoke", methods=("GET", "POST"))
    @keeps_form
    def revoke(self, row_id: str) -> Answer:
        """Ask once, then sign that browser out."""
        session = self.get_one(row_id)
        require_rank(may_act_on(session))

        def act() -> Text:
            revoke_session(actor=actor(), session_id=session.id)
            return _("The session was ended.")

        title = _("End this session of @%(name)s?", name=session.member_username)
        effects = (_("%(device)s is signed out on its next click.", device=device(session.device)),)
        return ask(self, Question(title, effects, _("End session"), way_back(self.address)), PlainForm(), act)

    @page("/revoke", methods=("GET", "POST"))
    @keeps_form
    def revoke_chosen(self) -> Answer:
        """Ask once for all the ticked ones, then sign these browsers out."""
        chosen = self._chosen(request.args.getlist("chosen"))

        def act() -> Text:
            ended = _end_all(chosen)
            return plural("%(num)d session was ended.", "%(num)d sessions were ended.", ended)

        title = plural("End %(num)d session?", "End %(num)d sessions?", len(chosen))
        effects = tuple(
            _("@%(name)s: %(device)s", name=row.member_username, device=device(row.device)) for row in chosen
        )
        return ask(self, Question(title, effects, _("End sessions"), way_back(self.address)), PlainForm(), act)

    def search_hint(self) -> Text:
        """What `search_for` looks at."""
        return _("Member or session id")

    def _chosen(self, ids: list[str]) -> Sequence[Row[Any]]:
        """The ticked sessions that are still there and that the reader may end."""
        found = db.session.execute(self.rows().where(Session.id.in_(filter(is_id, ids[: self.page_size]))))
        allowed = [row for row in found if may_act_on(row)]
        if not allowed:
            raise Conflict(_("None of these sessions is left, or none is yours to end."))
        return allowed


def _end_all(chosen: Sequence[Row[Any]]) -> int:
    ended = 0
    for session in chosen:
        with suppress(NotFound):  # somebody was faster
            revoke_session(actor=actor(), session_id=session.id)
            ended += 1
    return ended
