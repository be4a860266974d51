"""The set-up script: what makes it install again, and what it does without a browser."""

import re
from pathlib import Path

import pytest

import dev

PYPROJECT = """[project]
name = "pythoughts"
dependencies = ["flask"]

[tool.ruff]
line-length = 120
"""


@pytest.fixture
def requirements(tmp_path, monkeypatch) -> Path:
    """A checkout with nothing but its requirements."""
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "VENV", tmp_path)
    monkeypatch.setattr(dev, "BUILD", tmp_path / "requirements-build.txt")
    dev.BUILD.write_text("hatchling==1.0\n")
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    (tmp_path / "requirements.txt").write_text("flask==3.1\n")
    return tmp_path / "requirements.txt"


@pytest.fixture
def no_browser(monkeypatch) -> pytest.MonkeyPatch:
    """A machine without any Chromium, nor a way to install one."""
    monkeypatch.setattr(dev, "CHROMIUM_PLACES", ())
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.delenv("CI", raising=False)
    return monkeypatch


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_both_halves_together_require_the_same(name, tmp_path, monkeypatch):
    monkeypatch.setattr(dev, "VENV", tmp_path)
    whole = (Path(dev.__file__).parent / name).read_text()
    halves = [path.read_text() for path in dev.halves(Path(dev.__file__).parent / name)]
    assert sorted("".join(halves).splitlines()) == sorted(whole.splitlines())
    for half in halves:
        assert all("--hash=" in entry for entry in re.split(r"\n(?=\S)", half.strip()))


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("requirements.txt", "3.1", "3.2"),
        ("requirements-build.txt", "1.0", "1.1"),
        ("pyproject.toml", '"flask"', '"flask", "regex"'),
    ],
)
def test_changed_requirements_are_installed_again(requirements, name, old, new):
    before = dev.fingerprint(requirements)
    changed = requirements.with_name(name)
    changed.write_text(changed.read_text().replace(old, new))
    assert dev.fingerprint(requirements) != before


def test_a_tools_setting_installs_nothing(requirements):
    before = dev.fingerprint(requirements)
    (requirements.parent / "pyproject.toml").write_text(PYPROJECT.replace("120", "100"))
    assert dev.fingerprint(requirements) == before


def test_without_a_browser_its_tests_are_left_out_aloud(no_browser, capsys):
    assert dev.browser_options() == ["-m", "not browser"]
    assert "apt install chromium" in capsys.readouterr().out


def test_without_a_browser_ci_fails(no_browser):
    no_browser.setenv("CI", "true")
    with pytest.raises(SystemExit, match="no Chromium"):
        dev.need_browser()


def test_a_named_browser_is_taken(no_browser):
    no_browser.setenv("CHROMIUM", "/bin/sh")
    assert dev.need_browser() == "/bin/sh"


def test_a_wrongly_named_browser_is_refused(no_browser):
    no_browser.setenv("CHROMIUM", "/no/browser")
    with pytest.raises(SystemExit, match="/no/browser"):
        dev.need_browser()


def test_what_is_started_keeps_its_bytecode(monkeypatch, tmp_path):
    monkeypatch.setattr(dev, "VENV", tmp_path)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert "PYTHONDONTWRITEBYTECODE" not in dev._environment()
    assert dev._environment()["PATH"].startswith(str(tmp_path))
