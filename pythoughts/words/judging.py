"""What the watched words say of a text that somebody wants to post."""

from dataclasses import dataclass

from pythoughts.errors import Invalid
from pythoughts.i18n import _
from pythoughts.words.matching import Match
from pythoughts.words.models import Action
from pythoughts.words.queries import would_have_matched

TYPED_SHOWN = 60  # characters of a word in a sentence


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a text that may be posted.

    Attributes:
        holds: the word for which a moderator has to look first.
        flags: the word for which a moderator should look later.
    """

    holds: Match | None = None
    flags: Match | None = None


def judge(text: str) -> Verdict:
    """Look for watched words; everything that is posted or edited comes by here.

    Raises:
        Invalid: a word in it blocks the text; the sentence names it.
    """
    first = {match.word.action: match for match in reversed(would_have_matched(text))}
    if blocked := first.get(Action.BLOCK):
        word = blocked.typed[:TYPED_SHOWN]
        raise Invalid(_("Our word filter flagged “%(word)s”. Rephrase it and post again.", word=word), field="message")
    return Verdict(first.get(Action.HOLD), first.get(Action.FLAG))
