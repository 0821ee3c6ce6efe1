"""All benchmarks of the query cache, and the pages and charts that show what they found.

    python benchmarks/everything.py [--rounds 5] [--peer-rounds 3] [--only fetch_hit] [--without quick,peers,mocks]

Writes ``benchmarks/results.md``, the tables of ``docs/performance.md``, which are the same, and the charts in
``docs/images``. With ``--only`` or ``--without``, or where there is no Node, it prints and writes nothing: a page is of
one run, and a part is not to replace the whole.
"""

from __future__ import annotations

import argparse
import logging
import os
import platform
import statistics
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import mocked_requests
import page
import python_peers
import quick
import side_by_side
from charts import bars, curves
from goals import Goal, judge, shown
from peers import rounds as peer_rounds
from peers.peer import Peer
from side import baseline
from side.catalog import ROWS
from side.curves import OBSERVERS, OF_OBSERVERS, OF_QUERIES, QUERIES, Curve, points_of
from side.goal_list import read_goals
from side.rounds import Sides, chosen, missing_packages, run_rounds, troubles_of, why_no_node
from side.row import Row
from side.tables import goal_cells, lines_of, markdown, print_lines, time_of

HERE = Path(__file__).parent
RESULTS = HERE / "results.md"
GUIDE = HERE.parent / "docs" / "performance.md"
IMAGES = HERE.parent / "docs" / "images"

OPTIONAL = ("quick", "peers", "mocks")
"""What ``--without`` can leave out."""

Peers = Mapping[type[Peer], peer_rounds.Measured]


def say(line: str) -> None:
    """Print how far it is, apart from the results.

    Args:
        line: What to print.
    """
    print(line, file=sys.stderr, flush=True)


def about(sides: Sides, rounds: int) -> str:
    """What ran, and where.

    Args:
        sides: Both sides.
        rounds: How many rounds.
    """
    node = sides.node.runtime or f"no Node ({why_no_node()})"
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores that others use too"
    return f"{sides.ours.runtime} beside {node}; {rounds} rounds; {machine}.\n"


def goals_table(goals: Sequence[Goal]) -> str:
    """All goals, and how many are met.

    Args:
        goals: The goals.
    """
    met = sum(goal.is_met for goal in goals)
    table = markdown(["", "found", "at most", "better", ""], [goal_cells(goal) for goal in goals])
    return f"{met} of {len(goals)} are as good as was promised.\n\n{table}"


def rows_table(sides: Sides, names: Sequence[str]) -> str:
    """All rows of both sides.

    Args:
        sides: Both sides.
        names: The rows.
    """
    lines = [list(line) for line in lines_of(sides, names)]
    return markdown(["", "Node", "ours", "ours / Node", "of the rounds"], lines)


def growth_table(sides: Sides) -> str:
    """The slopes of the curves.

    Args:
        sides: Both sides.
    """
    lines: list[list[str]] = []
    for all_of, sizes in ((OF_QUERIES, QUERIES), (OF_OBSERVERS, OBSERVERS)):
        for curve in all_of:
            ours, node = points_of(sides.ours, curve, sizes), points_of(sides.node, curve, sizes)
            if len(ours) < 2:
                continue
            between = " / ".join(time_of(ours[size]) for size in sizes if size in ours)
            theirs = " / ".join(time_of(node[size]) for size in sizes if size in node) or "-"
            slopes = [f"{curves.slope(points):.2f}" if len(points) > 1 else "-" for points in (ours, node)]
            lines.append(
                [f"{curve.title} ({' / '.join(f'{size:,}' for size in sizes)})", between, slopes[0], theirs, slopes[1]]
            )
    return markdown(["", "ours", "slope", "Node", "slope"], lines)


def peers_table(found: Peers) -> str:
    """What peers take, in times of ours.

    Args:
        found: What was measured.
    """
    cells = [python_peers.cells_of(found, peer) for peer in found if found[peer].values]
    notes = "".join(f"* {note}\n" for note in python_peers.notes_of(found))
    return f"{markdown(['', *peer_rounds.WORK, 'loader runs'], cells)}\n{notes}"


def mocks_table() -> str:
    """What a mocked request costs, in requests that the HTTP library answers by itself."""
    rows = [row for row in mocked_requests.rows_of([1, 1000], None) if row.kind == "exact"]
    found = mocked_requests.measure(rows, 9)
    kinds = dict.fromkeys((row.name, row.client.__name__) for row in rows)
    lines = [
        [
            f"{name}, {client}",
            *(
                shown(mocked_requests.ratio_of(samples))
                for row, samples in found.items()
                if (row.name, row.client.__name__) == (name, client)
            ),
        ]
        for name, client in kinds
    ]
    return markdown(["", "1 mock", "1,000 mocks"], lines)


def counted_table(found: quick.Quick) -> str:
    """Instructions and bytes, beside the baseline.

    Args:
        found: What was counted.
    """
    kept = baseline.read()
    before = {} if kept is None else kept.figures
    changes = baseline.changes_of(before, found.instructions) + baseline.changes_of(before, found.sizes)
    lines = [
        [
            change.row,
            "-" if change.before is None else f"{change.before:,.0f}",
            f"{change.now:,.0f}",
            "" if change.before is None else f"{change.share:+.1%}",
        ]
        for change in changes
    ]
    return markdown(["instructions or bytes", "baseline", "now", "change"], lines)


