"""Texts that behave like people's: common words are common, rare words are rare, lengths have a tail."""

from collections.abc import Iterator
from itertools import accumulate
from random import Random

COMMON = """
the to a of and it is in that i for you on with this my not but be was are have as we at so just they from your or by
an if what one all can do has when about how there out up more will would like some which then use code python who
now because time work only no people test think them its make after new other than data get any file after need way
good still thing first had never works run day function two before over want every without even type even us old
really also always something well back try read same where list day write error line name should last right these
could change problem much start find most better year while does class few too long does import module while lot
thought server query table index number help sure days question keep package far once look next using wrong story
release version small simple build being small set another between both found does today nothing least enough reason
morning anyone team branch cache string object thread async await loop print value docs dict tuple yield raise except
lambda decorator context manager iterator generator closure protocol dataclass enum asyncio pytest fixture coverage mypy
linter formatter wheel virtualenv lockfile pip poetry flask django sqlalchemy postgres migration rollback deploy staging
container logging metrics latency throughput profile benchmark regression refactor rename review merge commit notebook
pandas numpy kernel socket buffer stream parser token grammar bytecode interpreter garbage collector reference counting
coffee train window rain kitchen garden bicycle holiday student lesson workshop conference talk slides beginner mentor
"""
ONSETS = "b br c ch d dr f fl g gr h j k kl l m n p pl qu r s sk st t tr v w z"
NUCLEI = "a e i o u ai ea ie oa ou"
CODAS = "- - - l m n r s t nd rk st"
INVENTED = 20_000  # words beyond the common ones, most of them in a handful of posts of a million
RARE_WORD = "zarzuelaphone"  # in every RARE_EVERY-th post: something to search for that few posts hold
RARE_EVERY = 50_000
SENTENCES = 20_000  # made once; a message puts some of them together
SENTENCES_SHARE = (0.34, 0.68, 0.87, 0.96, 1.0)  # of all messages have at most 1, 2, 3, 4, 5 of them
EXTRAS = (
    "`except Exception: pass`",
    "`pip install -U pip`",
    "`for i, x in enumerate(rows):`",
    "`select 1`",
    "https://docs.example.org/library/functions",
    "https://blog.example.net/2026/slow-tests",
)
EXTRAS_SHARE = 0.06  # of all messages show code or a link
STRANGE_SHARE = 0.1  # of all messages use an invented word
MESSAGE_LENGTH = 480  # characters, below what a person may type


class Writer:
    """Writes messages, the same ones from the same generator of random numbers."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._common, self._invented = vocabulary()
        weights = list(accumulate(rank**-0.8 for rank in range(3, len(self._common) + 3)))  # Zipf, with a flat top
        self._sentences = [
            " ".join(random.choices(self._common, cum_weights=weights, k=random.randint(4, 15))).capitalize()
            for _ in range(SENTENCES)
        ]

    def message(self, number: int) -> str:
        """What post `number` says."""
        random = self._random
        chance = random.random()
        parts = [random.choice(self._sentences) for share in (0.0, *SENTENCES_SHARE[:-1]) if chance >= share]
        if random.random() < STRANGE_SHARE:
            parts[0] = f"{parts[0]} {self._strange()}"
        if number % RARE_EVERY == RARE_EVERY // 2:
            parts[0] = f"{parts[0]} {RARE_WORD}"
        text = ". ".join(parts)[:MESSAGE_LENGTH] + "."
        return f"{text}\n\n{random.choice(EXTRAS)}" if random.random() < EXTRAS_SHARE else text

    def _strange(self) -> str:
        """An invented word; the first ones come up often, the last ones hardly ever."""
        return self._invented[int(len(self._invented) ** self._random.random()) - 1]


def vocabulary() -> tuple[list[str], list[str]]:
    """Common words and invented ones; the same in every run."""
    common = list(dict.fromkeys(COMMON.split()))
    invented = dict.fromkeys(_invented(Random(1)))  # noqa: S311  (made-up data, no secrets)
    return common, [word for word in invented if word not in common]


def _invented(random: Random) -> Iterator[str]:
    onsets, nuclei, codas = ONSETS.split(), NUCLEI.split(), CODAS.replace("-", "").split(" ")
    for _ in range(INVENTED):
        syllables = range(random.choice((2, 2, 3, 3, 4)))
        yield "".join(random.choice(onsets) + random.choice(nuclei) + random.choice(codas) for _ in syllables)
