"""Peers are asked for the same work, and give the right data. Those that are installed here; nothing is timed."""

from __future__ import annotations

import gc
import importlib.util
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))

from peers import rounds  # noqa: E402 - the line above is what makes it importable
from peers.ours import Ours, OursPrepared  # noqa: E402
from peers.rounds import PREPARED, WORK, Measured, goal_of, times_ours  # noqa: E402
from peers.worker import PEERS, callers, hits, misses, removals  # noqa: E402
from python_peers import faster_at, notes_of  # noqa: E402
from side.goal_list import GoalLine, read_goals  # noqa: E402
from side.timing import prove  # noqa: E402

HERE = [peer for peer in PEERS if importlib.util.find_spec(peer.package) is not None]
CACHE, BETTER, SLOW = PEERS[2:5]


@pytest.fixture
def no_collection():
    """No garbage is collected meanwhile: a cachebox in which that happens during an insertion waits for ever."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.real_sleep("peers have no clock that can be moved")
@pytest.mark.usefixtures("no_collection")
@pytest.mark.parametrize("kind", HERE, ids=lambda kind: kind.name)
async def test_a_peer_does_its_work(kind):
    """Hits make no call, misses one each, and what is removed is gone while the rest stays."""
    peer = kind()
    await peer.reset()
    if peer.has_hits:
        await prove(hits(peer))
    if peer.has_hits or not peer.can_remove:
        await prove(misses(peer, peer.get))
        await prove(misses(peer, peer.get_later))
        await prove(callers(peer))
    if peer.can_remove:
        await peer.reset()
        await peer.fill(101)
        await prove(removals(peer, 1010))
    if peer.can_expire:
        await peer.expire(50)
    await peer.close()


async def test_ours_runs_the_loader_once_for_all_callers():
    """Whoever asks meanwhile gets the same answer."""
    peer = Ours()
    await prove(callers(peer))
    assert peer.calls == 1
    await peer.close()


def test_goals_are_about_peers():
    """A goal names work and a peer."""
    names = {peer.name for peer in PEERS}
    lines = [line for line in read_goals() if line.tier == "C"]
    assert lines
    for line in lines:
        assert line.row in (*WORK, PREPARED)
        assert line.against.removeprefix("peer:") in names


def test_a_ratio_is_of_one_round():
    """Not of the medians of all."""
    found = {Ours: Measured({"hit": [1.0, 10.0, 2.0]}), CACHE: Measured({"hit": [2.0, 10.0, 6.0]})}
    assert times_ours(found, CACHE, "hit") == 2.0
    assert times_ours(found, CACHE, "miss") is None


def test_a_goal_is_ours_over_the_peer():
    """Also for options that were made before."""
    found = {
        Ours: Measured({"hit": [1.0]}),
        OursPrepared: Measured({"hit": [0.5]}),
        CACHE: Measured({"hit": [2.0]}),
    }
    against = f"peer:{CACHE.name}"
    assert goal_of(GoalLine("hit", "C", against, 1.0, 0.5, "must"), found).got == 0.5
    assert goal_of(GoalLine(PREPARED, "C", against, 1.0, 0.5, "must"), found).got == 0.25
    assert goal_of(GoalLine("miss", "C", against, 1.0, 0.5, "must"), found) is None


def test_where_a_peer_is_faster_it_is_told_what_it_leaves_out():
    """And a peer that is not there is told of in one line."""
    found = {
        Ours: Measured({"hit": [1.0], "miss": [1.0]}),
        BETTER: Measured({"hit": [2.0], "miss": [0.9]}),
        SLOW: Measured({}, failure="it is not installed"),
    }
    assert faster_at(found, BETTER) == ["miss"]
    assert faster_at(found, Ours) == []
    assert notes_of(found) == [
        f"{BETTER.name} is faster at: miss. To know: {BETTER.leaves_out}.",
        f"{SLOW.name}: it is not installed",
    ]


def test_a_peer_that_never_ends_is_one_line(monkeypatch):
    """It is stopped, told of, and not asked again."""
    asked = []
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    monkeypatch.setattr(rounds, "TIMEOUT", 0.2)
    monkeypatch.setattr(rounds, "command_for", lambda peer: asked.append(peer) or command)
    found = rounds.run_rounds(2, CACHE.name, lambda _: None)
    assert sorted(peer.name for peer in asked) == sorted(
        {Ours.name, OursPrepared.name, *(peer.name for peer in HERE if CACHE.name in peer.name)}
    )
    words = "no figures, for it took more than 0.2 s and was stopped"
    assert f"{Ours.name}: {words}" in notes_of(found)


def test_each_peer_says_what_it_leaves_out():
    """A figure without that would compare what does not compare."""
    assert [peer.name for peer in PEERS if not issubclass(peer, Ours) and not peer.leaves_out] == []
