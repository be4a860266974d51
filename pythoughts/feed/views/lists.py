"""The feed."""

from pythoughts.access import public, reader
from pythoughts.feed import queries
from pythoughts.feed.forms import PostForm
from pythoughts.feed.queries import Page
from pythoughts.feed.views.blueprint import bp
from pythoughts.parameters import cursor, page_number
from pythoughts.preferences.choices import my_choices
from pythoughts.web import page_or_partial


@bp.get("/")
@public
def index() -> str:
    """Thoughts, newest first."""
    form = PostForm.for_reader(reader())
    return page_or_partial("feed/index.html", "feed/_posts.html", listed=_page(), form=form)


def _page() -> Page:
    person = reader()
    reader_id = person.id if person else None
    number, before, size = page_number(), cursor("before"), my_choices().page_size
    if number is None or before is not None:
        return queries.feed_before(before, reader_id=reader_id, size=size)
    return queries.feed_page(number, reader_id=reader_id, size=size)
