"""The digest: what it says, and when it is not worth sending."""

from collections.abc import Mapping, Sequence
from typing import Any

from pythoughts.auth.letters import EXAMPLE, name_of
from pythoughts.auth.models import User
from pythoughts.auth.queries import find_person
from pythoughts.config import current_settings
from pythoughts.i18n import _
from pythoughts.mail.letters import Kind, Letter
from pythoughts.notifications.queries import Bundle, find_digest, unread_between
from pythoughts.notifications.subscriptions import url_of
from pythoughts.notifications.telling import ABOUT_REPORTS, path_of, words
from pythoughts.notifications.use_cases.digests import LETTER, OFF
from pythoughts.preferences.queries import get_choices

LINES = 10  # of what is new; the rest is counted


def digest(*, user_id: str | None, ref_id: str | None) -> Letter | None:
    """What is still unread when the mail leaves, unless its reader wants none any more."""
    person, asked = find_person(user_id), find_digest(ref_id)
    if person is None or asked is None or not _is_wanted(person):
        return None
    bundles = unread_between(person.id, asked)
    if not bundles:
        return None
    stop = url_of(person.id)
    return Letter(person.email, name_of(person), {**_values(bundles), "stop": stop}, headers=_headers(stop))


def _is_wanted(person: User) -> bool:
    return person.is_active and person.email_verified and get_choices(person.id).digest != OFF


def _values(bundles: Sequence[Bundle]) -> dict[str, Any]:
    lines = [_line(bundle) for bundle in bundles[:LINES]]
    return {"lines": lines, "more": max(0, len(bundles) - LINES)}


def _line(bundle: Bundle) -> dict[str, Any]:
    notice = bundle.first
    text = "" if notice.kind in ABOUT_REPORTS else notice.excerpt
    link = f"{current_settings().public_url}{path_of(notice) or '/notifications'}"
    return {"words": words(bundle), "text": text, "reason": notice.reason, "link": link}


def _headers(stop: str) -> Mapping[str, str]:
    """One click in the mail program ends it (RFC 8058)."""
    return {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _sample(home: str) -> Mapping[str, Any]:
    reply = _("%(name)s replied to you", name="Grace Hopper")
    lines = [
        {"words": reply, "text": "A ship in port is safe.", "reason": None, "link": f"{home}/posts/example"},
        {
            "words": _("A moderator removed your thought"),
            "text": "Buy one, get one free",
            "reason": "Advertising",
            "link": f"{home}/notifications",
        },
    ]
    return {"lines": lines, "more": 2, "stop": f"{home}/unsubscribe/{EXAMPLE}"}


LETTERS = (Kind(LETTER, _("What you have not read yet"), digest, (_sample,)),)
