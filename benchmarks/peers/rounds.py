"""Rounds of all peers, each in a process of its own, in the other order from round to round."""

from __future__ import annotations

import importlib.util
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from goals import Goal
from side.goal_list import GoalLine

from .ours import Ours, OursPrepared
from .peer import Peer
from .worker import PEERS

BENCHMARKS = Path(__file__).parent.parent
TIMEOUT = 120
"""Seconds for one round of one peer. Some never end: a cachebox waits for ever if garbage is collected during an
insertion. Such a peer is told of in one line, and is not asked again."""

PREPARED = "hit, options made before"
WORK = (
    "hit",
    "miss",
    "suspending miss",
    "one of many callers",
    "remove 10 of 10k",
    "remove 10 of 100k",
    "store and expire",
)


class Measured(NamedTuple):
    """What a peer was found to take.

    Attributes:
        values: Nanoseconds, a value a round, by what was asked for.
        runs: How often the loader ran for many callers; None if that was not asked.
        callers: How many callers those were.
        failure: Why there are no figures; None if there are.
    """

    values: dict[str, list[float]]
    runs: int | None = None
    callers: int = 0
    failure: str | None = None


def command_for(peer: type[Peer]) -> list[str]:
    """The process that measures a peer.

    Args:
        peer: Whom.
    """
    return [sys.executable, "-m", "peers.worker", "--peer", peer.name]


def _told_by(peer: type[Peer]) -> dict[str, Any] | str:
    environ = os.environ | {"PYTHONPATH": f"{BENCHMARKS.parent}{os.pathsep}{BENCHMARKS}"}
    try:
        ended = subprocess.run(
            command_for(peer),
            env=environ,
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
            cwd=BENCHMARKS.parent,
        )
    except subprocess.TimeoutExpired:
        return f"no figures, for it took more than {TIMEOUT} s and was stopped"
    if ended.returncode:
        return (ended.stderr.strip().splitlines() or ["no word"])[-1]
    told: dict[str, Any] = json.loads(ended.stdout)
    return told


def run_rounds(rounds: int, only: str, told: Callable[[str], None]) -> dict[type[Peer], Measured]:
    """Measure all peers that are installed.

    Args:
        rounds: How often.
        only: Parts of names, with commas between; empty for all. Ours is always there.
        told: Called with a line after each round.
    """
    parts = [part for part in only.split(",") if part]
    found: dict[type[Peer], Measured] = {}
    for peer in PEERS:
        if importlib.util.find_spec(peer.package) is None:
            found[peer] = Measured({}, failure=f"{peer.package} is not installed")
        elif not parts or peer in (Ours, OursPrepared) or any(part in peer.name for part in parts):
            found[peer] = Measured({})
    for number in range(rounds):
        order = [peer for peer, measured in found.items() if measured.failure is None]
        for peer in order if number % 2 else reversed(order):
            answer = _told_by(peer)
            if isinstance(answer, str):
                found[peer] = Measured({}, failure=answer)
                continue
            values = found[peer].values
            for what, figure in answer["figures"].items():
                values.setdefault(what, []).append(figure)
            found[peer] = Measured(values, answer["runs"], answer["callers"])
        told(f"round {number + 1} of {rounds} is done")
    return found


def times_ours(found: Mapping[type[Peer], Measured], peer: type[Peer], what: str) -> float | None:
    """How many times as long as ours a peer takes, the median of the rounds; None if one of the two has no figures.

    Args:
        found: What was measured.
        peer: Whom.
        what: At what.
    """
    theirs, mine = found[peer].values.get(what), found[Ours].values.get(what)
    if not theirs or not mine or len(theirs) != len(mine):
        return None
    return statistics.median(a / b for a, b in zip(theirs, mine, strict=True))


def goal_of(line: GoalLine, found: Mapping[type[Peer], Measured]) -> Goal | None:
    """A goal with what was measured; None if that was not.

    Args:
        line: The goal.
        found: What was measured.
    """
    name = line.against.removeprefix("peer:")
    theirs = next((measured for peer, measured in found.items() if peer.name == name), Measured({}))
    is_prepared = line.row == PREPARED
    what = "hit" if is_prepared else line.row
    mine = found.get(OursPrepared if is_prepared else Ours, Measured({})).values.get(what)
    other = theirs.values.get(what)
    if not mine or not other or len(mine) != len(other):
        return None
    ratio = statistics.median(a / b for a, b in zip(mine, other, strict=True))
    return Goal(f"{line.row}, over {name}", ratio, line.must, "", line.stretch, line.required)


def goals_of(lines: Sequence[GoalLine], found: Mapping[type[Peer], Measured]) -> list[Goal]:
    """All goals about peers that can be told of.

    Args:
        lines: All goals.
        found: What was measured.
    """
    made = (goal_of(line, found) for line in lines if line.tier == "C")
    return [goal for goal in made if goal is not None]
