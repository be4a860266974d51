"""Three people who talk, and what each of them is told."""

import pytest
from sqlalchemy import select

from pythoughts.auth.models import User
from pythoughts.db import db
from pythoughts.notifications.models import Notification
from tests.factories import make_user, sign_in


@pytest.fixture
def ada(app) -> User:
    """A member."""
    return make_user("ada", name="Ada Lovelace")


@pytest.fixture
def grace(app) -> User:
    """Another member."""
    return make_user("grace", name="Grace Hopper")


@pytest.fixture
def kenji(app) -> User:
    """A moderator."""
    return make_user("kenji", role="moderator")


@pytest.fixture
def adas(client, ada):
    """Ada's browser."""
    return sign_in(client, ada)


def told(user: User) -> list[str]:
    """The kinds of what somebody was told, shown or not, in order."""
    db.session.rollback()
    mine = select(Notification.kind).where(Notification.user_id == user.id)
    return list(db.session.scalars(mine.order_by(Notification.id)))
