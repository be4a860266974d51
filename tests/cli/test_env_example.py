"""The example of an environment."""

import re

from pythoughts.cli.env_example import OUTSIDE, example
from pythoughts.config import VARIABLES
from pythoughts.paths import PROJECT_ROOT


def test_the_example_in_the_repository_is_the_generated_one():
    assert (PROJECT_ROOT / ".env.example").read_text() == example()


def test_the_example_names_every_variable_and_sets_none():
    lines = example().splitlines()
    assert all(any(line.startswith(f"#{variable.name}=") for line in lines) for variable in VARIABLES)
    assert all(line.startswith("#") or not line for line in lines)


def test_the_composed_site_knows_every_variable():
    """Those of providers have names of their own: they come from .env as they are."""
    composed = (PROJECT_ROOT / "compose.yaml").read_text()
    site = composed.partition("services:")[0]
    assert set(re.findall(r"^    ([A-Z_]+): ", site, re.MULTILINE)) == {each.name for each in (*VARIABLES, *OUTSIDE)}
    assert "env_file: [{path: .env" in site
