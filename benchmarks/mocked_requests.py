"""What one mocked request costs, by the number and the kind of the mocks, beside other mock libraries.

A client that is kept sends GET requests. The floor is ``MockTransport`` with a function that makes the answer: the
least that a mocked request of httpx or httpx2 can cost; for requests, which responses mocks, an adapter that does so.
It runs right before each measurement, and the ratio of the two counts, since a shared machine is not equally fast all
the time. Measured is the CPU time of the thread. The mock that answers is the one that its library looks at last: the
newest of the others, the oldest of ours. The others have no templates; theirs are regular expressions. Run::

    python benchmarks/mocked_requests.py [--rounds 21] [--sizes 1 100 1000] [--only mockapi] [--check]

A row that takes longer than some milliseconds a request has fewer requests a round, and fewer rounds.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from types import ModuleType
from typing import Any, NamedTuple

import httpx
import httpx2
from goals import Goal, command_line, exit_code, no_collection, shown, spread
from mock_peers import BODY, KINDS, REQUESTS, Ours, Peer, PytestHttpx, Responses, Respx

SECONDS_A_ROUND = 0.025
SLOW = 0.002


class Row(NamedTuple):
    """What is measured: a library at one number of mocks.

    Attributes:
        name: The library, and how it is used.
        client: The package that sends the requests.
        kind: One of ``KINDS``.
        size: How many mocks.
        make: Makes the library with its mocks.
    """

    name: str
    client: ModuleType
    kind: str
    size: int
    make: Callable[[str, int], Peer]


Sample = tuple[float, float]
"""Seconds a request, and what the floor took right before."""


def rows_of(sizes: Sequence[int], only: str | None) -> list[Row]:
    """What is measured, in the order in which it is printed.

    Args:
        sizes: Numbers of mocks.
        only: A part of the names of libraries; None for all.
    """
    peers: list[tuple[str, ModuleType, Callable[[str, int], Peer]]] = [
        ("mockapi", httpx, Ours),
        ("respx", httpx, partial(Respx, using="httpcore")),
        ('respx using="httpx"', httpx, partial(Respx, using="httpx")),
        ("pytest-httpx", httpx, PytestHttpx),
        ("mockapi", httpx2, Ours),
        ("pytest-httpx2", httpx2, partial(Respx, using="httpcore2")),
        ("responses", REQUESTS, Responses),
    ]
    return [
        Row(name, client, kind, size, make)
        for kind in KINDS
        for name, client, make in peers
        for size in sizes
        if (only is None or only in name) and (kind == "exact" or size > 1)
    ]


def floor_of(client: ModuleType) -> Callable[[str], object]:
    """A function that sends a request for the least that it can cost.

    Args:
        client: httpx, httpx2 or requests.
    """
    if client is REQUESTS:
        return _floor_of_requests()
    transport = client.MockTransport(lambda _: client.Response(200, json=BODY))
    get: Callable[[str], object] = client.Client(transport=transport).get
    return get


def _floor_of_requests() -> Callable[[str], object]:
    class Adapter(REQUESTS.adapters.BaseAdapter):  # type: ignore[misc]
        """Answers by itself, as ``MockTransport`` does."""

        def send(self, request: Any, **_: Any) -> Any:
            response = REQUESTS.Response()
            response.status_code = 200
            response._content = b'{"id": 1, "name": "Apollo"}'
            response.request, response.url = request, request.url
            return response

        def close(self) -> None:
            return None

    session = new_client(REQUESTS)
    session.mount("https://", Adapter())
    get: Callable[[str], object] = session.get
    return get


def new_client(client: ModuleType) -> Any:
    """A client that is kept.

    Args:
        client: httpx, httpx2 or requests.
    """
    return client.Session() if client is REQUESTS else client.Client()


def timed(get: Callable[[str], Any], url: str, count: int) -> float:
    """CPU seconds for one request, the mean of *count*.

    Args:
        get: Sends one.
        url: For what.
        count: How many.
    """
    begin = time.thread_time()
    for _ in range(count):
        get(url)
    return (time.thread_time() - begin) / count


def measure(rows: Sequence[Row], rounds: int) -> dict[Row, list[Sample]]:
    """Samples of each row, one a round.

    Args:
        rows: What to measure.
        rounds: How many.
    """
    floors = {client: floor_of(client) for client in (httpx, httpx2, REQUESTS)}
    made = [(row, row.make(row.kind, row.size), new_client(row.client)) for row in rows]
    samples: dict[Row, list[Sample]] = {row: [] for row in rows}
    # thousands of routes, which each collection would go through
    gc.freeze()
    cost: dict[Row, float] = {}
    for number in range(rounds):
        for row, peer, client in made:
            if cost.get(row, 0) > SLOW and number % 4:
                continue
            # before the start: some mock any client, also the floor's
            floor = floors[row.client]
            floor(peer.target)
            with no_collection():
                base = timed(floor, peer.target, 250)
                peer.start()
                try:
                    assert client.get(peer.target).json() == BODY
                    if row not in cost:
                        cost[row] = timed(client.get, peer.target, 3)
                    count = max(5, min(250, int(SECONDS_A_ROUND / cost[row])))
                    samples[row].append((timed(client.get, peer.target, count), base))
                finally:
                    peer.stop()
    for _, _, client in made:
        client.close()
    return samples


async def measure_async(client: ModuleType, size: int, rounds: int) -> list[Sample]:
    """Samples of ours and an async client, beside its own floor.

    Args:
        client: httpx or httpx2.
        size: How many mocks.
        rounds: How many samples.
    """

    async def timed_async(get: Callable[[str], Awaitable[object]]) -> float:
        begin = time.thread_time()
        for _ in range(200):
            await get(peer.target)
        return (time.thread_time() - begin) / 200

    peer = Ours("exact", size)
    transport = client.MockTransport(lambda _: client.Response(200, json=BODY))
    samples: list[Sample] = []
    async with client.AsyncClient(transport=transport) as floor, client.AsyncClient() as mocked:
        for _ in range(rounds):
            peer.start()
            await floor.get(peer.target)
            await mocked.get(peer.target)
            with no_collection():
                base = await timed_async(floor.get)
                samples.append((await timed_async(mocked.get), base))
            peer.stop()
    return samples


def report(title: str, figures: Sequence[tuple[str, str, int, Sequence[Sample]]]) -> None:
    """Print the table of one kind.

    Args:
        title: The kind.
        figures: Library, client, number of mocks and samples.
    """
    print(f"\n{title:34} {'mocks':>6} {'us':>9} {'floor':>8} {'ratio':>8}   half of the rounds")
    for name, client, size, samples in figures:
        taken, floor = (statistics.median(values) * 1e6 for values in zip(*samples, strict=True))
        low, ratio, high = spread([a / b for a, b in samples])
        print(
            f"  {name:22} {client:8} {size:7} {taken:9.1f} {floor:8.1f} {shown(ratio):>8}"
            f"   {shown(low)} to {shown(high)}"
        )


def ratio_of(samples: Sequence[Sample]) -> float:
    """How often the floor fits into a request, the median of the rounds.

    Args:
        samples: The samples.
    """
    return spread([taken / floor for taken, floor in samples])[1]


def goals_of(samples: dict[Row, list[Sample]]) -> list[Goal]:
    """The goals for what was measured.

    Args:
        samples: The samples of each row.
    """
    limits: list[tuple[ModuleType, str, int, float]] = [
        (httpx, "exact", 1, 1.15),
        (httpx, "exact", 1000, 1.20),
        (httpx, "template", 1000, 1.20),
        (httpx, "query", 1000, 3.0),
        (httpx2, "exact", 1, 1.20),
        (httpx2, "exact", 1000, 1.20),
        (httpx2, "template", 1000, 1.20),
    ]
    return [
        Goal(f"{client.__name__}, {size} mocks, {kind}, over MockTransport", ratio_of(taken), limit)
        for client, kind, size, limit in limits
        for row, taken in samples.items()
        if row.name == "mockapi" and (row.client, row.kind, row.size) == (client, kind, size)
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and judge.

    Args:
        arguments: The command line; that of the process by default.

    Returns:
        The exit code: 1 if a goal is not met and ``--check`` was given.
    """
    parser = command_line(
        "What one mocked request costs, beside other mock libraries.", 21, "rounds, of which the median counts"
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 100, 1000], help="numbers of mocks")
    parser.add_argument("--only", help="only the libraries whose name has this in it")
    given = parser.parse_args(arguments)
    # respx and httpx log each request; what a test run does with that is not the question
    logging.disable(logging.CRITICAL)
    rows = rows_of(given.sizes, given.only)
    samples = measure(rows, given.rounds)
    print(f"one mocked GET, CPU time of the thread, medians of {given.rounds} rounds; the floor is MockTransport")
    titles = {
        "exact": "exact paths",
        "template": "templates (peers: regexes)",
        "regex": "regular expressions",
        "query": "one path, told apart by query",
    }
    for kind in KINDS:
        report(titles[kind], [(r.name, r.client.__name__, r.size, samples[r]) for r in rows if r.kind == kind])
    waiting = [
        ("mockapi", client.__name__, size, asyncio.run(measure_async(client, size, given.rounds)))
        for client in (httpx, httpx2)
        for size in given.sizes
    ]
    report("exact paths, AsyncClient", waiting)
    return exit_code(goals_of(samples), given)


if __name__ == "__main__":
    sys.exit(main())
