"""What each letter says, before anybody is sent one."""

from dataclasses import dataclass
from itertools import starmap

from pythoughts.config import current_settings
from pythoughts.errors import Malformed, NotFound
from pythoughts.i18n import _, languages
from pythoughts.mail.delivery import Message, write
from pythoughts.mail.letters import KINDS, Kind, Letter

READER, ADDRESS = "Ada Lovelace", "ada@example.org"


@dataclass(frozen=True)
class Preview:
    """One of the things that a letter can say; `number` counts them from 0."""

    number: int
    message: Message


def list_kinds() -> list[Kind]:
    """Every letter, by name."""
    return [KINDS[template] for template in sorted(KINDS)]


def get_kind(template: str) -> Kind:
    """The letter of this template.

    Raises:
        NotFound: there is none.
    """
    if template not in KINDS:
        raise NotFound(_("There is nothing at this address."))
    return KINDS[template]


def list_previews(kind: Kind, language: str) -> list[Preview]:
    """All that a letter can say.

    Raises:
        Malformed: the site does not speak this language.
    """
    if language not in languages():
        raise Malformed(_("This site does not speak that language."))
    home = current_settings().public_url
    letters = [Letter(ADDRESS, READER, sample(home), language) for sample in kind.samples]
    messages = [write(letter, kind.template, "preview") for letter in letters]
    return list(starmap(Preview, enumerate(messages)))


def get_preview(kind: Kind, number: int, language: str) -> Preview:
    """One of the things that a letter can say.

    Raises:
        Malformed: the site does not speak this language.
        NotFound: it says fewer things.
    """
    found = [preview for preview in list_previews(kind, language) if preview.number == number]
    if not found:
        raise NotFound(_("There is nothing at this address."))
    return found[0]
