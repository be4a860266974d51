"""What every request and answer shares: the request id, the log line, headers, CSRF, template helpers."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import chain
from secrets import token_hex
from time import perf_counter
from typing import Any, NamedTuple, TypeVar

import structlog
from babel import Locale
from flask import Flask, current_app, g, has_request_context, make_response, render_template, request, session
from flask_babel import format_date, get_locale
from flask_wtf.csrf import CSRFError
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter
from werkzeug.wrappers import Response

from pythoughts.access import look, reader
from pythoughts.clock import now
from pythoughts.config import Settings
from pythoughts.errors import DomainError, Malformed, NotFound
from pythoughts.extensions import csrf
from pythoughts.htmx import wants_partial
from pythoughts.i18n import _, direction, gettext, lang
from pythoughts.origin import Origin, set_origin
from pythoughts.paths import STATIC_DIR
from pythoughts.text import ID

log = structlog.get_logger()

REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
BODY_MAX = 64 * 1024  # bytes; forms only, uploads raise it for their own route
FACE_MAX = 48  # CSS pixels a side up to which the small one of an uploaded picture's two sizes is sharp
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'; "
    "require-trusted-types-for 'script'; trusted-types htmx"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
HSTS = "max-age=63072000; includeSubDomains"  # two years, as hstspreload.org asks
THEMES = frozenset({"light", "dark"})

View = TypeVar("View", bound=Callable[..., Any])


def init_app(app: Flask, settings: Settings) -> None:
    """Set limits and hooks; call it before any other hook is registered."""
    app.config["MAX_CONTENT_LENGTH"] = BODY_MAX
    app.config["MAX_FORM_MEMORY_SIZE"] = BODY_MAX
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # check_csrf decides, after access was decided
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    app.config["SESSION_COOKIE_NAME"] = "__Host-pythoughts_form" if settings.https else "pythoughts_form"
    app.config.update(SESSION_COOKIE_SECURE=settings.https, SESSION_COOKIE_SAMESITE="Lax", SESSION_COOKIE_HTTPONLY=True)
    if settings.proxy_hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxy_hops, x_proto=settings.proxy_hops)  # type: ignore[method-assign]
    app.url_map.converters["id"] = IdConverter
    app.before_request(_begin)
    app.after_request(_finish)
    app.after_request(_spare_a_repeat)
    app.jinja_env.filters.update(ago=ago, age=age_of, aged=aged, exact=exact, compact=compact, day=day, month=month)
    app.jinja_env.globals.update(asset=asset, avatar_url=avatar_url, site_contact=settings.contact)
    app.context_processor(_shared)


class IdConverter(BaseConverter):
    """A key in an address, as in `/posts/<id:post_id>`: anything of another shape is not found."""

    regex = ID.pattern


def keeps_form(view: View) -> View:
    """Mark a view whose first act is `form.validate()`: a failed CSRF check shows its form again, filled in, as 400."""
    view.keeps_form = True  # type: ignore[attr-defined]
    return view


def takes_uploads(most: int) -> Callable[[View], View]:
    """Mark a view whose requests may be larger than others': by `most` bytes, the size of a file."""

    def mark(view: View) -> View:
        view.body_max = BODY_MAX + most  # type: ignore[attr-defined]
        return view

    return mark


def one_click(view: View) -> View:
    """Mark a view whose address holds a secret, so that mail programs may act there on their own (RFC 8058)."""
    view.one_click = True  # type: ignore[attr-defined]
    return view


def is_one_click() -> bool:
    """Whether a mail program asks, which knows neither cookies nor tokens of forms."""
    return request.form.get("List-Unsubscribe") == "One-Click"


def check_csrf() -> None:
    """Refuse a state change without a valid token, but for the click of a mail program on a view that is made for it.

    Raises:
        CSRFError: the view can't give the form back.
    """
    if request.endpoint is None:
        return
    view = current_app.view_functions[request.endpoint]
    if getattr(view, "one_click", False) and is_one_click():
        return
    try:
        csrf.protect()
    except CSRFError:
        if not getattr(view, "keeps_form", False):
            raise
        g.csrf_failed = True


def refuse_nul() -> None:
    """Refuse an address with a NUL in it: no browser sends one, and no database keeps one.

    Raises:
        NotFound: it is in the path.
        Malformed: it is in a parameter.
    """
    if "\x00" in request.path:
        raise NotFound(_("There is nothing at this address."))
    if "\x00" in "".join(chain(*request.args.items(multi=True))):
        raise Malformed(_("This address holds characters that mean nothing."))


def page_or_partial(page: str, partial: str, **values: Any) -> str:
    """The fragment when htmx asks for one, else the whole page."""
    return render_template(partial if wants_partial() else page, **values)


def refused(error: DomainError, form: Any, page: str, **values: Any) -> Response:
    """The form again with the error's sentence: beside its field, or above all fields when it belongs to none."""
    if error.field and error.field in form:
        form[error.field].errors = [*form[error.field].errors, error.message]
    else:
        form.form_errors.append(error.message)
    response = make_response(render_template(page, form=form, **values), error.status)
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def client_ip() -> str:
    """The address of the client, behind as many proxies as PROXY_HOPS says."""
    return request.remote_addr or "0.0.0.0"  # noqa: S104  (a value to store, not to bind)


def _begin() -> None:
    g.started = perf_counter()
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if REQUEST_ID.fullmatch(given) else token_hex(8)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)
    set_origin(Origin(g.request_id, client_ip(), (request.user_agent.string or None)))
    if request.endpoint is not None:
        request.max_content_length = getattr(current_app.view_functions[request.endpoint], "body_max", BODY_MAX)


