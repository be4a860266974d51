"""Every template: it compiles, declares what it needs, and asks for nothing that the policy or the build refuses."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from jinja2 import Environment, meta

from pythoughts.paths import PACKAGE_DIR, PROJECT_ROOT, TEMPLATES_DIR

LINES_MAX = 150
TEMPLATES = sorted(path.relative_to(TEMPLATES_DIR).as_posix() for path in TEMPLATES_DIR.rglob("*.html"))
PAGES = [name for name in TEMPLATES if not name.startswith("email/")]  # mail programs know no style sheets
PARTIALS = [name for name in PAGES if name.rpartition("/")[2].startswith("_") and not name.startswith("_macros/")]
MACROS = [name for name in PAGES if name.startswith("_macros/")]

INPUTS = re.compile(r"\{# inputs: (?P<names>.+?)(?:\. .*)? #\}")
INPUT = re.compile(r"\b([a-z_]\w*) \([^()]+\)")
REFUSED = {
    "inline style": re.compile(r"\sstyle\s*=|<style\b"),
    "inline script": re.compile(r"<script(?![^>]*\ssrc=)"),
    "event attribute": re.compile(r"\son[a-z]+\s*=\s*[\"']"),
    "script in htmx": re.compile(r"\bhx-on\b|[\"'{]js:|javascript:"),
    "filter on a trigger": re.compile(r"hx-trigger=[\"'][^\"']*\["),
}
ASSET = re.compile(r"""\basset\(["']([^"']+)["']\)""")
ICON = re.compile(r"""(?:\b(?:icon|empty)\(\s*|\bglyph\s*=\s*)["']([a-z0-9-]+)["']""")
ONCE = re.compile(r"""\bonce\(\s*["']([^"']+)["']""")
OF_THE_REQUEST = {"csrf_token", "current_user", "g", "get_flashed_messages", "my_choices", "request", "session"}
COMPUTED_ICON = re.compile(r"""\.(?:icon|empty)\(\s*(?!["']|glyph\b)""")


def source(name: str) -> str:
    return (TEMPLATES_DIR / name).read_text(encoding="utf-8")


def outside(environment: Environment, name: str) -> set[str]:
    """Names that a template takes from outside, other than what every template has."""
    return meta.find_undeclared_variables(environment.parse(source(name))) - set(environment.globals)


def declared(name: str) -> set[str]:
    found = INPUTS.match(source(name))
    assert found, f"{name} does not begin with its inputs"
    return set(INPUT.findall(found["names"]))


@pytest.fixture(scope="module")
def build() -> Path:
    subprocess.run([sys.executable, PROJECT_ROOT / "web" / "build.py"], check=True, capture_output=True)
    return PROJECT_ROOT / "pythoughts" / "static" / "build"


@pytest.fixture
def environment(app) -> Environment:
    """The environment in which the app renders."""
    return app.jinja_env


def test_every_template_compiles(environment):
    for name in environment.list_templates(filter_func=lambda name: (TEMPLATES_DIR / name).is_file()):
        environment.get_template(name)


def test_partials_declare_exactly_what_they_use(environment):
    wrong = {name: declared(name) ^ outside(environment, name) for name in PARTIALS}
    assert {name: names for name, names in wrong.items() if names} == {}


def remembered() -> set[str]:
    """Partials that are rendered once and shown to everybody for whom the values are the same."""
    sources = [*map(source, PAGES), *(path.read_text(encoding="utf-8") for path in PACKAGE_DIR.rglob("*.py"))]
    return {name for text in sources for name in ONCE.findall(text)}


def with_imports(environment: Environment, name: str) -> set[str]:
    """A template and whatever it takes in, however deep."""
    tree = environment.parse(source(name))
    return {name}.union(*(with_imports(environment, each or "") for each in meta.find_referenced_templates(tree)))


def test_what_is_remembered_asks_for_nothing_of_the_request(environment):
    names = {each for name in remembered() for each in with_imports(environment, name)}
    asked = {name: meta.find_undeclared_variables(environment.parse(source(name))) & OF_THE_REQUEST for name in names}
    assert "feed/_post.html" in names
    assert {name: found for name, found in asked.items() if found} == {}


def test_macros_need_nothing_from_the_page(environment):
    needed = {name: outside(environment, name) for name in MACROS}
    assert {name: names for name, names in needed.items() if names} == {}


@pytest.mark.parametrize("what", REFUSED)
def test_nothing_in_a_page_is_refused_by_the_policy(what):
    assert [name for name in PAGES if REFUSED[what].search(source(name))] == []


@pytest.mark.parametrize(
    ("what", "markup"),
    [
        ("inline style", '<p style="color: red">'),
        ("inline script", "<script>go()</script>"),
        ("event attribute", '<a onclick="go()">'),
        ("script in htmx", "<a hx-on:click='go()'>"),
        ("script in htmx", """<a hx-vals='js:{"a": 1}'>"""),
        ("filter on a trigger", '<a hx-trigger="click[ctrlKey]">'),
    ],
)
def test_what_is_refused_would_be_seen(what, markup):
    assert REFUSED[what].search(markup)


def test_pages_ask_only_for_assets_that_exist(build):
    manifest = json.loads((build / "manifest.json").read_text())
    asked = {asset for name in PAGES for asset in ASSET.findall(source(name))}
    assert asked
    assert asked - set(manifest) == set()


def test_pages_show_only_icons_that_exist(build):
    manifest = json.loads((build / "manifest.json").read_text())
    symbols = set(re.findall(r'<symbol id="([^"]+)"', (build / manifest["icons.svg"]).read_text()))
    shown = {icon for name in PAGES for icon in ICON.findall(source(name))}
    assert shown
    assert shown - symbols == set()


def test_icons_chosen_at_run_time_are_named_for_the_build():
    unnamed = [name for name in PAGES if COMPUTED_ICON.search(source(name)) and "{# icons:" not in source(name)]
    assert unnamed == []


def test_templates_stay_short():
    assert {name: n for name in TEMPLATES if (n := len(source(name).splitlines())) > LINES_MAX} == {}
