"""Every setting: its key, kind, default, bounds, and what it does, in words an admin understands."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pythoughts.errors import Invalid
from pythoughts.i18n import Text, _

ENVIRONMENT_PREFIX = "PYTHOUGHTS_SET_"


@dataclass(frozen=True)
class Definition:
    """One setting.

    Attributes:
        key: `<subject>.<name>`.
        default: its value when nobody chose one; its type is the setting's type.
        help: what it does.
        least: smallest whole number allowed.
        most: largest whole number allowed.
        choices: the words allowed; empty for free text.
    """

    key: str
    default: Any
    help: Text
    least: int = 0
    most: int = 1_000_000
    choices: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """What it belongs to on the page: the part of the key before the dot."""
        return self.key.partition(".")[0]

    @property
    def variable(self) -> str:
        """The environment variable that wins over every override."""
        return ENVIRONMENT_PREFIX + self.key.upper().replace(".", "_")

    def parse(self, typed: str) -> Any:
        """The value that `typed` means.

        Raises:
            Invalid: it is of the wrong kind or out of bounds.
        """
        if isinstance(self.default, bool):
            return self._yes_or_no(typed)
        if isinstance(self.default, int):
            return self._whole(typed)
        return self._word(typed)

    def _yes_or_no(self, typed: str) -> bool:
        if typed not in {"0", "1"}:
            raise Invalid(_("Choose yes or no."), field=self.key)
        return typed == "1"

    def _whole(self, typed: str) -> int:
        digits = typed.strip()
        if not (digits.isascii() and digits.isdigit() and len(digits) < 12 and self.least <= int(digits) <= self.most):
            sentence = _("Give a whole number from %(least)d to %(most)d.", least=self.least, most=self.most)
            raise Invalid(sentence, field=self.key)
        return int(digits)

    def _word(self, typed: str) -> str:
        if self.choices and typed not in self.choices:
            raise Invalid(_("Choose one of: %(choices)s.", choices=", ".join(self.choices)), field=self.key)
        if len(typed) > self.most:
            raise Invalid(_("That is too long."), field=self.key)
        return typed


REGISTRY: dict[str, Definition] = {}


def define(key: str, default: Any, help: Text, **bounds: Any) -> Definition:  # noqa: A002 (the word on the page)
    """Add a setting; features call it where they use it.

    Raises:
        ValueError: two settings share a key.
    """
    if key in REGISTRY:
        raise ValueError(f"Two settings are called {key}.")
    REGISTRY[key] = Definition(key, default, help, **bounds)
    return REGISTRY[key]


def from_environment(definition: Definition, environ: Mapping[str, str] = os.environ) -> Any | None:
    """The value that the environment fixes, or None.

    Raises:
        Invalid: the variable holds what the setting does not allow.
    """
    typed = environ.get(definition.variable)
    return None if typed is None else definition.parse(typed)
