"""Texts for people: marked where they are written, translated when they are shown.

A leaf of its own, so that rules can word their errors without knowing the web framework.
"""

from typing import Any

from flask_babel import gettext, ngettext


class Text:
    """A sentence that becomes a `str` in the reader's language when it is shown.

    Unlike Flask-Babel's lazy string it has no `__html__`: a template escapes it, values included.
    """

    def __init__(self, singular: str, plural: str | None, variables: dict[str, Any]) -> None:
        self._singular = singular
        self._plural = plural
        self._variables = variables

    def __str__(self) -> str:
        if self._plural is None:
            return str(gettext(self._singular, **self._variables))
        return str(ngettext(self._singular, self._plural, **self._variables))

    def __repr__(self) -> str:
        return f"Text({self._singular!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Text | str) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))


def _(message: str, **variables: Any) -> Text:
    """Mark `message` for translation; `%(name)s` takes its value from `variables`."""
    return Text(message, None, variables)


def plural(singular: str, several: str, num: int, **variables: Any) -> Text:
    """Mark a sentence that counts something; `%(num)d` is the count."""
    return Text(singular, several, {"num": num, **variables})
