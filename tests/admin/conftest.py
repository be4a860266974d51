"""People of three ranks and their browsers: Priya the admin, Kenji the moderator, Mira the member."""

import pytest

from tests.factories import make_user, sign_in


@pytest.fixture
def priya(app):
    """An admin."""
    return make_user("priya", role="admin")


@pytest.fixture
def kenji(app):
    """A moderator."""
    return make_user("kenji", role="moderator")


@pytest.fixture
def mira(app):
    """A member."""
    return make_user("mira")


@pytest.fixture
def admin(app, priya):
    """Priya's browser."""
    return sign_in(app.test_client(), priya, ip_address="198.51.100.1")


@pytest.fixture
def moderator(app, kenji):
    """Kenji's browser."""
    return sign_in(app.test_client(), kenji)
