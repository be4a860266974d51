"""Health: how the machinery is doing, and what to do about it."""

from flask import request

from pythoughts.access import Permission
from pythoughts.admin.base import Page, page
from pythoughts.audit.queries import latest_check
from pythoughts.config import current_settings
from pythoughts.health.checks import Check, Level, full_list, short_list
from pythoughts.i18n import _

LEVELS = {Level.OK: _("All is well"), Level.WARN: _("Something wants a look"), Level.BAD: _("Something must be mended")}
BY_PROXY = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto")


class HealthView(Page):
    """Every point with its remedy."""

    permission = Permission.HEALTH_VIEW

    @page("/")
    def index_view(self) -> str:
        """All points as of now."""
        checks = [*full_list(), audit(), proxy()]
        return self.render(  # type: ignore[no-any-return]
            "backoffice/health.html", checks=checks, worst=worst(checks), levels=LEVELS
        )


def strip() -> list[Check]:
    """The points that stand on the first page."""
    return [*short_list(), audit()]


def worst(checks: list[Check]) -> Level:
    """The level of the worst point."""
    return max((check.level for check in checks), key=list(Level).index)


def audit() -> Check:
    """Whether the audit log is still what was written."""
    found = latest_check()
    if found is None:
        return Check(_("Audit log"), "history", Level.WARN, _("not verified yet"), _("A worker does it every hour."))
    if found.broken_seal_id is not None:
        sentence = _("changed after act %(act)d", act=found.up_to_id)
        remedy = _("Find out who can write to the database; `pythoughts audit verify` tells more.")
        return Check(_("Audit log"), "history", Level.BAD, sentence, remedy)
    return Check(_("Audit log"), "history", Level.OK, _("verified up to act %(act)d", act=found.up_to_id))


def proxy() -> Check:
    """Whether addresses of members are theirs: a proxy that nobody trusts hides all of them behind its own."""
    hops, unproxied = current_settings().proxy_hops, request.environ.get("werkzeug.proxy_fix.orig", {})
    passed_on = any(name in request.headers for name in BY_PROXY) or any(
        f"HTTP_{name.upper().replace('-', '_')}" in unproxied for name in BY_PROXY
    )
    if passed_on and not hops:
        remedy = _("Set PROXY_HOPS to how many proxies stand in front, or everybody seems to share one address.")
        return Check(_("Proxy"), "globe", Level.WARN, _("there is one, and it is not trusted"), remedy)
    if hops and not passed_on:
        remedy = _("Set PROXY_HOPS to 0, or let nobody but the proxy reach this port.")
        return Check(_("Proxy"), "globe", Level.WARN, _("%(hops)d are trusted, and there is none", hops=hops), remedy)
    return Check(_("Proxy"), "globe", Level.OK, _("%(hops)d are trusted", hops=hops))
