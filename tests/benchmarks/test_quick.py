"""What is counted are rows, and a change for the worse is found. Nothing is counted here."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))

from goals import Goal  # noqa: E402 - the line above is what makes it importable
from quick import WEIGHED  # noqa: E402
from side import baseline  # noqa: E402
from side.catalog import ROWS  # noqa: E402
from side.goal_list import read_goals  # noqa: E402
from side.growth import GROWTHS, ratios_of  # noqa: E402
from side.instructions import TIMES  # noqa: E402

NAMES = {row.name for row in ROWS}


def test_what_is_counted_are_rows():
    """Nothing is named that does not exist, or that measures itself."""
    assert set(TIMES) <= NAMES
    assert all(times > 0 for times in TIMES.values())


def test_growths_are_of_one_row_at_two_sizes():
    """And each has a goal."""
    rows = {row.name: row for row in ROWS}
    for growth in GROWTHS:
        few, many = rows[growth.few], rows[growth.many]
        assert few.method is many.method
        assert few.size < many.size
    assert {goal.row for goal in read_goals() if goal.tier == "A"} == {growth.name for growth in GROWTHS}


def test_growth_is_the_time_with_many_in_times_with_few():
    """Not the other way about."""
    figures = {growth.few: 2.0 for growth in GROWTHS} | {growth.many: 6.0 for growth in GROWTHS}
    assert set(ratios_of(figures).values()) == {3.0}


@pytest.mark.parametrize(
    ("before", "now", "verdict"),
    [(1000, 1029, ""), (1000, 1031, "WORSE"), (1000, 971, ""), (1000, 969, "better"), (None, 5, "new")],
)
def test_three_percent_more_are_worse(before, now, verdict):
    """Three percent less are better, and what has no baseline is neither."""
    assert baseline.Change("row", before, now).verdict == verdict


def test_a_baseline_is_kept_by_version(tmp_path):
    """Recording one leaves the others alone."""
    path = tmp_path / "baseline.json"
    assert baseline.read(path, "3.11") is None
    baseline.write({"a": 1.04}, path, "3.12", "this one")
    baseline.write({"a": 2.0}, path, "3.11", "that one")
    assert baseline.read(path, "3.12") == baseline.Baseline("this one", {"a": 1.0})
    assert baseline.read(path, "3.11") == baseline.Baseline("that one", {"a": 2.0})
    assert baseline.read(path, "3.13") is None


def test_the_baseline_is_of_what_is_counted():
    """The file that is kept knows every row, for the versions that it has."""
    for version in ("3.11", "3.12", "3.13"):
        kept = baseline.read(version=version)
        if kept is not None:
            assert set(TIMES) <= set(kept.figures)
            assert set(kept.figures) - set(TIMES) == {row.name for row in WEIGHED}
            assert all(figure > 0 for figure in kept.figures.values())


@pytest.mark.parametrize(
    ("got", "required", "verdict", "is_met"),
    [
        (0.5, "must", "met stretch", True),
        (1.5, "must", "met must", True),
        (1.5, "stretch", "MUST ONLY", False),
        (2.5, "must", "NOT MET", False),
        (2.5, "stretch", "NOT MET", False),
    ],
)
def test_a_goal_is_met_by_what_was_promised(got, required, verdict, is_met):
    """Of two limits, the one that was promised is what counts."""
    goal = Goal("figure", got, 2.0, "", 1.0, required)
    assert (goal.verdict.strip(), goal.is_met) == (verdict, is_met)


def test_a_goal_with_one_limit_is_met_or_not():
    """As the benchmarks of the mock have them."""
    assert [Goal("figure", got, 2.0).verdict.strip() for got in (2.0, 2.1)] == ["met", "NOT MET"]
