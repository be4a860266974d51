"""CPU time of processes, as the kernel accounts for it."""

import os
from collections.abc import Iterator
from pathlib import Path

TICK = 1 / os.sysconf("SC_CLK_TCK")  # seconds
PROC = Path("/proc")


def tree(root: int) -> Iterator[int]:
    """A process and all below it."""
    yield root
    for child in _children(root):
        yield from tree(child)


def cpu_seconds(root: int) -> float:
    """User and system time of a process, of all below it, and of those below it that have ended."""
    return sum(_times(process) for process in tree(root))


def resident_bytes(process: int) -> int:
    """Memory that a process holds (RSS)."""
    for line in (PROC / str(process) / "status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


def pin(root: int, core: int) -> None:
    """Keep a process, and whatever it starts, on one core."""
    for process in tree(root):
        os.sched_setaffinity(process, {core})


def _times(process: int) -> float:
    try:
        fields = (PROC / str(process) / "stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:  # it has just ended: its parent has its time by now
        return 0.0
    return sum(int(ticks) for ticks in fields[11:15]) * TICK  # utime, stime and those of ended children


def _children(process: int) -> list[int]:
    try:
        return [
            int(child)
            for task in (PROC / str(process) / "task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    except FileNotFoundError:
        return []
