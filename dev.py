#!/usr/bin/env python3
"""Set up this checkout and run things in it, with nothing but Python's standard library.

Usage:
    python3 dev.py run               start everything for development
    python3 dev.py test [options]    run the tests; options go to pytest
    python3 dev.py setup             install what is needed, build the assets, stop there
    python3 dev.py browser           find a Chromium for the browser tests, or install it as root
    python3 dev.py TOOL [options]    run any installed tool, such as ruff or flask

Every command first brings .venv up to date, which takes no time when it is. All run in the checkout's own folder.
"""

from __future__ import annotations  # lets an older Python read this file and say that it is too old

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Command = Sequence[str | Path]

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
TRANSLATIONS = ROOT / "pythoughts" / "translations"
OLDEST = (3, 11)
UNWANTED = {"PYTHONHOME", "PYTHONDONTWRITEBYTECODE"}  # the second would compile all libraries at each start
TEST_PROCESSES = 2  # the browser tests share one of them

BUILD, RUN, DEVELOP = (ROOT / f"requirements{part}.txt" for part in ("-build", "", "-dev"))
ONLY_RUNNING = {"run", "pythoughts", "flask"}  # commands that can do without the tools of development
WITH_ASSETS = {"run", "test", "setup"}

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_PLACES = (
    "~/.cache/ms-playwright/chromium-*/chrome-linux*/chrome",
    "~/Library/Caches/ms-playwright/chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
NO_CHROMIUM = """There is no Chromium for the browser tests. Install it with: sudo apt install chromium
or: python3 dev.py playwright install --with-deps chromium; or name its program in CHROMIUM."""


def main(arguments: list[str]) -> None:
    """Do what the command line asks for; does not return when that means becoming another program."""
    if sys.version_info < OLDEST:
        sys.exit("Pythoughts needs Python 3.11 or newer; name one like this: make PYTHON=python3.12 run")
    command, *options = arguments or ["help"]
    if command in {"help", "-h", "--help"}:
        print(__doc__)
        return
    os.chdir(ROOT)
    with _one_at_a_time():
        _prepare(RUN if command in ONLY_RUNNING else DEVELOP, assets=command in WITH_ASSETS)
    if command == "browser":
        need_browser()
    elif command != "setup":
        _become(*_program(command, options))


def _program(command: str, options: list[str]) -> list[str]:
    if command == "run":
        return ["pythoughts", "run", *options]
    if command == "test":
        return ["pytest", "-n", str(TEST_PROCESSES), "--dist", "loadgroup", *browser_options(), *options]
    return [command, *options]


def _become(tool: str, *options: str) -> None:
    """Turn into a program of the virtual environment, so that signals and the exit code are its own."""
    program = VENV / "bin" / tool
    if not program.exists():
        sys.exit(f"There is no {tool} in {VENV}; see: python3 dev.py help")
    sys.stdout.flush()
    os.execve(program, [tool, *options], _environment())  # noqa: S606 (no shell is wanted)


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in UNWANTED}
    return {**kept, "VIRTUAL_ENV": str(VENV), "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}


def _start(command: Command) -> subprocess.Popen[bytes]:
    return subprocess.Popen([str(part) for part in command], env=_environment())


def _run_together(commands: list[Command]) -> None:
    failed = [process for process in [_start(command) for command in commands] if process.wait()]
    if failed:
        raise subprocess.CalledProcessError(failed[0].returncode, failed[0].args)


def _run(*command: str | Path) -> None:
    _run_together([command])


# Installing


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    # `make -j` starts several of us at once.
    folder = ROOT / "instance"
    folder.mkdir(exist_ok=True)
    with (folder / "setup.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _prepare(requirements: Path, *, assets: bool) -> None:
    """Bring .venv and the assets up to date, as much as possible at once: each part keeps one processor busy."""
    missing = not _is_installed(requirements)
    if missing:
        print("Installing what Pythoughts needs into .venv; the first time this takes about a minute.", flush=True)
    install = _first_install() if missing else []
    with _assets_building() if assets else contextlib.nullcontext():
        if missing:
            parts = [[*install, "--require-hashes", "--requirement", half] for half in halves(requirements)]
            _run_together([*parts, [*install, "--no-build-isolation", "--editable", "."]])
            _remember_installed(requirements)
        if any(_is_stale(catalogue) for catalogue in TRANSLATIONS.rglob("*.po")):
            _run(PYTHON, "-m", "babel.messages.frontend", "-q", "compile", "-d", TRANSLATIONS)


def _is_stale(catalogue: Path) -> bool:
    compiled = catalogue.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < catalogue.stat().st_mtime


@contextlib.contextmanager
def _assets_building() -> Iterator[None]:
    with _start([PYTHON, ROOT / "web" / "build.py"]) as building:
        yield
    if building.returncode:
        sys.exit(building.returncode)


def halves(requirements: Path) -> Iterator[Path]:
    """Two files that together require the same; a list of everything with its dependencies can be split anywhere."""
    entries = re.split(r"\n(?=\S)", requirements.read_text(encoding="utf-8").rstrip())
    for number in range(2):
        half = VENV / f"half-{number + 1}.txt"
        half.write_text("\n".join(entries[number::2]) + "\n", encoding="utf-8")
        yield half


def _first_install() -> Command:
    """Make the environment when it is missing or was made elsewhere, and fill it with what building takes.

    Returns:
        The command that installs more; with uv, or with pip when uv is absent or fails.
    """
    uv: Command = ["uv", "pip", "install", "--quiet", "--no-deps", "--python", PYTHON]
    pip: Command = [PYTHON, "-m", "pip", "install", "--quiet", "--no-deps", "--no-compile"]
    if shutil.which("uv"):
        try:
            if not _is_ours():
                _run("uv", "venv", "--quiet", "--clear", "--python", _base_python(), VENV)
            _run(*uv, "--require-hashes", "--requirement", BUILD)
        except subprocess.CalledProcessError:
            print("uv could not do it; trying pip.", flush=True)
        else:
            return uv
    if not (_is_ours() and (VENV / "bin" / "pip").exists()):
        if importlib.util.find_spec("ensurepip") is None:
            sys.exit("This Python comes without venv; on Debian and Ubuntu: sudo apt install python3-venv")
        _run(_base_python(), "-m", "venv", "--clear", VENV)
    _run(*pip, "--require-hashes", "--requirement", BUILD)
    return pip


def _base_python() -> str:
    """The interpreter itself, should we run inside the very environment that is to be replaced."""
    return getattr(sys, "_base_executable", None) or sys.executable


def _place() -> str:
    return f"{ROOT} {sys.version_info.major}.{sys.version_info.minor}"


def _is_ours() -> bool:
    """Whether .venv was made here and for this Python; moved or upgraded, it can't be mended."""
    note = VENV / "place"
    return PYTHON.exists() and note.exists() and note.read_text(encoding="utf-8") == _place()


def _is_installed(requirements: Path) -> bool:
    """Whether .venv has these requirements in their present state; those of development include the others."""
    return _is_ours() and any(_is_stamped(each) for each in (requirements, DEVELOP))


def _is_stamped(requirements: Path) -> bool:
    stamp = _stamp(requirements)
    return stamp.exists() and stamp.read_text(encoding="utf-8") == fingerprint(requirements)


def _remember_installed(requirements: Path) -> None:
    (VENV / "place").write_text(_place(), encoding="utf-8")
    _stamp(requirements).write_text(fingerprint(requirements), encoding="utf-8")


def _stamp(requirements: Path) -> Path:
    return VENV / f"installed-{requirements.stem}"


def fingerprint(requirements: Path) -> str:
    """Changes with what is to be installed, but not with the settings of tools."""
    metadata = (ROOT / "pyproject.toml").read_bytes().split(b"\n[tool.")[0]
    return hashlib.sha256(b"\0".join([BUILD.read_bytes(), requirements.read_bytes(), metadata])).hexdigest()


# The browser


def browser_options() -> list[str]:
    """What pytest must know of the browser; the tests find it in CHROMIUM."""
    found = need_browser()
    if found is None:
        return ["-m", "not browser"]
    os.environ["CHROMIUM"] = found
    return []


def need_browser() -> str | None:
    """The Chromium to test with, installed by root where possible; under CI=true there must be one."""
    found = _find_browser()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        _install_browser()
        found = _find_browser()
    if found is None:
        if os.environ.get("CI") == "true":
            sys.exit(NO_CHROMIUM)
        print(f"{NO_CHROMIUM}\nGoing on without them.", flush=True)
    return found


def _find_browser() -> str | None:
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named) or sys.exit(f"CHROMIUM names {named}, which is no program.")
    for name in CHROMIUM_NAMES:
        if on_path := shutil.which(name):
            return on_path
    for pattern in CHROMIUM_PLACES:
        full = Path(pattern).expanduser()
        for path in sorted(Path(full.anchor).glob(str(full.relative_to(full.anchor)))):
            return str(path)
    return None


def _install_browser() -> None:
    print("Installing Chromium for the browser tests.", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
        subprocess.run(["apt-get", "-qq", *step], env=quiet, stdout=subprocess.DEVNULL, check=False)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
    except subprocess.CalledProcessError as error:
        sys.exit(f"This failed: {' '.join(error.cmd)}")
