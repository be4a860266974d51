"""Puts the built assets and the compiled translations into every wheel and source archive."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class AssetsHook(BuildHookInterface[Any]):
    """Builds the assets before the files of a release are gathered."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 (the base class names it)
        """Build what is out of date; needs Node only then. A checkout's own assets are built by dev.py."""
        if version != "editable":
            root = Path(self.root)
            compiling = ["-m", "babel.messages.frontend", "-q", "compile", "-d", root / "pythoughts" / "translations"]
            subprocess.run([sys.executable, root / "web" / "build.py"], check=True)
            subprocess.run([sys.executable, *compiling], check=True)
