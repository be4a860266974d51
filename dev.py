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
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed"
LOCK = ROOT / "requirements-dev.txt"
OLDEST = (3, 11)
WORKERS = 2  # test processes; the browser tests share one of them

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_PLACES = (
    "~/.cache/ms-playwright/chromium-*/chrome-linux*/chrome",
    "~/Library/Caches/ms-playwright/chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


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
        _install()
        if command in {"run", "test", "setup"}:
            _build_assets()
    if command == "browser":
        _need_browser()
    elif command != "setup":
        _become(*_program(command, options))


def _program(command: str, options: list[str]) -> list[str]:
    if command == "run":
        return ["pythoughts", "run", *options]
    if command == "test":
        return ["pytest", "-n", str(WORKERS), "--dist", "loadgroup", *_browser_options(), *options]
    return [command, *options]


def _become(tool: str, *options: str) -> None:
    """Turn into a program of the virtual environment, so that signals and the exit code are its own."""
    program = VENV / "bin" / tool
    if not program.exists():
        sys.exit(f"There is no {tool} in {VENV}; see: python3 dev.py help")
    sys.stdout.flush()
    os.execve(program, [tool, *options], _environment())  # noqa: S606 (no shell is wanted)


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONHOME"}
    return {**kept, "VIRTUAL_ENV": str(VENV), "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    # `make -j` starts several of us at once.
    folder = ROOT / "instance"
    folder.mkdir(exist_ok=True)
    with (folder / "setup.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _install() -> None:
    wanted = _fingerprint()
    kept = STAMP.read_text(encoding="utf-8") if STAMP.exists() else ""
    if kept == wanted and PYTHON.exists():
        return
    print("Installing what Pythoughts needs into .venv (the first time takes about a minute)", flush=True)
    moved = kept.split("\n")[0] != wanted.split("\n")[0]
    install = _install_with_uv if shutil.which("uv") else _install_with_pip
    install(fresh=moved or not PYTHON.exists())
    STAMP.write_text(wanted, encoding="utf-8")


def _fingerprint() -> str:
    """What an installation depends on: first line, where and with which Python; second line, which packages."""
    place = f"{ROOT} {sys.version_info.major}.{sys.version_info.minor}"
    metadata = (ROOT / "pyproject.toml").read_text(encoding="utf-8").split("\n[tool.")[0]
    return f"{place}\n{hashlib.sha256(LOCK.read_bytes() + metadata.encode()).hexdigest()}"


def _install_with_uv(*, fresh: bool) -> None:
    if fresh:
        _run("uv", "venv", "--quiet", "--clear", "--python", _base_python(), VENV)
    _run("uv", "pip", "sync", "--quiet", "--require-hashes", "--python", PYTHON, LOCK)
    _run("uv", "pip", "install", "--quiet", "--python", PYTHON, "--no-deps", "--no-build-isolation", "--editable", ".")


def _install_with_pip(*, fresh: bool) -> None:
    with_pip = importlib.util.find_spec("ensurepip") is not None
    if not with_pip and importlib.util.find_spec("pip") is None:
        sys.exit("This Python comes without venv and pip; on Debian and Ubuntu: sudo apt install python3-venv")
    if fresh or (with_pip and not (VENV / "bin" / "pip").exists()):  # uv leaves pip out
        _run(_base_python(), "-m", "venv", "--clear", *([] if with_pip else ["--without-pip"]), VENV)
    pip: list[str | Path] = [PYTHON, "-m", "pip"] if with_pip else [sys.executable, "-m", "pip", "--python", PYTHON]
    install = [*pip, "install", "--quiet", "--disable-pip-version-check"]
    _run(*install, "--require-hashes", "--requirement", LOCK)
    _run(*install, "--no-deps", "--no-build-isolation", "--editable", ".")


def _base_python() -> str:
    """The interpreter itself, should we run inside the very environment that is to be replaced."""
    return getattr(sys, "_base_executable", None) or sys.executable


def _build_assets() -> None:
    _run(PYTHON, ROOT / "web" / "build.py")


def _browser_options() -> list[str]:
    found = _need_browser()
    if found is None:
        return ["-m", "not browser"]
    os.environ["CHROMIUM"] = found
    return []


def _need_browser() -> str | None:
    """The Chromium to test with, installed by root where possible; under CI=true there must be one."""
    found = _find_browser()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        _install_browser()
        found = _find_browser()
    if found is None:
        advice = (
            "There is no Chromium for the browser tests. Install it with: sudo apt install chromium\n"
            "or: python3 dev.py playwright install --with-deps chromium; or name its program in CHROMIUM."
        )
        if os.environ.get("CI") == "true":
            sys.exit(advice)
        print(f"{advice}\nGoing on without them.", flush=True)
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
    print("Installing Chromium for the browser tests", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
        subprocess.run(["apt-get", "-qq", *step], env=quiet, stdout=subprocess.DEVNULL, check=False)


def _run(*command: str | Path) -> None:
    subprocess.run([str(part) for part in command], env=_environment(), check=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
    except subprocess.CalledProcessError as error:
        sys.exit(f"This failed: {' '.join(error.cmd)}")
