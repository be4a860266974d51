"""Ends a process when the one that started it ends, however hard: the kernel closes a dead process's pipes."""

import os
import signal
import threading

VARIABLE = "PYTHOUGHTS_LIFELINE"


class Lifeline:
    """A pipe whose writing end only this process has, and never writes to."""

    def __init__(self) -> None:
        """Open the pipe."""
        self.reading_end, self._writing_end = os.pipe()

    def environment(self) -> dict[str, str]:
        """The environment for a child, which must inherit `reading_end`."""
        return {**os.environ, VARIABLE: str(self.reading_end)}


def follow_parent() -> None:
    """Ask ourselves to stop as soon as whoever started us, if it gave us a lifeline, is gone."""
    number = os.environ.pop(VARIABLE, None)
    if number is not None:
        os.set_inheritable(int(number), False)
        threading.Thread(target=_wait, args=(int(number),), daemon=True).start()


def _wait(reading_end: int) -> None:
    os.read(reading_end, 1)  # returns when the writing end is closed
    os.kill(os.getpid(), signal.SIGTERM)
