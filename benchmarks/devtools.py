"""What the page of the devtools costs the cache while it is open, for a viewer that never reads.

Two kinds of rounds take turns: with the page closed, and with it open, its log on, and a viewer connected who takes
nothing from the socket. Each makes 10,000 changes; compared is the CPU time of the two halves of a round, and shown the
median of that over all rounds. Run::

    python benchmarks/devtools.py [--rounds 41] [--check]
"""

from __future__ import annotations

import asyncio
import gc
import socket
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Sequence

from goals import Goal, command_line, exit_code

from query import QueryClient, QueryObserver, QueryOptions
from query.devtools import DevtoolsServer, serve_devtools

EVENTS = 10_000
LIMIT = 1.05

Work = Callable[[QueryClient], Awaitable[None]]


async def write(client: QueryClient) -> None:
    """Changes that nobody watches: the cheapest there are, and so those that a log weighs most on."""
    for number in range(EVENTS):
        client.set_query_data(("row",), {"n": number})


async def write_new(client: QueryClient) -> None:
    """Each makes a query."""
    for number in range(EVENTS):
        client.set_query_data(("row", number), {"n": number})


async def write_watched(client: QueryClient) -> None:
    """Each is told to an observer."""
    leave = QueryObserver(client, QueryOptions(query_key=("row",), stale_time=60)).subscribe(lambda _: None)
    for number in range(EVENTS):
        client.set_query_data(("row",), {"n": number})
    leave()


async def fetch(client: QueryClient) -> None:
    """Half as many fetches, of two changes each; the loop turns, and the page may be made in between."""
    options = QueryOptions(query_key=("row",), query_fn=lambda _: {"n": 1})
    for _ in range(EVENTS // 2):
        await client.fetch_query(options)


WORKS: dict[str, Work] = {
    "written, not watched": write,
    "written, each new": write_new,
    "written, watched": write_watched,
    "fetched": fetch,
}


async def viewer(server: DevtoolsServer) -> socket.socket:
    """A connection that asks for the stream of events and never reads."""
    base, _, token = server.url.partition("/?token=")
    host = base.removeprefix("http://")
    name, _, port = host.partition(":")
    connection = socket.create_connection((name, int(port)))
    connection.sendall(f"GET /events?token={token} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    await asyncio.sleep(0.15)
    assert connection.recv(15, socket.MSG_PEEK) == b"HTTP/1.1 200 OK"
    return connection


async def timed(work: Work, *, is_open: bool) -> float:
    """CPU seconds of one half of a round.

    Args:
        work: What to do.
        is_open: Whether somebody has the page open.
    """
    client = QueryClient()
    client.mount()
    client.set_query_data(("row",), {"n": -1})
    server = await serve_devtools(client) if is_open else None
    connection = await viewer(server) if server is not None else None
    # a full log, as after some use: what is dropped from it is part of the cost
    for number in range(1_000):
        client.set_query_data(("row",), {"n": -number})
    gc.collect()
    began = time.thread_time()
    await work(client)
    took = time.thread_time() - began
    if server is not None and connection is not None:
        assert server.page.log.events()
        connection.close()
        await server.aclose()
    client.clear()
    client.unmount()
    await client.aclose()
    return took


async def measure(rounds: int) -> list[Goal]:
    """The ratios with their goal.

    Args:
        rounds: How many rounds of each kind of work.
    """
    goals: list[Goal] = []
    print(f"{EVENTS:,} changes; microseconds of each, median of {rounds} rounds\n")
    print(f"{'':24}{'closed':>10}{'open':>10}{'ratio':>10}")
    for name, work in WORKS.items():
        closed: list[float] = []
        opened: list[float] = []
        for number in range(rounds):
            for is_open in (False, True) if number % 2 else (True, False):
                (opened if is_open else closed).append(await timed(work, is_open=is_open) / EVENTS * 1e6)
        ratio = statistics.median(one / other for one, other in zip(opened, closed, strict=True))
        print(f"{name:24}{statistics.median(closed):10.2f}{statistics.median(opened):10.2f}{ratio:10.3f}")
        goals.append(Goal(f"{name}, open over closed", ratio, LIMIT))
    return goals


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and judge.

    Args:
        arguments: The command line; that of the process by default.

    Returns:
        The exit code: 1 if a goal is not met and ``--check`` was given.
    """
    parser = command_line("What an open page of the devtools costs.", 41, "rounds, of which the median counts")
    given = parser.parse_args(arguments)
    return exit_code(asyncio.run(measure(given.rounds)), given)


if __name__ == "__main__":
    sys.exit(main())
