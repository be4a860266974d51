"""How far somebody had read when they left, for the line "You were here".

A cookie keeps it: a GET must not write to the database, and where somebody was is a matter of the browser they were at.
Visitors have none, so that their pages stay without cookies.
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from flask import current_app, request
from werkzeug.wrappers import Response

from pythoughts.access import look
from pythoughts.clock import now
from pythoughts.feed.queries import Page

COOKIE = "here"
COOKIE_AGE = 30 * 24 * 3600  # seconds; later nobody remembers where they were
AWAY = 30 * 60  # seconds without a look at the feed, until the next one is another visit
KEPT = re.compile(
    r"(?P<user>[\w-]{1,64})\.(?P<mark>[\w-]{0,64})\.(?P<left>\d{1,11})\.(?P<newest>[\w-]{1,64})\.(?P<seen>\d{1,11})"
)


@dataclass(frozen=True)
class Visit:
    """A stay at the feed.

    Attributes:
        mark: the newest post of the stay before; empty when there was none.
        left: when that ended, in seconds since 1970.
        newest: the newest post of this one.
        seen: when the feed was looked at last.
    """

    mark: str
    left: int
    newest: str
    seen: int


@dataclass(frozen=True)
class Mark:
    """The first post of a page that was there already, and when its reader left."""

    post_id: str
    left_at: datetime


def this_visit(person: Any | None) -> Visit | None:
    """The visit that this request belongs to; None on the first, or while staff look through somebody's eyes."""
    kept = KEPT.fullmatch(request.cookies.get(COOKIE, "")) if person and not look() else None
    if kept is None or kept["user"] != person.id:  # type: ignore[union-attr]  # there is no cookie without a person
        return None
    visit = Visit(kept["mark"], int(kept["left"]), kept["newest"], int(kept["seen"]))
    if visit.seen + AWAY < now().timestamp():
        return replace(visit, mark=visit.newest, left=visit.seen)
    return visit


def mark_in(page: Page, visit: Visit | None, before: str | None) -> Mark | None:
    """Where on a page of the feed its reader was; nowhere while nothing is new."""
    if visit is None or not visit.mark:
        return None
    is_newer_above = before is not None and before > visit.mark
    for post in page.posts:
        if post.id <= visit.mark:
            return Mark(post.id, datetime.fromtimestamp(visit.left, UTC)) if is_newer_above else None
        is_newer_above = True
    return None


def keep_visit(response: Response, person: Any | None, visit: Visit | None, page: Page) -> Response:
    """Let the browser remember that the newest page was looked at just now."""
    if person is None or look() or not page.posts:
        return response
    mark, left = (visit.mark, visit.left) if visit else ("", 0)
    value = f"{person.id}.{mark}.{left}.{page.posts[0].id}.{int(now().timestamp())}"
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(COOKIE, value, max_age=COOKIE_AGE, samesite="Lax", httponly=True, secure=secure)
    return response
