"""File locks: the kernel drops them when their holder dies, so a `kill -9` leaves nothing to clean up."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold `path` alone, waiting for whoever has it."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class Share:
    """One process's share in something that lives as long as anybody holds a share in it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None

    @property
    def held(self) -> bool:
        """Whether this share is taken."""
        return self._file is not None

    def take(self) -> None:
        """Hold a share from now on; taking it twice is taking it once."""
        if self._file is None:
            self._file = self._path.open("a")
            fcntl.flock(self._file, fcntl.LOCK_SH)

    def give_back(self) -> None:
        """Hold no share any more."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def is_last(self) -> bool:
        """Whether nobody else holds a share; only meaningful while nobody else can take or give back one."""
        if self._file is None:
            return False
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
