"""What letters there are, and who knows how to fill each of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from pythoughts.i18n import Text


@dataclass(frozen=True)
class Letter:
    """Everything that turns a template into one mail; made when it is sent, never stored.

    Attributes:
        to: the address on record.
        name: whom to greet.
        values: what the template uses besides `name`, `subject` and `public_url`.
        language: of the reader, as in "en" or "pt_BR".
    """

    to: str = field(repr=False)
    name: str = field(repr=False)
    subject: Text | str
    values: dict[str, Any] = field(default_factory=dict, repr=False)
    language: str = "en"


class Builder(Protocol):
    """Fills a letter from ids, or answers None when it is not worth sending any more."""

    def __call__(self, *, user_id: str | None, ref_id: str | None) -> Letter | None:
        """The letter as of now."""


BUILDERS: dict[str, Builder] = {}


def letter(template: str) -> Callable[[Builder], Builder]:
    """Name the function that fills the templates `email/<template>.txt` and `.html`.

    Raises:
        ValueError: two functions fill the same template.
    """

    def register(builder: Builder) -> Builder:
        if template in BUILDERS:
            raise ValueError(f"Two functions fill the letter {template}.")
        BUILDERS[template] = builder
        return builder

    return register
