"""What an admin may set while the site runs."""

from itertools import groupby
from typing import Any

from flask import flash, make_response, redirect, request, url_for
from werkzeug.wrappers import Response

from pythoughts.access import Permission, actor
from pythoughts.admin.actions import typed_version
from pythoughts.admin.base import Page, page
from pythoughts.errors import DomainError
from pythoughts.i18n import Text, _
from pythoughts.settings import use_cases
from pythoughts.settings.queries import Standing, list_standings

SUBJECTS = {
    "accounts": _("Accounts"),
    "feed": _("Feed"),
    "limits": _("Limits"),
    "moderation": _("Moderation"),
    "notifications": _("Notifications"),
}


class SettingsView(Page):
    """Every setting with its help, its value and where that comes from; each is saved by itself."""

    permission = Permission.SETTINGS_CHANGE

    @page("/")
    def index_view(self) -> str:
        """All of them, or those that are searched for."""
        return self._show()

    @page("/<key>", methods=("POST",))
    def save(self, key: str) -> Response:
        """Choose one."""
        typed = request.form.get("value", "")
        try:
            use_cases.choose(actor=actor(), key=key, typed=typed, version=typed_version())
        except DomainError as error:
            return make_response(self._show(wrong=(key, typed, error.message)), error.status)
        return _back(key, _("Saved. Every process follows within 5 seconds."))

    @page("/<key>/reset", methods=("POST",))
    def reset(self, key: str) -> Response:
        """Go back to the default of one."""
        use_cases.reset(actor=actor(), key=key)
        return _back(key, _("Back to its default."))

    def _show(self, wrong: tuple[str, str, Text | str] | None = None) -> str:
        words = request.args.get("q", "")[:100]
        values: dict[str, Any] = {"words": words, "wrong": wrong, "subjects": SUBJECTS}
        return self.render("backoffice/settings.html", groups=_by_subject(words), **values)  # type: ignore[no-any-return]


def _by_subject(words: str) -> list[tuple[str, list[Standing]]]:
    found = groupby(list_standings(words), key=lambda each: each.definition.subject)
    return [(subject, list(standings)) for subject, standings in found]


def _back(key: str, sentence: Text) -> Response:
    flash(str(sentence))
    return redirect(url_for(".index_view", q=request.args.get("q") or None, _anchor=key), code=303)
