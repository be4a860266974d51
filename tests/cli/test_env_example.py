"""The example of an environment."""

from pythoughts.cli.env_example import example
from pythoughts.config import VARIABLES
from pythoughts.paths import PROJECT_ROOT


def test_the_example_in_the_repository_is_the_generated_one():
    assert (PROJECT_ROOT / ".env.example").read_text() == example()


def test_the_example_names_every_variable_and_sets_none():
    lines = example().splitlines()
    assert all(any(line.startswith(f"#{variable.name}=") for line in lines) for variable in VARIABLES)
    assert all(line.startswith("#") or not line for line in lines)
