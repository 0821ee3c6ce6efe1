"""The query cache beside TanStack Query on Node: the same operations on the same data, in rounds.

    python benchmarks/side_by_side.py [--rounds 5] [--only fetch_hit,notify] [--check]

Each row first shows that it does the right thing, on both sides. Then it is timed by the lesser of wall and CPU time.
The sides run in turn, the first of each round being the second of the next, and the ratio of a round is what counts:
below 1, ours is faster. Goals are in ``goals.toml``.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from goals import Goal, command_line, exit_code
from side.goal_list import goal_of, read_goals
from side.rounds import Sides, chosen, missing_packages, run_rounds, troubles_of, why_no_node
from side.row import Row
from side.tables import lines_of, print_lines


def goals_of(sides: Sides) -> list[Goal]:
    """The goals for what was measured.

    Args:
        sides: Both sides.
    """
    met = (goal_of(line, sides) for line in read_goals() if line.tier == "B")
    return [goal for goal in met if goal is not None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and judge.

    Args:
        arguments: The command line; that of the process by default.

    Returns:
        The exit code: 1 if a row did the wrong thing, or a goal is not met and ``--check`` was given.
    """
    parser = command_line("The query cache beside TanStack Query on Node.", 5, "rounds, of which the median counts")
    parser.add_argument(
        "--only", dest="rows", type=chosen, default="", help="parts of the names of rows, with commas between"
    )
    given = parser.parse_args(arguments)
    rows: list[Row] = given.rows
    missing = why_no_node()
    if missing is not None:
        print(f"without TanStack Query: {missing}")
    for package in missing_packages(rows):
        print(f"without the rows that need {package}, which is not installed")
    sides = run_rounds(rows, given.rounds, lambda line: print(line, file=sys.stderr, flush=True))
    print(f"{sides.ours.runtime}; {sides.node.runtime or 'no Node'}; medians of {given.rounds} rounds\n")
    print_lines(list(lines_of(sides, [row.name for row in rows])))
    troubles = troubles_of(sides, rows)
    for trouble in troubles:
        print(f"WRONG  {trouble}")
    code = exit_code(goals_of(sides), given)
    return 1 if troubles else code


if __name__ == "__main__":
    sys.exit(main())
