"""Ada, her browser, and a visitor's."""

import pytest

from tests.factories import make_user, sign_in


@pytest.fixture
def ada(app):
    """A member."""
    return make_user("ada")


@pytest.fixture
def mine(client, ada):
    """Ada's browser."""
    return sign_in(client, ada)


@pytest.fixture
def visitor(app):
    """A browser that nobody is signed in to."""
    return app.test_client()
