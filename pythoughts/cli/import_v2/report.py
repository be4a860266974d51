"""What an import took, changed or refused, and why."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    """What became of a row; a changed one was taken too."""

    TAKEN = "taken"
    CHANGED = "changed"
    REFUSED = "refused"
    PRESENT = "present"


@dataclass(frozen=True)
class Line:
    """One row that was not simply taken. Names are told, addresses never."""

    verdict: Verdict
    table: str
    id: str
    why: str


@dataclass
class Report:
    """Counts by table and verdict, and a line for each row that needs an explanation."""

    counts: dict[str, Counter[Verdict]] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def count(self, table: str, verdict: Verdict, number: int = 1) -> None:
        """Note rows that need no explanation."""
        self.counts.setdefault(table, Counter())[verdict] += number

    def explain(self, verdict: Verdict, table: str, row_id: str, why: str) -> None:
        """Note a row that was changed or refused; a changed one has to be counted as taken besides."""
        self.count(table, verdict)
        self.lines.append(Line(verdict, table, row_id, why))

    def taken(self) -> dict[str, int]:
        """How many rows of each table are new here."""
        return {table: counts[Verdict.TAKEN] for table, counts in self.counts.items() if counts[Verdict.TAKEN]}

    def as_text(self) -> Iterator[str]:
        """Counts first, then notes, then every line."""
        for table, counts in self.counts.items():
            yield f"{table:<17}" + "  ".join(f"{counts[verdict]:>9,} {verdict}" for verdict in Verdict)
        yield from self.notes
        for line in self.lines:
            yield f"{line.verdict:<8} {line.table} {line.id}: {line.why}"

    def as_json(self, *, applied: bool) -> str:
        """The same for programs, as one object."""
        counts = {table: {verdict: counts[verdict] for verdict in Verdict} for table, counts in self.counts.items()}
        lines = [{"verdict": line.verdict, "table": line.table, "id": line.id, "why": line.why} for line in self.lines]
        return json.dumps({"applied": applied, "counts": counts, "notes": self.notes, "lines": lines}, indent=2)
