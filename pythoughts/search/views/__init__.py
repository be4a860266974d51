"""The search page."""

import re
from typing import Any

from flask import Blueprint, Flask, render_template, request
from markupsafe import Markup

from pythoughts.access import public, reader
from pythoughts.errors import Malformed
from pythoughts.i18n import _
from pythoughts.parameters import cursor, page_number
from pythoughts.preferences.choices import my_choices
from pythoughts.search import queries
from pythoughts.search.queries import CLOSE, OPEN, WORDS_MAX, Found
from pythoughts.text import is_storable
from pythoughts.web import page_or_partial

TAG = re.compile(r"<[^>]*>")
PEOPLE_BESIDE = 3  # people above the first page of posts
PEOPLE_SHOWN = 50

bp = Blueprint("search", __name__)


def init_app(app: Flask) -> None:
    """Register the page, and what marks the words that matched."""
    app.jinja_env.filters["marked"] = marked
    app.register_blueprint(bp)


@bp.get("/search")
@public
def search() -> str:
    """Posts and people; without words, how to look for them."""
    words = _words()
    if not words:
        return render_template("search/ask.html", words="")
    if request.args.get("kind") == "people":
        return render_template("search/people.html", words=words, people=_people(words, PEOPLE_SHOWN))
    is_new = request.args.get("sort") == "new"
    found = _newest(words) if is_new else _best(words)
    people = _people(words, PEOPLE_BESIDE) if _is_first() else []
    values: dict[str, Any] = {"words": words, "found": found, "is_new": is_new, "people": people}
    return page_or_partial("search/posts.html", "search/_posts.html", **values)


def marked(html: Markup) -> Markup:
    """Turn the marks around words into `<mark>`; inside a tag they only go."""
    tidy = TAG.sub(lambda tag: tag[0].replace(OPEN, "").replace(CLOSE, ""), html)
    return Markup(tidy.replace(OPEN, "<mark>").replace(CLOSE, "</mark>"))  # noqa: S704 (rendered already)


def _words() -> str:
    words = request.args.get("q", "").strip()
    if not is_storable(words) or len(words) > WORDS_MAX:
        raise Malformed(_("Search for up to %(count)s characters.", count=WORDS_MAX))
    return words


def _is_first() -> bool:
    return cursor("before") is None and page_number() in {None, 1}


def _reader_id() -> str | None:
    person = reader()
    return person.id if person else None


def _best(words: str) -> Found:
    number = page_number()
    page = 1 if number is None else number
    return queries.best_posts(words, reader_id=_reader_id(), page=page, size=my_choices().page_size)


def _newest(words: str) -> Found:
    size = my_choices().page_size
    return queries.newest_posts(words, reader_id=_reader_id(), cursor=cursor("before"), size=size)


def _people(words: str, size: int) -> list[queries.FoundPerson]:
    return queries.find_people(words, reader_id=_reader_id(), size=size)
