"""What letters there are, who fills each of them, and what they say to somebody who does not exist."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from pythoughts.i18n import Text


@dataclass(frozen=True)
class Letter:
    """Everything that turns a template into one mail; made when it is sent, never stored.

    Attributes:
        to: the address on record.
        name: whom to greet.
        values: what the template uses besides what every letter has (`delivery.write`).
        language: of the reader, as in "en" or "pt_BR".
        instead: the kind of letter that says it, when it is not the one that was asked for.
        headers: further lines for mail programs.
    """

    to: str = field(repr=False)
    name: str = field(repr=False)
    values: Mapping[str, Any] = field(default_factory=dict, repr=False)
    language: str = "en"
    instead: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


class Builder(Protocol):
    """Fills a letter from ids, or answers None when it is not worth sending any more."""

    def __call__(self, *, user_id: str | None, ref_id: str | None) -> Letter | None:
        """The letter as of now."""


Sample = Callable[[str], Mapping[str, Any]]


def plain(home: str) -> Mapping[str, Any]:  # noqa: ARG001  (every sample gets it)
    """The sample of a letter that says the same to everybody."""
    return {}


@dataclass(frozen=True)
class Kind:
    """A letter that the site can send.

    Attributes:
        template: its texts are `email/<template>.txt` and `.html`.
        subject: in its reader's language.
        build: fills it.
        samples: what a preview is filled with, one for each thing that it can say; they get the site's address.
    """

    template: str
    subject: Text
    build: Builder
    samples: tuple[Sample, ...] = (plain,)


KINDS: dict[str, Kind] = {}
Speech = Callable[[str], str | None]
_speech: list[Speech] = []


def register(kinds: Iterable[Kind]) -> None:
    """Make letters known; one for the same template replaces the earlier."""
    KINDS.update({kind.template: kind for kind in kinds})


def ask_language_of(source: Speech) -> None:
    """Let `source` say which language somebody has chosen, by their id; None when they have not."""
    _speech[:] = [source]


def language_of(user_id: str | None) -> str | None:
    """The language that the reader of a letter has chosen, None when it is not known."""
    return _speech[0](user_id) if _speech and user_id else None
