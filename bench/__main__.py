"""`python -m bench`: measure, print, keep, compare."""

import argparse
import sys
from pathlib import Path
from statistics import median

from bench.database import WORK, Database, filled
from bench.explaining import explain
from bench.measuring import Bench, Cost, hash_seconds, stay_off_the_servers_core
from bench.reporting import Report, Result, growth, spread
from bench.scenarios import L1, L2, SCENARIOS, Scenario
from bench.servers import Server, serving
from bench.world import World, settle
from pythoughts.services.memory import hold_little_memory

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)  # posts of a full run
ROUNDS = 3
SECONDS = 1.0  # of each measurement


def main() -> None:
    """Measure at the sizes that the arguments name."""
    options = _options()
    stay_off_the_servers_core()
    hold_little_memory()  # as the servers do: a hash costs here what it costs there
    sizes = SIZES if options.full else (options.posts,)
    reports = [_measure(posts, options) for posts in sizes]
    if len(reports) > 1:
        print("\n" + growth(reports))
    if options.keep:
        reports[0].keep_as_baseline()
    if options.check and (worse := [line for report in reports for line in report.worse()]):
        sys.exit("Slower than the baseline:\n" + "\n".join(worse))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--posts", type=int, default=100_000, help="how many posts to measure at")
    parser.add_argument("--full", action="store_true", help="measure at 10 thousand to 10 million posts")
    parser.add_argument("--only", default="", help="only scenarios whose name contains this")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="time of each measurement")
    parser.add_argument("--check", action="store_true", help="fail when clearly slower than the baseline")
    parser.add_argument("--keep", action="store_true", help="make this run the baseline")
    return parser.parse_args()


def _measure(posts: int, options: argparse.Namespace) -> Report:
    wanted = [scenario for scenario in SCENARIOS if options.only in scenario.name]
    with filled(posts) as database:
        world = settle(database)
        plans = {scenario.name: explain(database, world, scenario) for scenario in wanted}
        _save_plans(WORK, posts, {name: plan.text for name, plan in plans.items()})
        queries = {name: plan.statements for name, plan in plans.items()}
        rounds, facts = _rounds(database, world, wanted, options.seconds)
    report = Report(posts, _results(wanted, rounds, queries), facts)
    print(report.table())
    print(f"\nkept in {report.save(WORK)} and beside it")
    return report


def _rounds(
    database: Database, world: World, wanted: list[Scenario], seconds: float
) -> tuple[list[dict[str, Cost]], dict[str, float]]:
    """Measure everything in each round, so that a noisy minute harms one round of all and not all of one."""
    bench = Bench(database, world, seconds)
    log = WORK / "server.log"
    with (
        serving("bench.limits_app:app", database.environ, "/page", WORK / "limits.log") as limits,
        serving("wsgi:app", database.environ, "/healthz", log) as app,
    ):
        rounds = [_round(bench, limits, app, wanted) for _ in range(ROUNDS)]
        facts = {
            "start to first answer, CPU s (goal 1.0)": app.start_seconds,
            "memory of the server process, MB (goal 120)": app.worker_bytes / 2**20,
            "one password hash, CPU ms": hash_seconds() * 1000,
        }
    return rounds, facts


def _round(bench: Bench, limits: Server, app: Server, wanted: list[Scenario]) -> dict[str, Cost]:
    costs = {scenario.name: bench.cost(scenario, limits) for scenario in (L1, L2)}
    return costs | {scenario.name: bench.cost(scenario, app) for scenario in wanted}


def _results(wanted: list[Scenario], rounds: list[dict[str, Cost]], queries: dict[str, int]) -> list[Result]:
    hashing = hash_seconds()
    return [_result(scenario, rounds, queries.get(scenario.name, 1), hashing) for scenario in (L1, L2, *wanted)]


def _result(scenario: Scenario, rounds: list[dict[str, Cost]], queries: int, hashing: float) -> Result:
    unit = L2.name if scenario.unit == "L2" else scenario.unit
    taken_off = scenario.hashes * hashing
    ratio, low, high = spread((costs[scenario.name].total - taken_off) / costs[unit].total for costs in rounds)
    own = [costs[scenario.name] for costs in rounds]
    return Result(
        name=scenario.name,
        unit=scenario.unit,
        ratio=ratio,
        low=low,
        high=high,
        goal=scenario.goal,
        app_ms=median(cost.app for cost in own) * 1000,
        database_ms=median(cost.database for cost in own) * 1000,
        per_second=median(cost.per_second for cost in own),
        kilobytes=own[-1].size / 1024,
        queries=queries,
    )


def _save_plans(folder: Path, posts: int, plans: dict[str, str]) -> None:
    for name, text in plans.items():
        slug = "-".join(name.replace(",", "").split())
        (folder / f"{posts}-{slug}.txt").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
