"""Texts for people: marked where they are written, translated when they are shown.

A leaf of its own, so that rules can word their errors without knowing the web framework.

Templates look each text up once a process and language: Flask-Babel finds its catalogue anew for every text, which was
a third of the cost of a page with two hundred of them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import flask_babel
from babel import Locale
from flask import Flask, current_app, g, has_app_context
from flask_babel import get_locale, get_translations
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

LANGUAGES = {"en": "English", "de": "Deutsch"}
"""What the site speaks, each under the name that it has for itself."""
PARTS_KEPT = 1024  # partials of one language: about 4 MB


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
            return _worded(self._singular, self._variables)
        return str(flask_babel.ngettext(self._singular, self._plural, **self._variables))

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


def _worded(message: str, variables: dict[str, Any]) -> str:
    """As Flask-Babel words it; values stay as they are."""
    if not has_app_context():
        return str(flask_babel.gettext(message, **variables))
    text = str(_text(_phrases(), message))
    return text % variables if variables else text


def _keeper() -> Callable[..., Markup]:
    return lru_cache(PARTS_KEPT)(_render)


def _render(name: str, **values: Any) -> Markup:
    return Markup(current_app.jinja_env.get_template(name).render(values))  # noqa: S704  (templates escape)


@dataclass(frozen=True)
class Phrases:
    """What templates have said so far in one language.

    Attributes:
        translations: the catalogue.
        texts: translations by message.
        plain: the same for texts without values, their percent signs resolved.
        part: renders a partial, or remembers it.
    """

    translations: Any
    texts: dict[str, Markup] = field(default_factory=dict)
    plain: dict[str, Markup] = field(default_factory=dict)
    part: Callable[..., Markup] = field(default_factory=_keeper)


_languages: dict[str, Phrases] = {}


def init_app(app: Flask) -> None:
    """Take the place of Flask-Babel's functions in templates; call it after Flask-Babel has come."""
    app.jinja_env.globals.update(
        {"_": _gettext_here, "gettext": _gettext_here, "ngettext": _ngettext_here, "once": once}
    )


def gettext(message: str, **values: Any) -> Markup:
    """`message` in the reader's language; values are escaped."""
    phrases = _phrases()
    if not values:
        return phrases.plain.get(message) or _plain(phrases, message)
    return _text(phrases, message) % values


def ngettext(singular: str, several: str, num: int, **values: Any) -> Markup:
    """The form of a sentence that fits `num`; values are escaped."""
    return Markup(_phrases().translations.ungettext(singular, several, num)) % {"num": num, **values}  # noqa: S704


def languages() -> list[str]:
    """What the site speaks; the language that its texts are written in comes first."""
    return list(LANGUAGES)


def lang() -> str:
    """The language of this page as HTML names it, as in "en" or "pt-BR"."""
    return str(get_locale()).replace("_", "-")


def direction() -> str:
    """Which way this page's language runs: "ltr" or "rtl"."""
    found: str = get_locale().text_direction
    return found


@pass_eval_context
def _gettext_here(template: EvalContext, message: str, **values: Any) -> str:
    """`gettext` that leaves values as they are where the template does not escape: in plain mails."""
    if template.autoescape or not values:
        return gettext(message, **values)
    return str(_text(_phrases(), message)) % values


@pass_eval_context
def _ngettext_here(template: EvalContext, singular: str, several: str, num: int, **values: Any) -> str:
    """`ngettext` that leaves values as they are where the template does not escape: in plain mails."""
    if template.autoescape:
        return ngettext(singular, several, num, **values)
    text: str = _phrases().translations.ungettext(singular, several, num)
    return text % {"num": num, **values}


def once(name: str, **values: Any) -> Markup:
    """A partial that shows nothing but `values`, rendered when they are new to this process and language.

    It gets no more than that, neither the reader nor the request: so it can't show to one person what belongs to
    another, nor what has changed since. The values have to be hashable, and equal only when they look the same.
    """
    return _phrases().part(name, **values)


def _phrases() -> Phrases:
    """Those of the language at hand, which may change within a request (`force_locale`)."""
    here = g._get_current_object()
    locale = (
        getattr(here.get("_flask_babel"), "babel_locale", None) or get_locale()
    )  # the first is what the second keeps
    known: tuple[Locale, Phrases] | None = here.get("phrases")
    if known is None or known[0] is not locale:
        known = here.phrases = (locale, _in_language(str(locale)))
    return known[1]


def _in_language(name: str) -> Phrases:
    if name not in _languages:
        _languages[name] = Phrases(get_translations())
    return _languages[name]


def _plain(phrases: Phrases, message: str) -> Markup:
    phrases.plain[message] = _text(phrases, message) % {}
    return phrases.plain[message]


def _text(phrases: Phrases, message: str) -> Markup:
    if message not in phrases.texts:
        phrases.texts[message] = Markup(phrases.translations.ugettext(message))  # noqa: S704  (translators are ours)
    return phrases.texts[message]
