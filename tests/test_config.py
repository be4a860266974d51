"""Settings: what is read, what is refused, and in which words."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from pythoughts.config import VARIABLES, ConfigError, load

GOOD = {"SECRET_KEY": "Zq3-" * 12 + "random", "DATABASE_URL": "postgresql://u:p@db.internal/pythoughts"}


def test_postgres_scheme_is_accepted_and_names_the_driver(tmp_path):
    settings = load(tmp_path, {**GOOD, "DATABASE_URL": "postgres://u:p@h/d"})
    assert settings.database_url == "postgresql+psycopg://u:p@h/d"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://root@h/d"),
        ("DATABASE_URL", "h:5432"),
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("PORT", "-1"),
        ("PORT", "٣"),
        ("PUBLIC_URL", "community.example.org"),
        ("PUBLIC_URL", "https://community.example.org/path"),
        ("SMTP_URL", "https://mail.example.org"),
        ("MAIL_FROM", "nobody"),
        ("MAIL_FROM", "a@b\nBcc: c@d"),
        ("PROXY_HOPS", "99"),
        ("PYTHOUGHTS_DEVELOPMENT", "yes"),
        ("SECRET_KEY", "changeme"),
        ("SECRET_KEY", "a" * 64),
    ],
)
def test_a_wrong_value_names_its_variable(tmp_path, name, value):
    with pytest.raises(ConfigError, match=f"^{name} "):
        load(tmp_path, {**GOOD, name: value})


def test_a_wrong_secret_is_not_repeated(tmp_path):
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, {**GOOD, "DATABASE_URL": "mysql://root:hunter2@h/d"})
    assert "hunter2" not in str(caught.value)


def test_secrets_are_not_shown_by_repr(tmp_path):
    settings = load(tmp_path, {**GOOD, "SMTP_URL": "smtp://me:hunter2@mail"})
    assert "hunter2" not in repr(settings)
    assert "db.internal" not in repr(settings)
    assert GOOD["SECRET_KEY"] not in repr(settings)


def test_a_secret_is_read_from_its_file(tmp_path):
    (tmp_path / "url").write_text("postgresql://u@h/d\n")
    settings = load(tmp_path, {"SECRET_KEY": GOOD["SECRET_KEY"], "DATABASE_URL_FILE": str(tmp_path / "url")})
    assert settings.database_url == "postgresql+psycopg://u@h/d"


def test_a_missing_secret_file_is_named(tmp_path):
    with pytest.raises(ConfigError, match="SECRET_KEY_FILE"):
        load(tmp_path, {"SECRET_KEY_FILE": str(tmp_path / "gone")})


def test_the_key_of_an_installation_is_made_once_and_private(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        keys = {settings.secret_key for settings in pool.map(lambda _n: load(tmp_path, {}), range(8))}
    assert len(keys) == 1
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_public_url_defaults_to_loopback_only(tmp_path):
    assert load(tmp_path, {**GOOD, "PORT": "9000"}).public_url == "http://localhost:9000"
    with pytest.raises(ConfigError, match="PUBLIC_URL must be set"):
        load(tmp_path, {**GOOD, "HOST": "0.0.0.0"})  # noqa: S104


def test_captcha_keys_come_together(tmp_path):
    with pytest.raises(ConfigError, match="TURNSTILE_SITE_KEY and TURNSTILE_SECRET_KEY"):
        load(tmp_path, {**GOOD, "TURNSTILE_SITE_KEY": "0x4"})


def test_every_variable_says_what_it_is_for():
    assert all(variable.help.endswith(".") for variable in VARIABLES)


CLUB = {
    "OIDC_PROVIDERS": "my-club",
    "OIDC_MY_CLUB_ISSUER": "https://club.example.org/realm",
    "OIDC_MY_CLUB_CLIENT_ID": "here",
    "OIDC_MY_CLUB_CLIENT_SECRET": "hunter2",
}


def test_providers_are_read_by_their_names(tmp_path):
    (tmp_path / "secret").write_text("from a file\n")
    by_file = {**CLUB, "OIDC_MY_CLUB_CLIENT_SECRET": "", "OIDC_MY_CLUB_CLIENT_SECRET_FILE": str(tmp_path / "secret")}
    (club,) = load(tmp_path, {**GOOD, **by_file}).oidc_providers
    assert (club.name, club.label, club.client_secret) == ("my-club", "My club", "from a file")
    assert load(tmp_path, GOOD).oidc_providers == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OIDC_PROVIDERS", "Club"),
        ("OIDC_PROVIDERS", "a/b"),
        ("OIDC_PROVIDERS", "my-club,my-club"),
        ("OIDC_PROVIDERS", "credential"),
        ("OIDC_MY_CLUB_ISSUER", ""),
        ("OIDC_MY_CLUB_ISSUER", "http://club.example.org"),
        ("OIDC_MY_CLUB_CLIENT_ID", ""),
        ("OIDC_MY_CLUB_CLIENT_SECRET", ""),
    ],
)
def test_a_wrong_provider_names_its_variable(tmp_path, name, value):
    with pytest.raises(ConfigError, match=f"^{name} "):
        load(tmp_path, {**GOOD, **CLUB, name: value})


def test_the_secret_of_a_provider_is_not_shown(tmp_path):
    assert "hunter2" not in repr(load(tmp_path, {**GOOD, **CLUB}))
