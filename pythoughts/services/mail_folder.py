"""A folder that takes mail when there is no server for it."""

import os
import tempfile
from pathlib import Path


def keep(folder: Path, name: str, content: bytes) -> None:
    """Write `<name>.eml`, whole or not at all, for nobody but us to read: it holds codes and links."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=folder)  # made with mode 0600
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    Path(draft).replace(folder / f"{name}.eml")


def forget(folder: Path, name: str) -> None:
    """Delete `<name>.eml`; nothing happens when there is none."""
    (folder / f"{name}.eml").unlink(missing_ok=True)
