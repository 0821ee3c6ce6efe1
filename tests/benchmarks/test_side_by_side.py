"""What is timed does what it is named for, and goals are told of what is timed. Nothing is timed here."""

from __future__ import annotations

import asyncio
import inspect
import math
import sys
from pathlib import Path

import pytest

# at the end: its programs have short names that are to hide nobody else's
sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))

from side import timing  # noqa: E402 - the line above is what makes it importable
from side.catalog import ROWS  # noqa: E402
from side.goal_list import GoalLine, goal_of, read_goals  # noqa: E402
from side.rounds import HERE, Side, Sides, processes_of, troubles_of  # noqa: E402
from side.row import Case, WrongResultError, same  # noqa: E402
from side.rows.http import Http  # noqa: E402
from side.rows.imports import Imports  # noqa: E402
from side.rows.soak import Soak  # noqa: E402

ENOUGH = {Soak: 100, Http: 1, Imports: 1}

once = {(row.method, min(row.size, ENOUGH.get(row.topic, 1000))): row for row in ROWS if row.topic.needs is None}


@pytest.mark.parametrize(
    ("size", "row"), [(size, row) for (_, size), row in once.items()], ids=lambda value: getattr(value, "name", "")
)
async def test_a_row_does_what_it_is_named_for(size, row):
    """Each row's own proof holds, with no more than a thousand of whatever it is about."""
    topic = row.topic(size)
    try:
        made = row.method(topic)
        outcome = await made if inspect.isawaitable(made) else made
        if isinstance(outcome, Case):
            await timing.prove(outcome)
        else:
            assert all(map(math.isfinite, outcome.values))
    finally:
        topic.close()
        await asyncio.sleep(0)


async def test_a_row_that_does_something_else_is_found():
    """The proof is asked for after the run, and its complaint is not lost."""
    done = []
    case = Case(done.append, lambda: same(done, [2], "what was done"))
    with pytest.raises(WrongResultError, match=r"what was done: got \[1\], wanted \[2\]"):
        await timing.prove(case)


def test_names_of_rows_are_unique():
    """A figure belongs to one row."""
    names = [row.name for row in ROWS]
    assert len(set(names)) == len(names)


def test_goals_are_about_rows():
    """A goal names a row, and what it is divided by is one too."""
    names = {row.name for row in ROWS}
    alone = {row.name for row in ROWS if row.topic.is_ours_alone}
    for goal in read_goals():
        assert goal.stretch <= goal.must
        if goal.tier != "B":
            continue
        side, _, other = goal.against.partition(":")
        assert goal.row in names
        assert side in {"node", "ours", "nothing"}
        assert (other or goal.row) in (names - alone if side == "node" else names)


def test_a_goal_is_the_ratio_of_the_rounds_or_the_figure_itself():
    """The median of the ratios; a long time is told in milliseconds; what was not measured is no goal."""
    ours, node = Side(), Side()
    ours.values, ours.units = {"a": [4e6, 2e6, 9e6], "b": [1e6, 1e6, 1e6]}, {"a": "ns", "b": "ns"}
    node.values = {"a": [4e6, 4e6, 3e6]}
    sides = Sides(ours, node)
    assert goal_of(GoalLine("a", "B", "node", 2.0, 1.0, "must"), sides).got == 1.0
    assert goal_of(GoalLine("a", "B", "ours:b", 2.0, 1.0, "must"), sides).got == 4.0
    alone = goal_of(GoalLine("a", "B", "nothing", 10e6, 5e6, "must"), sides)
    assert (alone.got, alone.limit, alone.stretch, alone.unit) == (4.0, 10.0, 5.0, " ms")
    assert goal_of(GoalLine("b", "B", "node", 2.0, 1.0, "must"), sides) is None
    assert goal_of(GoalLine("c", "B", "node", 2.0, 1.0, "must"), sides) is None


def test_node_has_the_same_rows():
    """Each row that is not ours alone stands in a file of node/ by the part before its number."""
    text = "\n".join(path.read_text() for path in (HERE / "node").glob("*.mjs"))
    for row in ROWS:
        topic, _, rest = row.name.partition("/")
        if not row.topic.is_ours_alone:
            assert topic in text, row.name


def test_rows_that_mind_what_others_left_have_a_process_of_their_own():
    """Memory and collections are measured where nothing else was."""
    fresh = [row for row in ROWS if row.topic.fresh]
    for names in processes_of(ROWS)[1:]:
        assert len({row.topic for row in fresh if row.name in names}) == 1
    assert {name for names in processes_of(ROWS) for name in names} == {row.name for row in ROWS}


def test_a_row_that_one_side_lacks_is_told_of():
    """And one that did something else; without Node, nothing is missing."""
    rows = [row for row in ROWS if row.topic.sizes == (1,) and not row.topic.fresh][:2]
    ours, node = Side(), Side()
    ours.add({"runtime": "Python", "figures": {rows[0].name: {"wrong": "it is not"}}})
    assert troubles_of(Sides(ours, node), rows) == [f"{rows[0].name} of Python: it is not"]
    node.add({"runtime": "Node", "figures": {rows[0].name: {"median": 1.0, "unit": "ns"}}})
    assert troubles_of(Sides(ours, node), rows)[1:] == [f"{rows[1].name} has no row in node/"]
