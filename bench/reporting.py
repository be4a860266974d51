"""The results: a table to read, JSON to keep, and the comparison with the baseline."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

BASELINE = Path(__file__).with_name("baseline.json")
TOLERANCE = 1.5  # times the baseline's ratio; other machines divide the work otherwise


@dataclass(frozen=True)
class Result:
    """What came out for one scenario.

    Attributes:
        ratio: median of the rounds, in units of `unit`.
        low, high: the rounds' spread.
        app_ms, database_ms: CPU per turn.
        queries: statements of one turn.
    """

    name: str
    unit: str
    ratio: float
    low: float
    high: float
    goal: float | None
    app_ms: float
    database_ms: float
    per_second: float
    kilobytes: float
    queries: int

    @property
    def verdict(self) -> str:
        """Whether the goal is met."""
        if self.goal is None:
            return ""
        return "ok" if self.ratio <= self.goal else "MISSED"


@dataclass(frozen=True)
class Report:
    """All that was measured at one size."""

    posts: int
    results: Sequence[Result]
    facts: dict[str, float]

    def table(self) -> str:
        """The results as lines of text."""
        head = f"{'':26}{'ratio':>8} {'spread':>13} {'goal':>6} {'':7}"
        head += f"{'app ms':>8}{'db ms':>7}{'/s':>7}{'KB':>6}{'queries':>9}"
        facts = [f"{name:40}{value:10.2f}" for name, value in self.facts.items()]
        return "\n".join([f"{self.posts:,} posts", head, *map(_line, self.results), "", *facts])

    def save(self, folder: Path) -> Path:
        """Write everything as JSON."""
        path = folder / f"{self.posts}.json"
        path.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")
        return path

    def worse(self) -> list[str]:
        """Scenarios that cost clearly more than when the baseline was taken."""
        kept: dict[str, float] = json.loads(BASELINE.read_text(encoding="utf-8")) if BASELINE.exists() else {}
        return [
            f"{result.name}: {result.ratio:.2f}, was {kept[result.name]:.2f}"
            for result in self.results
            if result.ratio > kept.get(result.name, float("inf")) * TOLERANCE
        ]

    def keep_as_baseline(self) -> None:
        """Let later runs be compared with this one."""
        ratios = {result.name: round(result.ratio, 2) for result in self.results}
        BASELINE.write_text(json.dumps(ratios, indent=2) + "\n", encoding="utf-8")


def spread(values: Iterable[float]) -> tuple[float, float, float]:
    """Median, lowest, highest."""
    ordered = sorted(values)
    return median(ordered), ordered[0], ordered[-1]


def growth(reports: Sequence[Report]) -> str:
    """How the cost of each scenario grows from the smallest size to the largest."""
    first, last = reports[0], reports[-1]
    small = {result.name: result for result in first.results}
    lines = [f"{result.name:26}{_total(result) / _total(small[result.name]):8.2f} x" for result in last.results]
    return "\n".join([f"CPU at {last.posts:,} posts over CPU at {first.posts:,} (goal 1.2)", *lines])


def _total(result: Result) -> float:
    return result.app_ms + result.database_ms


def _line(result: Result) -> str:
    goal = f"{result.goal:.1f}" if result.goal is not None else ""
    return (
        f"{result.name:26}{result.ratio:8.2f} {f'{result.low:.2f}-{result.high:.2f}':>13} {goal:>6} {result.verdict:7}"
        f"{result.app_ms:8.2f}{result.database_ms:7.2f}{result.per_second:7.0f}{result.kilobytes:6.1f}{result.queries:9}"
    )
