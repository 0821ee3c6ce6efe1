"""The query cache beside what else a Python program could use: the same loader, the same keys, in rounds.

    python benchmarks/python_peers.py [--rounds 3] [--only cachebox,cashews] [--check]

Each peer runs in a process of its own, and ours in each round, so a ratio is of one round. Each first shows that it
gives the right data, and how often the loader ran. What a peer leaves out is told where it is faster.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

from goals import command_line, exit_code, shown
from peers.ours import Ours
from peers.peer import Peer
from peers.rounds import WORK, Measured, goals_of, run_rounds, times_ours
from side.goal_list import read_goals
from side.tables import time_of


def cells_of(found: Mapping[type[Peer], Measured], peer: type[Peer]) -> list[str]:
    """A row of the table: what a peer takes for each kind of work, in times of ours, and how often its loader ran.

    Args:
        found: What was measured.
        peer: Whom.
    """
    measured = found[peer]
    cells = [peer.name]
    for what in WORK:
        values = measured.values.get(what)
        if not values:
            cells.append("-")
            continue
        middle = sorted(values)[len(values) // 2]
        ratio = None if peer is Ours else times_ours(found, peer, what)
        cells.append(time_of(middle) if ratio is None else f"{time_of(middle)} ({shown(ratio)}x)")
    cells.append("" if measured.runs is None else f"{measured.runs} of {measured.callers}")
    return cells


def faster_at(found: Mapping[type[Peer], Measured], peer: type[Peer]) -> list[str]:
    """The kinds of work at which a peer is faster than ours.

    Args:
        found: What was measured.
        peer: Whom.
    """
    if issubclass(peer, Ours):
        return []
    ratios = {what: times_ours(found, peer, what) for what in WORK}
    return [what for what, ratio in ratios.items() if ratio is not None and ratio < 1]


def notes_of(found: Mapping[type[Peer], Measured]) -> list[str]:
    """Lines about peers that are faster somewhere, or have no figures.

    Args:
        found: What was measured.
    """
    notes: list[str] = []
    for peer, measured in found.items():
        if measured.failure is not None:
            notes.append(f"{peer.name}: {measured.failure}")
        faster = faster_at(found, peer)
        if faster:
            notes.append(f"{peer.name} is faster at: {', '.join(faster)}. To know: {peer.leaves_out}.")
    return notes


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and judge.

    Args:
        arguments: The command line; that of the process by default.

    Returns:
        The exit code: 1 if a goal is not met and ``--check`` was given.
    """
    parser = command_line(
        "The query cache beside what else a Python program could use.", 3, "rounds, of which the median counts"
    )
    parser.add_argument("--only", default="", help="parts of the names of peers, with commas between")
    given = parser.parse_args(arguments)
    found = run_rounds(given.rounds, given.only, lambda line: print(line, file=sys.stderr, flush=True))
    table = [["", *WORK, "loader runs"], *(cells_of(found, peer) for peer in found if found[peer].values)]
    widths = [max(len(row[i]) for row in table) for i in range(len(table[0]))]
    for row in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    print()
    for note in notes_of(found):
        print(note)
    return exit_code(goals_of(read_goals(), found), given)


if __name__ == "__main__":
    sys.exit(main())
