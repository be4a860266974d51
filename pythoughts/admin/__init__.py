"""The back office: a Flask-Admin frame whose every write goes through the use cases."""

from flask import Flask
from flask_admin import Admin

from pythoughts.admin.audit import AuditView
from pythoughts.admin.base import THEME, ahead
from pythoughts.admin.deeds import deed
from pythoughts.admin.health import HealthView
from pythoughts.admin.home import Home
from pythoughts.admin.jobs import JobsView
from pythoughts.admin.letters import LettersView
from pythoughts.admin.outbox import OutboxView
from pythoughts.admin.posts import PostsView
from pythoughts.admin.privacy import email_for, half_of_ip, ip_for
from pythoughts.admin.reports import ReportsView
from pythoughts.admin.review import ReviewView
from pythoughts.admin.sessions import SessionsView
from pythoughts.admin.settings import SettingsView
from pythoughts.admin.users import UsersView
from pythoughts.admin.verifications import VerificationsView
from pythoughts.admin.words import WordsView
from pythoughts.audit.models import AuditLog
from pythoughts.auth.models import Session, User, Verification
from pythoughts.feed.models import Post
from pythoughts.i18n import _
from pythoughts.jobs.models import Job
from pythoughts.mail.models import OutboxMail
from pythoughts.moderation.models import Report
from pythoughts.services.browsers import device
from pythoughts.words.models import WatchedWord

FILTERS = {
    "ahead": ahead,
    "deed": deed,
    "device": device,
    "email_for": email_for,
    "half_of_ip": half_of_ip,
    "ip_for": ip_for,
}
LISTS = (
    (UsersView, User, _("Members"), "users", "people", "users"),
    (SessionsView, Session, _("Sessions"), "sessions", "people", "monitor"),
    (VerificationsView, Verification, _("Verifications"), "verifications", "people", "mail-check"),
    (ReportsView, Report, _("Reports"), "reports", "content", "flag"),
    (PostsView, Post, _("Thoughts"), "posts", "content", "message-circle"),
    (WordsView, WatchedWord, _("Watched words"), "words", "content", "hash"),
    (JobsView, Job, _("Jobs"), "jobs", "system", "timer"),
    (OutboxView, OutboxMail, _("Mail outbox"), "outbox", "system", "mail"),
    (AuditView, AuditLog, _("Audit log"), "audit", "system", "history"),
)
"""Each list: its view, table, name, address below /admin, group in the menu, and icon."""


def init_app(app: Flask) -> None:
    """Mount the back office at /admin; views are made anew for each app."""
    app.jinja_env.filters.update(FILTERS)
    home = Home(name=_("Overview"), menu_icon_value="layout-dashboard")
    desk = Admin(app, name="Pythoughts", index_view=home, theme=THEME)
    desk.add_view(ReviewView(_("Review queue"), endpoint="admin_review", url="review", menu_icon_value="inbox"))
    for view, model, name, url, group, glyph in LISTS:
        desk.add_view(view(model, name, endpoint=f"admin_{url}", url=url, category=group, menu_icon_value=glyph))
    desk.add_view(LettersView(_("Letters"), endpoint="admin_letters", url="outbox/letters"))
    settings = SettingsView(
        _("Settings"), category="system", endpoint="admin_settings", url="settings", menu_icon_value="settings"
    )
    desk.add_view(settings)
    health = HealthView(
        _("Health"), category="system", endpoint="admin_health", url="health", menu_icon_value="activity"
    )
    desk.add_view(health)
