"""Find watched words in a text, in a time that does not grow with their number."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pythoughts.words.folding import Token, bare_tokens, fold, positions, readings, tokens
from pythoughts.words.models import Action

MASK = "\u2022"  # a bullet; an asterisk might become markup


@dataclass(frozen=True, slots=True)
class Word:
    """One watched word as the matcher needs it."""

    id: str
    word: str
    action: str


@dataclass(frozen=True, slots=True)
class Match:
    """A watched word in a text.

    Attributes:
        start: of the characters as they were typed.
        end: where they end.
        typed: these characters.
    """

    word: Word
    start: int
    end: int
    typed: str


@dataclass(frozen=True)
class Matcher:
    """Watched words by how they begin."""

    by_first: dict[str, list[tuple[tuple[str, ...], Word]]] = field(default_factory=dict)
    censors: bool = False

    @classmethod
    def of(cls, words: Iterable[Word]) -> "Matcher":
        """Make a matcher of all `words`."""
        by_first: dict[str, list[tuple[tuple[str, ...], Word]]] = {}
        censors = False
        for word in words:
            parts = parts_of(word.word)
            by_first.setdefault(parts[0], []).append((parts, word))
            censors = censors or word.action == Action.CENSOR
        return cls(by_first, censors)

    def find(self, text: str) -> list[Match]:
        """Every watched word in `text`, in the order in which they stand; each place of a word once."""
        folded = fold(text)
        found = {
            (word.id, start, end): word
            for reading in readings(folded)
            if not self.by_first.keys().isdisjoint(bare_tokens(reading))
            for word, start, end in self._in(tokens(reading))
            if any(letter.isalpha() for letter in folded[start:end])  # 455 is a number
        }
        return _placed(text, found) if found else []

    def masked(self, text: str) -> str:
        """The text with bullets in place of the words to censor."""
        for match in reversed(self.find(text)):
            if match.word.action == Action.CENSOR:
                text = text[: match.start] + MASK * (match.end - match.start) + text[match.end :]
        return text

    def _in(self, there: list[Token]) -> Iterator[tuple[Word, int, int]]:
        for number, token in enumerate(there):
            for parts, word in self.by_first.get(token.text, ()):
                stretch = there[number : number + len(parts)]
                if tuple(each.text for each in stretch) == parts:
                    yield word, token.start, stretch[-1].end


def parts_of(word: str) -> tuple[str, ...]:
    """The words of a phrase, folded; none when it holds neither letter nor digit."""
    return tuple(token.text for token in tokens(fold(word)))


def _placed(text: str, found: dict[tuple[str, int, int], Word]) -> list[Match]:
    origins = positions(text)
    matches = []
    for (_id, first, after), word in found.items():
        start, end = origins[first], origins[after - 1] + 1
        while end < origins[after] and not fold(text[end]):
            end += 1  # the accents of the last letter go with it
        matches.append(Match(word, start, end, text[start:end]))
    return sorted(matches, key=lambda match: (match.start, match.end))
