"""What the invariants cost: a check of a whole client, the share of it in a test, and watching each change.

Measured is CPU time, and of each figure the best round: who else uses the machine makes it slower, never faster. Run::

    python benchmarks/invariants.py [--rounds 15] [--check]
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Sequence

from goals import Goal, command_line, exit_code, no_collection

from mockapi.invariants import InvariantWatch, check_invariants
from mockapi.query_client import MakeTestQueryClient
from query import QueryClient, QueryObserver, QueryOptions

OBSERVED = 100


def microseconds(function: Callable[[], object], times: int, rounds: int) -> float:
    """CPU time of one call in the best round.

    Args:
        function: What to call.
        times: How often in a round.
        rounds: How many rounds.
    """
    best = float("inf")
    with no_collection():
        for _ in range(rounds):
            begin = time.process_time()
            for _ in range(times):
                function()
            best = min(best, (time.process_time() - begin) / times)
    return best * 1e6


async def a_test(*, check: bool) -> None:
    """What the fixture does in a test that writes one query."""
    make = MakeTestQueryClient()
    make(check=check).set_query_data(("a",), 1)
    await make.aclose()


def observed(client: QueryClient) -> list[Callable[[], None]]:
    """Many queries with data and an observer each.

    Args:
        client: Their client.
    """
    leaves = []
    for number in range(OBSERVED):
        client.set_query_data(("row", number), number)
        options = QueryOptions(query_key=("row", number), query_fn=lambda _: 1, stale_time=60)
        leaves.append(QueryObserver(client, options).subscribe(lambda _: None))
    return leaves


async def measure(rounds: int) -> list[Goal]:
    """The figures with their goals.

    Args:
        rounds: How many rounds of each.
    """
    make = MakeTestQueryClient()
    client = make(gc_time=600)
    empty = microseconds(lambda: check_invariants(client), 200, rounds)
    leaves = observed(client)
    each = microseconds(lambda: check_invariants(client), 10, rounds) / OBSERVED

    def write() -> None:
        client.set_query_data(("row", 1), object())

    alone = microseconds(write, 200, rounds)
    with InvariantWatch(client):
        watched = microseconds(write, 200, rounds)
    for leave in leaves:
        leave()
    await make.aclose()

    loop = asyncio.new_event_loop()

    def in_a_test(check: bool) -> Callable[[], None]:
        return lambda: loop.run_until_complete(a_test(check=check))

    def tests() -> tuple[float, float]:
        return (microseconds(in_a_test(True), 50, rounds), microseconds(in_a_test(False), 50, rounds))

    checked, unchecked = await asyncio.to_thread(tests)
    loop.close()
    print(f"a test that writes one query: {checked:.0f} us, without the check {unchecked:.0f} us")
    return [
        Goal("check_invariants of an empty client", empty, 20.0, " us"),
        Goal("check_invariants, one observed query", each, 20.0, " us"),
        Goal("its share of a test that writes one query", checked - unchecked, 60.0, " us"),
        Goal("a watched change, beyond an unwatched one", watched - alone, 60.0, " us"),
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and judge.

    Args:
        arguments: The command line; that of the process by default.

    Returns:
        The exit code: 1 if a goal is not met and ``--check`` was given.
    """
    parser = command_line("What the invariants cost.", 15, "rounds of each figure, of which the best counts")
    given = parser.parse_args(arguments)
    return exit_code(asyncio.run(measure(given.rounds)), given)


if __name__ == "__main__":
    sys.exit(main())