def _finish(response: Response) -> Response:
    if g.get("csrf_failed") and response.status_code == 422:
        response.status_code = 400
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = HSTS
    response.headers["X-Request-ID"] = g.get("request_id", "")
    response.vary.update(("HX-Request", "Accept-Language"))
    _log(response)
    return response


def _spare_a_repeat(response: Response) -> Response:
    """Send a visitor's page once while it stays the same: the tag is made of all that it says.

    Whatever belongs to somebody signed in, or brings a cookie, is stored nowhere.
    """
    is_page = request.method in {"GET", "HEAD"} and response.status_code == 200 and response.mimetype == "text/html"
    if is_page and "Cache-Control" not in response.headers and not session.modified:
        response.headers["Cache-Control"] = "no-cache"
        response.add_etag(weak=True)
        response.make_conditional(request)
    return response


def _log(response: Response) -> None:
    """One line a request; the rule instead of the path, which may hold a name or a token."""
    rule = request.url_rule.rule if request.url_rule else None
    milliseconds = round((perf_counter() - g.get("started", perf_counter())) * 1000, 1)
    log.info("request", method=request.method, rule=rule, status=response.status_code, ms=milliseconds)


def _shared() -> dict[str, Any]:
    """What every page may use; one that must work without a database has no reader, and a mail has none of it."""
    if not has_request_context():
        return {}
    return {
        "me": None if g.get("static_error") else reader(),
        "look_through": None if g.get("static_error") else look(),
        "color_theme": _theme(),
        "csrf_failed": g.get("csrf_failed", False),
        "request_id": g.get("request_id", ""),
        **({} if g.get("static_error") else {"lang": lang(), "dir": direction()}),
    }


def _theme() -> str:
    chosen = request.cookies.get("theme", "")
    return chosen if chosen in THEMES else "system"


@cache
def _manifest() -> dict[str, str]:
    manifest: dict[str, str] = json.loads((STATIC_DIR / "build" / "manifest.json").read_text(encoding="utf-8"))
    return manifest


def asset(name: str) -> str:
    """The address of a built file, with its content's hash in the name."""
    return f"/static/build/{_manifest()[name]}"


def avatar_url(user_id: str, version: int, side: int = FACE_MAX) -> str:
    """The address of a person's picture; it changes with the picture, so it may be cached for ever.

    Args:
        user_id: whose.
        version: above zero when it is drawn, below when it was uploaded.
        side: in CSS pixels, as it is shown.
    """
    if version > 0:
        return f"/avatar/{user_id}/{version}.svg"  # building it from its rule cost a seventh of a feed page
    return f"/avatar/{user_id}/{-version}{'-large' if side > FACE_MAX else ''}.webp"


class Age(NamedTuple):
    """How long ago something was, as coarse as a feed says it: the same age is said with the same words.

    Attributes:
        unit: "now", "m", "h" or "d"; "date" when the date says it better.
        number: how many of them.
    """

    unit: str
    number: int


def age_of(moment: datetime) -> Age:
    """How old something is by now."""
    passed = now() - moment
    if passed < timedelta(minutes=1):
        return Age("now", 0)
    if passed < timedelta(hours=1):
        return Age("m", passed // timedelta(minutes=1))
    if passed < timedelta(days=1):
        return Age("h", passed // timedelta(hours=1))
    return Age("d", passed.days) if passed < timedelta(days=7) else Age("date", 0)


def aged(moment: datetime, age: Age) -> str:
    """An age in words: "now", "41m", "3h", "5d", then the date."""
    match age.unit:
        case "now":
            return str(gettext("now"))
        case "m":
            return str(gettext("%(n)dm", n=age.number))
        case "h":
            return str(gettext("%(n)dh", n=age.number))
        case "d":
            return str(gettext("%(n)dd", n=age.number))
    return day(moment)


def ago(moment: datetime) -> str:
    """How long ago, the way a feed says it."""
    return aged(moment, age_of(moment))


def day(moment: datetime) -> str:
    """The date, as in "5 Nov 2026"."""
    at = moment.astimezone(UTC)
    short_month = _names(str(get_locale())).short_months[at.month]
    return str(gettext("%(day)s %(month)s %(year)s", day=at.day, month=short_month, year=at.year))


def month(moment: datetime) -> str:
    """The month, as in "November 2026"."""
    return str(format_date(moment, "LLLL y"))


def exact(moment: datetime) -> str:
    """Date and time in UTC, as in "Friday 20 November 2026, 14:05 UTC"."""
    at, names = moment.astimezone(UTC), _names(str(get_locale()))
    words = {"weekday": names.days[at.weekday()], "month": names.months[at.month]}
    numbers = {"day": at.day, "year": at.year, "time": f"{at:%H:%M}"}
    return str(gettext("%(weekday)s %(day)s %(month)s %(year)s, %(time)s UTC", **words, **numbers))


@dataclass(frozen=True)
class _Names:
    days: Mapping[int, str]
    months: Mapping[int, str]
    short_months: Mapping[int, str]


@cache
def _names(language: str) -> _Names:
    """Babel's names of days and months; to let it read a pattern for each date of a list cost more than the rows."""
    locale = Locale.parse(language)
    months = locale.months["format"]
    return _Names(locale.days["format"]["wide"], months["wide"], months["abbreviated"])


def compact(number: int) -> str:
    """A count with thousands separated, capped counts as "10,000+" by their own text."""
    return f"{number:,}"