def charts_of(sides: Sides) -> dict[str, str]:
    """The charts, by the name of their file.

    Args:
        sides: Both sides; of Node there must be figures.
    """

    def plots(all_of: Sequence[Curve], sizes: tuple[int, ...]) -> list[curves.Plot]:
        made = [
            curves.Plot(curve.title, points_of(sides.ours, curve, sizes), points_of(sides.node, curve, sizes))
            for curve in all_of
        ]
        return [plot for plot in made if len(plot.ours) > 1]

    rows = dict.fromkeys(line.row for line in read_goals() if line.tier == "B" and line.against == "node")
    shown_rows = [row for row in rows if sides.ours.values.get(row) and sides.node.values.get(row)]
    return {
        "beside-node.svg": bars.draw(
            [
                bars.Bar(
                    row,
                    statistics.median(
                        a / b for a, b in zip(sides.ours.values[row], sides.node.values[row], strict=True)
                    ),
                    sides.ours.units[row] == "bytes",
                )
                for row in shown_rows
            ]
        ),
        "growth-queries.svg": curves.draw(
            "What grows with the number of queries", "queries", plots(OF_QUERIES, QUERIES)
        ),
        "growth-observers.svg": curves.draw(
            "What grows with the number of observers", "observers of one query", plots(OF_OBSERVERS, OBSERVERS)
        ),
    }


TITLES = {
    "about": "What ran",
    "goals": "Goals",
    "rows": "Every row",
    "growth": "Growth",
    "peers": "Python peers",
    "mocks": "Mock libraries, in requests that the HTTP library answers by itself",
    "counted": "Instructions and bytes",
}


def why_nothing_is_written(rows: Sequence[Row], without: Collection[str]) -> str | None:
    """Why a run leaves the pages as they are; None if it writes them.

    Args:
        rows: Which rows it runs.
        without: What else it leaves out.
    """
    if without or len(rows) < len(ROWS):
        return "it was a part, which is not to replace the whole"
    return why_no_node()


def write(blocks: Mapping[str, str], charts: Mapping[str, str]) -> None:
    """Write the results, the guide and the charts.

    Args:
        blocks: All tables, by name.
        charts: Charts, by the name of their file.
    """
    parts = [f"## {title}\n\n{page.block(name, blocks[name])}" for name, title in TITLES.items()]
    RESULTS.write_text("# Results of the benchmarks\n\nWritten by `make bench`.\n\n" + "\n".join(parts))
    GUIDE.write_text(page.replaced(GUIDE.read_text(), blocks))
    IMAGES.mkdir(exist_ok=True)
    for name, chart in charts.items():
        (IMAGES / name).write_text(chart)


def left_out(words: str) -> set[str]:
    """What ``--without`` names.

    Args:
        words: Its value, with commas between.

    Raises:
        ArgumentTypeError: It names what cannot be left out.
    """
    named = {word for word in words.split(",") if word}
    if not named <= set(OPTIONAL):
        raise argparse.ArgumentTypeError(f"{words!r} is not of {', '.join(OPTIONAL)}")
    return named


def main(arguments: Sequence[str] | None = None) -> int:
    """Run all, print, and write.

    Args:
        arguments: The command line; that of the process by default.

    Returns:
        The exit code: 1 if a row did the wrong thing.
    """
    parser = argparse.ArgumentParser(description="All benchmarks of the query cache.")
    parser.add_argument("--rounds", type=int, default=5, help="rounds beside Node")
    parser.add_argument("--peer-rounds", type=int, default=3, help="rounds of the peers")
    parser.add_argument(
        "--only", dest="rows", type=chosen, default="", help="parts of the names of rows, with commas between"
    )
    parser.add_argument(
        "--without", type=left_out, default="", help=f"what to leave out: {', '.join(OPTIONAL)}; with commas between"
    )
    given = parser.parse_args(arguments)
    rows: list[Row] = given.rows
    without: Collection[str] = OPTIONAL if len(rows) < len(ROWS) else given.without
    # httpx logs each request
    logging.disable(logging.CRITICAL)
    names = [row.name for row in rows]
    for package in missing_packages(rows):
        print(f"without the rows that need {package}, which is not installed")
    sides = run_rounds(rows, given.rounds, lambda line: say(f"beside Node: {line}"))
    goals = side_by_side.goals_of(sides)
    blocks = {"about": about(sides, given.rounds), "rows": rows_table(sides, names), "growth": growth_table(sides)}
    print(blocks["about"])
    print_lines(list(lines_of(sides, names)))
    if "peers" not in without:
        found = peer_rounds.run_rounds(given.peer_rounds, "", lambda line: say(f"peers: {line}"))
        goals += peer_rounds.goals_of(read_goals(), found)
        blocks["peers"] = peers_table(found)
        print(f"\n{blocks['peers']}")
    if "mocks" not in without:
        blocks["mocks"] = mocks_table()
        print(f"\n{blocks['mocks']}")
    if "quick" not in without:
        counted = quick.measure()
        goals += quick.goals_of(counted.growth)
        blocks["counted"] = counted_table(counted)
        print(f"\n{blocks['counted']}")
    blocks["goals"] = goals_table(goals)
    judge(goals)
    troubles = troubles_of(sides, rows)
    for trouble in troubles:
        print(f"WRONG  {trouble}")
    why_not = why_nothing_is_written(rows, without)
    if why_not is None:
        write(blocks, charts_of(sides))
        print(f"\nwritten: {RESULTS}, {GUIDE} and the charts in {IMAGES}")
    else:
        print(f"\nnothing is written: {why_not}")
    return 1 if troubles else 0


if __name__ == "__main__":
    sys.exit(main())
