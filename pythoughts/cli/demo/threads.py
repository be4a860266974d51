"""What the demo community talks about."""

from collections.abc import Iterator
from dataclasses import dataclass

HOUR, DAY = 60, 24 * 60  # minutes
SPAM = "Servers too slow?? Cheapest VPS codes, today only >> quickdeals.example/vps"
SPAM_REASON = "Advertising: the same text in several threads."


@dataclass(frozen=True)
class Thought:
    """A thought and what people answered.

    Attributes:
        author: a username.
        minutes: for a thought how long ago, for a reply how long after what it answers.
        message: what it says.
        replies: the answers.
    """

    author: str
    minutes: int
    message: str
    replies: tuple["Thought", ...]


@dataclass(frozen=True)
class Placed:
    """A thought in its place: number `index` of all, `minutes` ago, in answer to number `parent` of thread `root`."""

    index: int
    author: str
    minutes: int
    message: str
    parent: int | None
    root: int | None
    depth: int


def say(author: str, minutes: int, message: str, *replies: Thought) -> Thought:
    """A thought that reads from top to bottom: who, when, what, and the replies below it."""
    return Thought(author, minutes, message, replies)


def placed() -> Iterator[Placed]:
    """Every thought of every thread, each after what it answers."""
    index = 0
    for thread in THREADS:
        for post in _walk(thread, Placed(index, thread.author, thread.minutes, thread.message, None, None, 0)):
            index += 1
            yield post


def _walk(thought: Thought, here: Placed) -> Iterator[Placed]:
    yield here
    index = here.index + 1
    root = here.index if here.root is None else here.root
    for reply in thought.replies:
        minutes = here.minutes - reply.minutes
        child = Placed(index, reply.author, minutes, reply.message, here.index, root, here.depth + 1)
        for post in _walk(reply, child):
            index += 1
            yield post


