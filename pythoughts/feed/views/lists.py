"""The feed, and what is new in it."""

from flask import make_response, render_template
from werkzeug.wrappers import Response

from pythoughts.access import public, reader
from pythoughts.feed import queries
from pythoughts.feed.forms import PostForm
from pythoughts.feed.queries import Page
from pythoughts.feed.views.blueprint import bp
from pythoughts.feed.views.visits import keep_visit, mark_in, this_visit
from pythoughts.htmx import wants_partial
from pythoughts.parameters import cursor, page_number
from pythoughts.preferences.choices import my_choices
from pythoughts.web import page_or_partial


@bp.get("/")
@public
def index() -> Response:
    """Thoughts, newest first."""
    person, listed, is_first = reader(), _page(), _is_first()
    visit = this_visit(person)
    values = {"listed": listed, "is_first": is_first, "mark": mark_in(listed, visit, cursor("before"))}
    form = PostForm.for_reader(person)
    response = make_response(page_or_partial("feed/index.html", "feed/_posts.html", form=form, **values))
    return keep_visit(response, person, visit, listed) if is_first and not wants_partial() else response


@bp.get("/feed/new")
@public
def newer() -> Response | tuple[str, int]:
    """How many thoughts are newer than one; 204 when none is."""
    number = queries.count_newer(cursor("after"), reader_id=_reader_id())
    if not number:
        return "", 204
    return make_response(render_template("feed/_newer.html", number=number))


def _page() -> Page:
    number, before, size = page_number(), cursor("before"), my_choices().page_size
    if number is None or before is not None:
        return queries.feed_before(before, reader_id=_reader_id(), size=size)
    return queries.feed_page(number, reader_id=_reader_id(), size=size)


def _is_first() -> bool:
    return cursor("before") is None and page_number() in {None, 1}


def _reader_id() -> str | None:
    person = reader()
    return person.id if person else None
