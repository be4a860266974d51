"""Account pages, and who the visitor of any page is."""

from flask import Flask

from pythoughts.auth.browser import load_user, note_device, write_cookie
from pythoughts.auth.views import (
    confirm,
    email_undo,
    impersonation,
    openid,
    passkey,
    password,
    second_step,
    sign_in,
    sign_up,
    verify,
)
from pythoughts.auth.views.blueprint import bp
from pythoughts.extensions import login_manager
from pythoughts.services.openid import providers

PAGES = (confirm, sign_up, sign_in, passkey, openid, second_step, verify, password, email_undo, impersonation)


def init_app(app: Flask) -> None:
    """Register the pages, and let session rows decide who is signed in.

    Flask-Login would take any `remember_token` cookie for a sign-in that the rows know nothing of: its cookie gets a
    name that it is never given. Its own hook would make every answer, avatars too, vary by cookie.
    """
    app.config["REMEMBER_COOKIE_NAME"] = "pythoughts_unused"
    app.after_request_funcs[None].remove(login_manager._update_remember_cookie)
    login_manager.request_loader(load_user)
    app.jinja_env.globals["identity_providers"] = providers
    app.before_request(note_device)
    app.before_request(second_step.require_of_staff)
    app.before_request(confirm.enforce_proof)
    app.after_request(write_cookie)
    app.register_blueprint(bp)
