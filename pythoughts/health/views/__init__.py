"""Answers for machines: alive, ready, numbers."""

from hmac import compare_digest

from flask import Blueprint, Flask, Response, jsonify, request
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from pythoughts.access import public
from pythoughts.config import Settings, current_settings, is_loopback
from pythoughts.health.metrics import Traffic, metrics_folder, report
from pythoughts.health.queries import troubles

bp = Blueprint("health", __name__)

BY_PROXY = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip")
"""Headers that a reverse proxy adds: then a peer on this machine only passes on what a stranger asked."""


def init_app(app: Flask) -> None:
    """Register the answers, and count requests from now on."""
    settings: Settings = app.extensions["settings"]
    Traffic(metrics_folder(settings.instance_dir)).init_app(app)
    app.register_blueprint(bp)


@bp.get("/healthz")
@public
def live() -> Response:
    """The process answers, whatever has become of the database."""
    return jsonify(status="ok")


@bp.get("/readyz")
@public
def ready() -> tuple[Response, int]:
    """Pages can be served, or why not."""
    reasons = troubles()
    if reasons:
        return jsonify(status="unavailable", reasons=reasons), 503
    return jsonify(status="ok"), 200


@bp.get("/metrics")
@public
def metrics() -> Response:
    """The numbers, for whoever has the token; without a token set, for this machine only."""
    settings = current_settings()
    if not _may_read(settings):
        return Response("Not for you.\n", 401, {"WWW-Authenticate": "Bearer"}, mimetype="text/plain")
    return Response(report(metrics_folder(settings.instance_dir)), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _may_read(settings: Settings) -> bool:
    if settings.metrics_token:
        given = request.headers.get("Authorization", "")
        return compare_digest(given.encode(), f"Bearer {settings.metrics_token}".encode())
    unproxied = request.environ.get("werkzeug.proxy_fix.orig", request.environ)
    return is_loopback(unproxied["REMOTE_ADDR"]) and not any(name in request.headers for name in BY_PROXY)
