"""Find the tasks of every feature."""

import importlib
import importlib.util
import pkgutil

import pythoughts


def import_tasks() -> None:
    """Import `tasks.py` of every feature, so that the queue knows what can be run, and when."""
    for package in pkgutil.iter_modules(pythoughts.__path__, "pythoughts."):
        if package.ispkg and importlib.util.find_spec(f"{package.name}.tasks"):
            importlib.import_module(f"{package.name}.tasks")
