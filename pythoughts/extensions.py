"""Flask extensions, made once without an app and bound in the factory."""

from flask import Flask
from flask_babel import Babel
from flask_login import LoginManager
from flask_mail import Mail
from flask_migrate import Migrate
from flask_wtf import CSRFProtect

from pythoughts import i18n
from pythoughts.db import db, leave_database, watch
from pythoughts.paths import MIGRATIONS_DIR

babel = Babel()
csrf = CSRFProtect()
login_manager = LoginManager()
mail = Mail()
migrate = Migrate(directory=str(MIGRATIONS_DIR))

login_manager.session_protection = None  # it trusts a header that clients send


def init_app(app: Flask) -> None:
    """Bind every extension to `app`."""
    db.init_app(app)
    with app.app_context():
        watch(db.engine)
    app.teardown_appcontext(leave_database)
    migrate.init_app(app, db)
    babel.init_app(app)
    i18n.init_app(app)
    login_manager.init_app(app, add_context_processor=False)  # templates use `me`; error pages must not load anybody
    mail.init_app(app)
    csrf.init_app(app)
