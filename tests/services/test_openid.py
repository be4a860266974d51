"""What talks to OpenID Connect providers is brought in at start, where there are any."""

import subprocess
import sys

import pytest

from pythoughts.app import create_app
from pythoughts.config import ConfigError
from pythoughts.services import openid
from tests.auth.oidc_provider import CLIENT, SECRET

CLUB = {
    "OIDC_PROVIDERS": "club",
    "OIDC_CLUB_ISSUER": "https://club.example.org",
    "OIDC_CLUB_CLIENT_ID": CLIENT,
    "OIDC_CLUB_CLIENT_SECRET": SECRET,
}
LOADED = "import pythoughts.app, sys; print({'authlib', 'joserfc', 'requests'} & set(sys.modules))"


@pytest.fixture
def not_loaded(monkeypatch):
    """As in a process that has not begun yet."""
    openid.client.cache_clear()
    monkeypatch.delitem(sys.modules, openid.CLIENT, raising=False)
    yield
    openid.client.cache_clear()


@pytest.mark.parametrize("missing", ["authlib", "joserfc", "requests"])
@pytest.mark.usefixtures("not_loaded")
def test_a_provider_without_the_extra_stops_the_start(make_settings, database_url, monkeypatch, missing):
    for name in [name for name in sys.modules if name.partition(".")[0] == missing]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(ConfigError, match=r"install `pythoughts\[oidc\]`"):
        create_app(make_settings(database_url, **CLUB))
    create_app(make_settings(database_url))


@pytest.mark.usefixtures("not_loaded")
def test_another_missing_module_is_no_matter_of_configuration(monkeypatch):
    monkeypatch.setattr(openid, "CLIENT", "pythoughts.services.nowhere")
    with pytest.raises(ModuleNotFoundError):
        openid.client()


def test_without_a_provider_none_of_it_is_loaded():
    done = subprocess.run([sys.executable, "-c", LOADED], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "set()"
