"""The parts of the benchmark that could lie: the accounts, the forms, the comparison."""

import json
import subprocess
import sys

import pytest

from bench import reporting
from bench.accounts import cpu_seconds, tree
from bench.browsing import hidden_fields
from bench.limits_app import app as limits_app
from bench.reporting import Report, Result, growth, spread

BURN = "import time, subprocess, sys\nend = time.process_time() + 0.3\nwhile time.process_time() < end: pass\n"
PARENT = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {BURN!r}])\nprint('done', flush=True)\ninput()"


def result(name, ratio, **changes):
    values = {"unit": "L2", "low": ratio, "high": ratio, "goal": 2.5, "app_ms": 2.0, "database_ms": 1.0}
    rest = {"per_second": 100.0, "kilobytes": 24.0, "queries": 2}
    return Result(name, **{**values, **rest, **changes}, ratio=ratio)


def test_the_time_of_children_that_ended_counts():
    with subprocess.Popen([sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"done\n"
        assert 0.3 <= cpu_seconds(process.pid) < 1.5
        assert list(tree(process.pid)) == [process.pid]
        process.communicate(b"\n")


def test_hidden_fields_are_those_that_a_browser_sends():
    form = '<input type="hidden" name="csrf_token" value="a&amp;b"><input value="1" name="key" type="hidden">'
    form += '<input type="text" name="message" value="typed">'
    assert hidden_fields(form) == {"csrf_token": "a&b", "key": "1"}


def test_the_bare_answer_needs_no_database():
    assert limits_app.test_client().get("/hello").data == b"hello"


def test_a_missed_goal_is_said():
    assert result("home", 2.4).verdict == "ok"
    assert result("home", 2.6).verdict == "MISSED"
    assert result("L1", 0.3, goal=None).verdict == ""
    assert "MISSED" in Report(1000, [result("home", 2.6)], {"memory, MB": 90.0}).table()


def test_the_median_of_the_rounds_counts():
    assert spread([3.0, 1.0, 2.0]) == (2.0, 1.0, 3.0)


@pytest.mark.parametrize(("ratio", "worse"), [(2.9, []), (3.1, ["home: 3.10, was 2.00"])])
def test_a_page_that_became_slower_is_seen(tmp_path, monkeypatch, ratio, worse):
    monkeypatch.setattr(reporting, "BASELINE", tmp_path / "baseline.json")
    assert Report(1000, [result("home", ratio)], {}).worse() == []  # there is nothing to compare with
    Report(1000, [result("home", 2.0)], {}).keep_as_baseline()
    assert Report(1000, [result("home", ratio), result("new page", 9.0)], {}).worse() == worse


def test_growth_compares_the_largest_with_the_smallest():
    small, large = Report(10, [result("home", 2.0)], {}), Report(100, [result("home", 2.0, app_ms=5.0)], {})
    assert "2.00 x" in growth([small, large])


def test_results_are_kept_as_json(tmp_path):
    kept = json.loads(Report(1000, [result("home", 2.0)], {"memory, MB": 90.0}).save(tmp_path).read_text())
    assert kept["results"][0]["ratio"] == 2.0
    assert kept["facts"] == {"memory, MB": 90.0}
