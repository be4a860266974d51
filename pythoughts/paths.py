"""Where the project keeps its top-level folders, in a checkout and in an installed wheel."""

import os
from pathlib import Path

PACKAGE_DIR = Path(__file__).resolve().parent
PROJECT_ROOT = PACKAGE_DIR.parent
STATIC_DIR = PACKAGE_DIR / "static"


def _top_level(name: str) -> Path:
    """A folder that stands beside the package in a checkout and inside it in a wheel."""
    installed = PACKAGE_DIR / name
    return installed if installed.is_dir() else PROJECT_ROOT / name


def _instance_dir() -> Path:
    """`INSTANCE_DIR` when set; else `instance/` of the checkout, or of the working folder for a wheel."""
    if chosen := os.environ.get("INSTANCE_DIR"):
        return Path(chosen).resolve()
    in_checkout = (PROJECT_ROOT / "pyproject.toml").is_file()
    return (PROJECT_ROOT if in_checkout else Path.cwd()) / "instance"


TEMPLATES_DIR = _top_level("templates")
MIGRATIONS_DIR = _top_level("migrations")
INSTANCE_DIR = _instance_dir()
