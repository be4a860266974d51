"""Domain errors, free of the web, and the one place that turns any error into an HTTP answer."""

from traceback import extract_tb

import structlog
from flask import Flask, g, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from psycopg import errors as pg
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from pythoughts.i18n import Text, _

log = structlog.get_logger()

RETRY_SECONDS = 5  # what a busy or restarting service asks of a client
UNAVAILABLE = (pg.OperationalError, pg.ReadOnlySqlTransaction, pg.AdminShutdown, pg.CannotConnectNow)


class DomainError(Exception):
    """A rule was broken; `message` is a sentence that may be shown to anybody."""

    status = 400
    retry_after: int | None = None  # seconds until it is worth another try

    def __init__(self, message: Text | str, *, field: str | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.field = field  # the form field that the sentence belongs to


class Malformed(DomainError):
    """The request itself makes no sense: a parameter that should be a number is none."""


class Invalid(DomainError):
    """What was given breaks a rule of shape or meaning."""

    status = 422


class NotAllowed(DomainError):
    """The actor may not do this."""

    status = 403


class NotFound(DomainError):
    """No such thing, or the actor may not know of it."""

    status = 404


class Gone(DomainError):
    """It was here and is not coming back."""

    status = 410


class Conflict(DomainError):
    """Somebody else was faster, or the thing has changed since it was read."""

    status = 409


class TooFast(DomainError):
    """A limit was reached; `retry_after` says in how many seconds it opens again."""

    status = 429

    def __init__(self, message: Text | str, *, retry_after: int, field: str | None = None) -> None:
        super().__init__(message, field=field)
        self.retry_after = retry_after


class Unavailable(DomainError):
    """Something outside is down, or everybody is busy, for the moment."""

    status = 503

    def __init__(self, message: Text | str, *, retry_after: int = RETRY_SECONDS, field: str | None = None) -> None:
        super().__init__(message, field=field)
        self.retry_after = retry_after


def init_app(app: Flask) -> None:
    """Map every kind of error to its answer."""
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(DBAPIError, _database_error)
    app.register_error_handler(PoolTimeout, _pool_exhausted)
    app.register_error_handler(Exception, _unexpected)


def _page(status: int, message: Text | str | None = None, retry_after: int | None = None) -> Response:
    """A page in the frame of the others, which shows its reader: when they can't be read, that is what is told."""
    try:
        html = render_template("errors/error.html", status=status, message=message, retry_after=retry_after)
    except DBAPIError as error:
        return _database_error(error)
    except PoolTimeout as error:
        return _pool_exhausted(error)
    response = make_response(html, status)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _static_page(status: int) -> Response:
    """A page that needs neither database nor session nor reader: those may be what is broken."""
    g.static_error = True
    response = make_response(
        render_template(f"errors/static_{status}.html", request_id=g.get("request_id", "")), status
    )
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _domain_error(error: DomainError) -> Response:
    return _page(error.status, error.message, error.retry_after)


def _csrf_error(_error: CSRFError) -> Response:
    return _page(400, _("This page was open for too long or in another session. Go back, reload it and send again."))


def _http_error(error: HTTPException) -> Response:
    if error.response is not None or (error.code or 500) < 400:
        return error.get_response()
    code = error.code or 500
    return _page(code) if code < 500 else _static_page(503 if code == 503 else 500)


def _database_error(error: DBAPIError) -> Response:
    """Answer 503 while the database is away; log a class and a constraint, never values."""
    cause = error.orig
    constraint = getattr(getattr(cause, "diag", None), "constraint_name", None)
    log.error("database-error", kind=type(cause).__name__, constraint=constraint)
    away = isinstance(error, OperationalError) or error.connection_invalidated or isinstance(cause, UNAVAILABLE)
    return _static_page(503 if away else 500)


def _pool_exhausted(_error: PoolTimeout) -> Response:
    log.error("database-pool-exhausted")
    return _static_page(503)


def _unexpected(error: Exception) -> Response:
    log.error("unexpected-error", kind=type(error).__name__, endpoint=request.endpoint, trace=_frames(error))
    return _static_page(500)


def _frames(error: Exception) -> list[str]:
    """Where it happened, without the message: that may carry what somebody typed."""
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in extract_tb(error.__traceback__)]
