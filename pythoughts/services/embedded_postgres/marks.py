"""The files by which a server marks its data and its socket as taken, and what they are worth after a crash.

Both name a process id, which proves nothing: after a reboot, or in a new container, it may be anybody's.
"""

import os
import subprocess
from pathlib import Path


def is_alive(data: Path) -> bool:
    """Whether the process that marked `data` lives and is its server, even one that does not answer."""
    words = _lines(data / "postmaster.pid")
    return bool(words) and words[0].strip().isdigit() and str(data) in _command_line(int(words[0]))


def disown(data: Path, socket: Path) -> None:
    """Keep a dead server's marks from stopping the next one, which this very process is about to start.

    PostgreSQL gives up when a stranger has the marked id. The mark can't just go: it also names the memory that
    lets PostgreSQL see sessions which outlived their server. So it gets our id, ignored by those we start.
    """
    socket.with_name(f"{socket.name}.lock").unlink(missing_ok=True)
    mark = data / "postmaster.pid"
    lines = _lines(mark)
    if lines:
        mark.write_text("".join([f"{os.getpid()}\n", *lines[1:]]))
    else:
        mark.unlink(missing_ok=True)  # killed before it wrote a word


def _lines(mark: Path) -> list[str]:
    return mark.read_text().splitlines(keepends=True) if mark.exists() else []


def _command_line(pid: int) -> str:
    if Path("/proc/self").exists():
        cmdline = Path(f"/proc/{pid}/cmdline")
        return cmdline.read_text(errors="replace") if cmdline.exists() else ""
    asked = ["ps", "-o", "command=", "-p", str(pid)]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout  # noqa: S603 (our own words)
