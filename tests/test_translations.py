"""Catalogues: complete, current, and with the same places for values; beside it the proof that it bites."""

import re
from functools import cache

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from pythoughts.i18n import LANGUAGES
from pythoughts.paths import PACKAGE_DIR, PROJECT_ROOT

METHODS = [("pythoughts/**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "plural": (1, 2)}
PLACE = re.compile(r"%(?:\(\w+\))?[sd%]")
FOREIGN = sorted(set(LANGUAGES) - {"en"})


@cache
def written() -> dict[str, tuple[str, ...]]:
    """Every text of the code: its singular, and all its forms."""
    found = {}
    for folder in ("pythoughts", "templates"):
        methods = [(pattern.removeprefix(f"{folder}/"), method) for pattern, method in METHODS if folder in pattern]
        for _file, _line, message, *_rest in extract_from_dir(
            PROJECT_ROOT / folder, methods, keywords=KEYWORDS, directory_filter=lambda _folder: True
        ):
            forms = message if isinstance(message, tuple) else (message,)
            found[forms[0]] = forms
    return found


@cache
def catalogue(language: str):
    with (PACKAGE_DIR / "translations" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


def forms_of(message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple | list) else [message.string]


def faults(source: tuple[str, ...], translated: list[str]) -> list[str]:
    """What is wrong with a translation; a form may leave out the number that it is for."""
    if not all(translated):
        return ["not translated"]
    wanted = set(PLACE.findall(source[-1]))
    return [form for form in translated if (set(PLACE.findall(form)) ^ wanted) - {"%(num)d", "%(count)s"}]


@pytest.mark.parametrize("language", FOREIGN)
def test_every_text_is_translated(language):
    known = catalogue(language)
    assert [text for text in written() if text not in known or not all(forms_of(known[text]))] == []


@pytest.mark.parametrize("language", FOREIGN)
def test_no_translation_is_doubtful_or_left_over(language):
    known = [message for message in catalogue(language) if message.id]
    ids = [message.id if isinstance(message.id, str) else message.id[0] for message in known]
    assert [text for text, message in zip(ids, known, strict=True) if message.fuzzy or text not in written()] == []


@pytest.mark.parametrize("language", FOREIGN)
def test_translations_take_the_same_values(language):
    known = catalogue(language)
    checked = {text: faults(forms, forms_of(known[text])) for text, forms in written().items() if text in known}
    assert {text: wrong for text, wrong in checked.items() if wrong} == {}


@pytest.mark.parametrize(
    ("source", "translated"),
    [
        (("Hello %(name)s",), ["Hallo"]),
        (("Hello",), ["Hallo %(name)s"]),
        (("%(count)s reply to %(name)s", "%(count)s replies to %(name)s"), ["Eine Antwort", "%(count)s an %(name)s"]),
        (("Hello",), [""]),
        (("100 %%",), ["100 %%", ""]),
    ],
)
def test_a_faulty_translation_is_seen(source, translated):
    assert faults(source, translated)


def test_texts_of_macros_are_found():
    assert "Show password" in written()
