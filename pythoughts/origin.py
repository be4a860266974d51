"""Where the work at hand comes from: a request, a job, the command line. Kept out of the logs."""

from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Origin:
    """What the audit log and new sessions note about their cause.

    Attributes:
        request_id: the id that the answer and every log line carry.
        ip_address: the client's address, None for jobs and the command line.
        user_agent: what the browser says of itself.
        device: the random value by which a browser is known again, as its cookie carries it.
        is_unchecked: nothing has shown that a person sits there, where that is usually shown.
    """

    request_id: str | None = None
    ip_address: str | None = None
    user_agent: str | None = None
    device: str | None = field(default=None, repr=False)
    is_unchecked: bool = False


NOWHERE = Origin()
_current: ContextVar[Origin] = ContextVar("origin", default=NOWHERE)


def current_origin() -> Origin:
    """The origin of the work at hand."""
    return _current.get()


def set_origin(origin: Origin) -> None:
    """Say where the work at hand comes from, until the next call in this context."""
    _current.set(origin)
