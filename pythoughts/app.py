"""The application factory: the only module that knows every other one."""

from flask import Flask
from whitenoise import WhiteNoise

from pythoughts import access, admin, config, errors, extensions, logs, personal, web
from pythoughts.audit import personal as audit_personal
from pythoughts.auth import letters as auth_letters
from pythoughts.auth import personal as auth_personal
from pythoughts.auth import views as auth_views
from pythoughts.avatars import personal as avatars_personal
from pythoughts.avatars import views as avatars_views
from pythoughts.config import ConfigError, Settings
from pythoughts.feed import personal as feed_personal
from pythoughts.feed import views as feed_views
from pythoughts.health import views as health_views
from pythoughts.limits import personal as limits_personal
from pythoughts.mail import letters
from pythoughts.mail import personal as mail_personal
from pythoughts.moderation import personal as moderation_personal
from pythoughts.moderation import views as moderation_views
from pythoughts.notifications import letters as notifications_letters
from pythoughts.notifications import personal as notifications_personal
from pythoughts.notifications import views as notifications_views
from pythoughts.paths import INSTANCE_DIR, STATIC_DIR, TEMPLATES_DIR
from pythoughts.preferences import personal as preferences_personal
from pythoughts.preferences import views as preferences_views
from pythoughts.privacy import letters as privacy_letters
from pythoughts.privacy import personal as privacy_personal
from pythoughts.privacy import views as privacy_views
from pythoughts.search import views as search_views
from pythoughts.services import openid
from pythoughts.upkeep import letters as upkeep_letters
from pythoughts.words import personal as words_personal

FEATURES = (
    auth_views,
    avatars_views,
    preferences_views,
    privacy_views,
    feed_views,
    search_views,
    notifications_views,
    moderation_views,
    health_views,
)
OWNERS = (
    auth_personal,
    avatars_personal,
    preferences_personal,
    feed_personal,
    words_personal,
    moderation_personal,
    notifications_personal,
    mail_personal,
    audit_personal,
    privacy_personal,
    limits_personal,
)
"""Whoever knows something of people, in the order in which an export shows it."""
WRITERS = (auth_letters, privacy_letters, notifications_letters, upkeep_letters)
"""Whoever sends mail."""
POOL_TIMEOUT = 2  # seconds a request waits for a free connection before it answers 503


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application.

    Args:
        settings: what the environment decides; read from it when not given.

    Raises:
        ConfigError: a setting is missing or wrong.
    """
    settings = settings or config.load(INSTANCE_DIR)
    logs.configure()
    app = Flask("pythoughts", static_folder=None, template_folder=str(TEMPLATES_DIR))
    configure(app, settings)
    if settings.oidc_providers:
        openid.client()  # what is missing for them shows now, not when somebody wants to sign in
    web.init_app(app, settings)
    access.init_app(app)
    app.before_request(web.refuse_nul)
    app.before_request(web.check_csrf)
    extensions.init_app(app)
    errors.init_app(app)
    for owner in OWNERS:
        personal.register(owner.PARTS)
    for writer in WRITERS:
        letters.register(writer.LETTERS)
    for feature in FEATURES:
        feature.init_app(app)
    admin.init_app(app)
    serve_static(app)
    return app


def configure(app: Flask, settings: Settings) -> None:
    """Hand the settings to Flask and its extensions.

    Raises:
        ConfigError: no database is named; the command line starts the embedded one before it comes here.
    """
    if settings.database_url is None:
        raise ConfigError("DATABASE_URL is not set. `pythoughts run` starts a database of its own.")
    app.extensions["settings"] = settings
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={
            "hide_parameters": True,
            "pool_size": config.THREADS,
            "max_overflow": 2,
            "pool_timeout": POOL_TIMEOUT,
            "connect_args": {"connect_timeout": POOL_TIMEOUT, "application_name": "pythoughts"},
        },
        BABEL_DEFAULT_LOCALE="en",
        BABEL_DEFAULT_TIMEZONE="UTC",
        MAIL_DEFAULT_SENDER=settings.mail_from,
    )


def serve_static(app: Flask) -> None:
    """Answer /static/ before Flask sees it; hashed names are cached for ever."""
    files = WhiteNoise(app.wsgi_app, max_age=3600, immutable_file_test=_is_hashed)
    files.add_files(str(STATIC_DIR), prefix="static/")
    files.add_files(str(STATIC_DIR / "root"))  # what browsers and robots expect at the top: /robots.txt
    app.wsgi_app = files  # type: ignore[method-assign]


def _is_hashed(_path: str, url: str) -> bool:
    return url.startswith("/static/build/")
