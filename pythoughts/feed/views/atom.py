"""The feed and people's posts for programs that read Atom (RFC 4287): what a visitor sees, for everybody alike."""

import re
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pythoughts.access import public
from pythoughts.config import current_settings
from pythoughts.feed import queries
from pythoughts.feed.queries import PostRow, Tab
from pythoughts.feed.views.blueprint import bp
from pythoughts.i18n import _

SIZE = 20  # posts
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2
NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # when an empty feed was updated


@bp.get("/feed.atom")
@public
def atom() -> Response:
    """The newest thoughts."""
    listed = queries.feed_before(None, reader_id=None, size=SIZE)
    return _feed(listed.posts, title="Pythoughts", page=url_for(".index"))


@bp.get("/user/<username>/feed.atom")
@public
def atom_of(username: str) -> Response:
    """What somebody wrote last; another spelling leads to the one address."""
    person = queries.get_profile(username).person
    if username != person.username:
        return redirect(url_for(".atom_of", username=person.username), code=301)
    listed = queries.posts_of(person.id, reader=None, tab=Tab.ALL, cursor=None, size=SIZE)
    title = str(_("Thoughts by %(name)s", name=person.name or person.display_username))
    return _feed(listed.posts, title=title, page=url_for(".profile", username=person.username))


def absolute(path: str) -> str:
    """An address that other sites and programs can follow."""
    return current_settings().public_url + path


def permanent_id(path: str) -> str:
    """What names a thing for ever, wherever the site may move (RFC 4151)."""
    return f"tag:{urlsplit(current_settings().public_url).hostname},2026:{path}"


def xml_text(text: str) -> str:
    """Text without the control characters that no XML may hold."""
    return NO_XML.sub("", text)


def _feed(posts: list[PostRow], **values: Any) -> Response:
    """The document, or 304 for whoever has it: the tag is made of what was read, before anything is rendered."""
    response = make_response()
    response.set_etag(sha256(repr((posts, values)).encode()).hexdigest()[:32])
    response.headers["Cache-Control"] = "private, no-cache"
    if response.make_conditional(request).status_code != 304:
        updated = max((post.edited_at or post.created_at for post in posts), default=NEVER)
        response.set_data(render_template("feed/atom.xml", posts=posts, updated=updated, **values))
        response.content_type = "application/atom+xml; charset=utf-8"
    return response
