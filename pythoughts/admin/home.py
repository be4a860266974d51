"""The first page of the back office: what happened, what waits, what was done last."""

from typing import Any

from flask import request
from flask_babel import get_locale

from pythoughts.access import GRANTS, Permission, Role, actor
from pythoughts.admin.base import FirstPage, page
from pythoughts.admin.charts import NARROW, WIDE, draw, sparkline
from pythoughts.admin.health import LEVELS, strip
from pythoughts.admin.listing import COUNT_CAP
from pythoughts.admin.numbers import activity, moderation, show_cards
from pythoughts.admin.waiting import backlogs
from pythoughts.audit.queries import latest_acts
from pythoughts.errors import Malformed
from pythoughts.i18n import _
from pythoughts.statistics.models import PERIODS
from pythoughts.statistics.queries import period

LATEST = 8  # acts


class Home(FirstPage):
    """Numbers that are links to the rows they count."""

    permission = Permission.DESK_OPEN

    @page("/")
    def index(self) -> str:
        """A period of full days, what waits now, and the latest acts, as far as the reader may know."""
        me, length = actor(), _length()
        granted = GRANTS[Role(me.role)]
        hears_all = Permission.AUDIT_VIEW in granted
        return self.render(  # type: ignore[no-any-return]
            "backoffice/home.html",
            length=length,
            lengths=tuple(PERIODS),
            backlogs=backlogs(me),
            cap=COUNT_CAP,
            latest=latest_acts(LATEST, target_types=() if hears_all else ("post",)),
            hears_all=hears_all,
            checks=strip() if Permission.HEALTH_VIEW in granted else (),
            levels=LEVELS,
            **_numbers(length, granted),
        )


def _numbers(length: int, granted: frozenset[Permission]) -> dict[str, Any]:
    """Cards and charts of the period; none before anything was counted."""
    found = period(length)
    if found is None:
        return {"counted": None, "cards": (), "charts": ()}
    language = str(get_locale())
    charts = (activity(found, language), moderation(found, language))
    shapes = [(chart, draw(chart, WIDE), draw(chart, NARROW)) for chart in charts]
    return {"counted": found, "cards": show_cards(found, granted), "charts": shapes, "sparkline": sparkline}


def _length() -> int:
    """How many days are asked for.

    Raises:
        Malformed: there is no such period.
    """
    asked = request.args.get("days", str(min(PERIODS)))
    found = {str(length): length for length in PERIODS}.get(asked)
    if found is None:
        raise Malformed(_("There is no such period."))
    return found
