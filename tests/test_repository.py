"""What may be in a committed file; beside each rule the proof that it bites."""

import pytest

from pythoughts.paths import PROJECT_ROOT
from tests.guards import repository

ENVIRONMENTS = {".env.example", "compose.yaml", "nixpacks.toml", "Dockerfile"}


def offenders(checker):
    found = {}
    for path in repository.tracked():
        if hits := list(checker(path.read_text(encoding="utf-8", errors="replace"))):
            found[str(path.relative_to(PROJECT_ROOT))] = hits
    return found


def test_no_file_names_a_registry():
    assert offenders(repository.registry_hosts) == {}


def test_a_registry_is_seen():
    assert list(repository.registry_hosts("https://files." + "pythonhosted" + ".org/x")) == ["pythonhosted" + ".org"]


def test_this_machines_own_registry_is_seen(monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example.net/simple")
    assert list(repository.registry_hosts("url = mirror.example.net")) == ["mirror.example.net"]


def test_no_file_names_a_place_of_one_machine():
    assert offenders(repository.machine_paths) == {}


@pytest.mark.parametrize("place", ["root", "work", "home/ada", "Users/ada"])
def test_a_place_of_one_machine_is_seen(place):
    assert list(repository.machine_paths(f"open('/{place}/notes.txt')")) == [f"/{place}/"]


@pytest.mark.parametrize("text", ["templates/root/x", "${HOME}/root/x", "/home/app/x", "below /root, say"])
def test_places_that_mean_no_machine_pass(text):
    assert list(repository.machine_paths(text)) == []


def test_no_file_holds_a_secret():
    assert offenders(repository.secrets) == {}


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN " + "RSA PRIVATE KEY-----",
        "AKIA" + "ABCDEFGHIJKLMNOP",
        "ghp" + "_" + "a1" * 18,
        "eyJ" + "hbGciOiJIUzI1" + ".eyJ" + "zdWIiOiIxMjM0" + ".sig",
        "$argon2id$v=19$m=19456,t=2,p=1$" + "c29tZXNhbHQxMjM0",
        "postgresql://pythoughts:" + "vK3m9qLw2x@db/pythoughts",
    ],
)
def test_a_secret_is_seen(text):
    assert list(repository.secrets(text))


def test_example_credentials_pass():
    assert (
        list(repository.secrets("postgresql://user:password@host:5432/pythoughts smtp://user:${PASSWORD}@mail")) == []
    )


def test_examples_set_no_secret():
    paths = [path for path in repository.tracked() if path.name in ENVIRONMENTS]
    assert [value for path in paths for value in repository.assigned_secrets(path.read_text(encoding="utf-8"))] == []


def test_a_secret_in_an_example_is_seen():
    assert list(repository.assigned_secrets("SECRET_KEY=\n  METRICS_TOKEN=abc123\nSMTP_PASSWORD=${X}")) == ["abc123"]


def test_what_setting_up_makes_is_not_committed():
    names = {str(path.relative_to(PROJECT_ROOT)) for path in repository.tracked()}
    made = {name for name in names if name.startswith(("instance/", ".venv/", "pythoughts/static/build/"))}
    assert made <= {"instance/README.md"}