THREADS = (
    say("wren", 95, "Got a casino bonus by mail today. On paper. Addressed to my greenhouse controller."),
    say(
        "ada",
        4,
        "Small win: our parser's error messages now say what to do next, not only what went wrong. Support mail is "
        "down by half.\n\nThe computer should apologise less and help more.",
        say("sofia", 2, "Printing this and taping it to my monitor."),
    ),
    say(
        "noah",
        23,
        "MicroPython on a board the size of a biscuit is now watering my tomatoes. 212 lines, of which 180 handle the "
        "case where I forgot to fill the tank.",
        say(
            "wren",
            5,
            "The tank is the whole product. What do you read the level with?",
            say(
                "noah",
                4,
                "A float and a reed switch. I tried ultrasound first; it measured the lid, very precisely, for a week.",
                say("juno", 3, "“It measured the lid” is how I will describe every benchmark from now on."),
            ),
        ),
    ),
    say(
        "leila",
        52,
        "Today a pupil asked why `list.sort()` gives back `None`. I said: because it already did the thing.\n\n"
        "She said: “So it is like my brother doing the dishes. You have to go and look.” Six years of teaching that, "
        "and I never put it better.",
        say("tomasz", 6, "Promote her."),
        say(
            "mira",
            9,
            "Then `sorted()` is the brother who brings you a clean plate and leaves the sink as it was.",
            say("leila", 4, "You are both hired."),
        ),
        say("priya", 15, "I am putting this into our onboarding."),
    ),
    say(
        "tomasz",
        98,
        "Deleted our cache today and added one index. Everything is faster, and nobody has to say “stale” in a "
        "meeting any more.\n\n`create index concurrently on orders (customer_id, id)`",
        say(
            "kenji",
            7,
            "How long did it take to build, and did anybody notice?",
            say("tomasz", 5, "Eleven minutes. Only the fan in the corner noticed."),
        ),
        say(
            "ada",
            12,
            "There are two hard things in computing and you have just thrown one of them away.",
            say(
                "sofia",
                3,
                "The other one is naming things, and he called the branch `fix2`.",
                say("tomasz", 2, "`fix2_final`, thank you."),
            ),
        ),
        say("quickdeals", 20, SPAM),
    ),
    say(
        "ivo",
        160,
        "Public service announcement: `pip install -e .` in the wrong directory does not fail. It succeeds, somewhere, "
        "and waits.",
        say("juno", 10, "I own a laptop that is only editable installs by now. It is basically a diary."),
        say(
            "wren",
            25,
            'Which one of you left `print("here")` in my site-packages?',
            say("ivo", 2, "We do not talk about the `here` release."),
        ),
    ),
    say(
        "mira",
        4 * HOUR,
        "Election night, for those who asked: one Flask process, one PostgreSQL, no queue. The page is rendered every "
        "ten seconds and otherwise just sits on disk. Peak was 9,000 readers a minute; the machine was at 6 %.",
        say("tomasz", 14, "This is the most relaxing thing I have read all week."),
        say(
            "noah",
            22,
            "What would you have needed the other 94 % for?",
            say("mira", 6, "Peace of mind. I spent it on sleep."),
        ),
        say(
            "kenji",
            40,
            "Did you have a plan for when the database goes away?",
            say(
                "mira",
                8,
                "The page on disk stays. Old numbers with an honest time beat a spinner.",
                say("kenji", 5, "I want this on a mug."),
            ),
        ),
    ),
    say(
        "sofia",
        6 * HOUR,
        "Today's alias:\n\n`type Json = dict[str, Json] | list[Json] | str | int | float | bool | None`\n\n"
        "One line, and the whole module explains itself.",
        say(
            "ivo",
            18,
            "And then one field is a `Decimal`.",
            say(
                "sofia",
                4,
                "Why would you say that to me.",
                say(
                    "ada",
                    6,
                    "Because `json.dumps(..., default=str)` comes for all of us in the end.",
                    say(
                        "ivo",
                        3,
                        "Show me one JSON file in the wild without a date in a string.",
                        say(
                            "sofia",
                            1,
                            "`true`",
                            say(
                                "ada",
                                2,
                                "She has you there. Perfectly valid, and not a date in sight.",
                                say("ivo", 1, "I am going outside."),
                            ),
                        ),
                    ),
                ),
            ),
        ),
    ),
    say(
        "juno",
        9 * HOUR,
        "Game jam, hour 30. The hero can jump and the hero can fall, and if both happen in one frame the hero is in "
        "orbit. I am adding stars and calling it a level.",
        say("noah", 30, "Fixed time step?", say("juno", 12, "Fixed in the sense that I have stopped asking about it.")),
        say("leila", 50, "My Thursday group would like to play this, loudly."),
    ),
    say(
        "wren",
        14 * HOUR,
        "Six months of readings from the allotment: 1.4 million rows, one table, and a BRIN index of 72 kB. The chart "
        "of soil moisture is mostly a chart of my holidays.",
        say("kenji", 16, "72 kB. I love that for you."),
        say(
            "mira",
            33,
            "If you ever want to publish it: I know a newsroom that would take a story about rain that is really about "
            "a person.",
            say("wren", 20, "Chapter one. He forgot again."),
        ),
    ),
    say(
        "kenji",
        DAY + 2 * HOUR,
        "House note: adverts go, questions stay. When we remove something we write down why, and its author can read "
        "the reason. If you think we got it wrong, say so; we have been wrong before.",
        say("ada", 20, "This is why my whole team reads along here."),
        say("priya", 45, "Wrong twice this year. Both are in the log."),
    ),
    say(
        "ada",
        DAY + 8 * HOUR,
        'TIL that `"ß".upper()` is `"SS"`, so upper-casing can make a string longer than the column you checked it '
        "for. Somewhere a form of mine has been wrong for four years.",
        say("sofia", 9, "`casefold()` is waiting by the phone."),
        say(
            "tomasz",
            30,
            "Wait until you meet the Turkish dotless \u0131.",
            say("ada", 10, "We have met. We are not friends."),
        ),
    ),
    say(
        "ivo",
        2 * DAY,
        "Cut a release on a Friday at 16:55. Nothing happened. I have never been so suspicious of anything in my life.",
        say("noah", 12, "It is patient."),
        say(
            "priya",
            60,
            "Update?",
            say("ivo", 1500, "Still nothing. I have started to read the code to find out why it works."),
        ),
    ),
    say(
        "leila",
        2 * DAY + 9 * HOUR,
        "A question for people who interview: what do you ask instead of algorithms? Two of my former pupils are "
        "looking for a first job, and what they are good at is *finishing things*.",
        say(
            "mira",
            40,
            "A small broken repository and an hour, and we talk while they fix it. Nobody has ever needed a red-black "
            "tree for that.",
        ),
        say("tomasz", 70, "“Tell me about something you deleted.”", say("leila", 15, "Oh, that is a lovely one.")),
        say("priya", 90, "What they would put into the README. You find out who thinks of the next person."),
    ),
    say(
        "noah",
        3 * DAY + 4 * HOUR,
        "Found it. Not cosmic rays, not the compiler, not the cable. It was `==` between a `bytes` and a `str`, "
        "quietly false since 2019, in an `if` that every one of us had read.",
        say(
            "wren",
            15,
            "`python -bb` would have told you, and not gently.",
            say("noah", 10, "I know that now. I know it very well."),
        ),
        say("sofia", 35, "I say this with love: `mypy --strict-equality`."),
    ),
    say(
        "juno",
        4 * DAY,
        "My other jam game from spring is finally up. 48 hours, 31 commits, one of them called “please”. It runs in "
        "the browser: https://juno.example.org/lighthouse",
        say("leila", 25, "Thursday group has been informed."),
        say("ada", 80, "Reached level 4, walked into the sea on purpose, ten out of ten."),
    ),
    say(
        "mira",
        5 * DAY,
        "Reading a CSV from a public office. A play in three acts.\n\n"
        'Act one: `encoding="utf-8"`\n\nAct two: `encoding="latin-1"`\n\nAct three: a telephone call.',
        say("wren", 30, "Epilogue: it was a PDF all along."),
        say("ivo", 50, "`utf-8-sig`, for when the file is wearing a hat."),
    ),
    say(
        "priya",
        6 * DAY + 5 * HOUR,
        "Restored last night's backup on a bare laptop this morning: six minutes from nothing to signing in. If you "
        "have never tried yours, put it in the calendar. A backup nobody has restored is a wish.",
        say("kenji", 11, "We do ours on the first of the month. There is cake."),
        say(
            "tomasz",
            45,
            "Tried mine because of this. I have been saving an empty folder since spring.",
            say("priya", 5, "I am so glad you looked."),
        ),
    ),
    say(
        "wren",
        7 * DAY + 9 * HOUR,
        "Does anyone else name their virtual environments after moons? I am down to the small ones.\n\n"
        "`source ~/venvs/methone/bin/activate`",
        say("juno", 20, "Bakeries."),
        say("sofia", 22, "`.venv`, every time. I have made my peace."),
    ),
    say(
        "tomasz",
        9 * DAY,
        "In 2021 I wrote a scheduler as a stopgap: `heapq`, twenty lines, a comment that says “temporary”. It has "
        "outlived two message brokers and a reorganisation.",
        say("ada", 60, "Nothing is as permanent as something that works."),
    ),
    say(
        "sofia",
        10 * DAY + 7 * HOUR,
        "A `Protocol` with one method is a sentence. A base class with nine is a lease.",
        say("ivo", 120, "Stealing this for a talk. With credit. Probably."),
    ),
    say("kenji", 12 * DAY, "`explain (analyze, buffers)` is the most honest colleague I have ever had."),
    say(
        "priya",
        13 * DAY + 6 * HOUR,
        "Welcome. This is a small, friendly board about Python and whatever it touches. Say hello, ask the question "
        "that seems too simple, and be kind to whoever answers it.",
        say("leila", 30, "Hello. I teach, I break things, and I will be asking the simple ones."),
        say("noah", 300, "Hello from the north. Nothing is too simple for me."),
    ),
)
