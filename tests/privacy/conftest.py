"""Everybody here comes from nowhere unless a test says where."""

import io
import logging

import pytest

from pythoughts import logs
from pythoughts.auth.models import User
from pythoughts.origin import NOWHERE, set_origin
from tests.factories import make_user


@pytest.fixture(autouse=True)
def _from_nowhere():
    set_origin(NOWHERE)
    yield
    set_origin(NOWHERE)


@pytest.fixture(autouse=True)
def instance(app, tmp_path, monkeypatch):
    """A folder for the files of this test alone."""
    settings = app.extensions["settings"]
    monkeypatch.setitem(app.extensions, "settings", type(settings)(**{**vars(settings), "instance_dir": tmp_path}))
    return tmp_path


@pytest.fixture
def ada(app) -> User:
    """A member."""
    return make_user("ada", name="Ada Lovelace")


@pytest.fixture
def root(app) -> User:
    """An admin."""
    return make_user("root.of.all", role="admin")


@pytest.fixture
def log():
    """Everything that is logged during the test, as text."""
    logs.configure()
    (handler,) = logging.getLogger().handlers
    written = io.StringIO()
    usual = handler.setStream(written)
    yield written
    handler.setStream(usual)
