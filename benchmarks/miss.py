"""How long it takes to explain a request that none of 1,000 mocks answers.

The time from sending the request to the error with its text: mocks ranked, the nearest ones compared, differences and a
mock to paste written down. deepdiff, which writes the differences, is loaded at the first of them, and not before: that
first one is shown by itself, in a process of its own. Measured is wall time, with the CPU time beside it; the best of
the rounds is judged, since whoever else uses the machine makes it slower, never faster. Run::

    python benchmarks/miss.py [--mocks 1000] [--rounds 9] [--check]
"""

from __future__ import annotations

import gc
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import httpx
from goals import Goal, command_line, exit_code

from mockapi import MockApiClient, UnmatchedRequestError, match_data, match_query

HOST = "https://api.test"
LIMIT = 50.0

BIG = {"items": [{"sku": f"S-{n}", "count": n, "note": "x" * 20} for n in range(400)], "ok": True}
"""A body of some 20 kB."""


def exact(client: MockApiClient, count: int) -> None:
    """A mock for each of many paths."""
    for number in range(count):
        client.add_mock_response(f"/organizations/acme/projects/{number}/", body={"id": number})


def templates(client: MockApiClient, count: int) -> None:
    """A template for each of many resources."""
    for number in range(count):
        client.add_mock_response(f"/organizations/$slug/resource-{number}/$id/", body={"id": number})


def queries(client: MockApiClient, count: int) -> None:
    """One path, told apart by query."""
    for number in range(count):
        client.add_mock_response("/events/", match=[match_query({"cursor": number, "limit": 10})])


def data(client: MockApiClient, count: int) -> None:
    """One path, told apart by data."""
    for number in range(count):
        order = {"sku": f"S-{number}", "address": {"city": "Wien", "street": ["a", number]}}
        client.add_mock_response("/orders/", method="POST", match=[match_data({"order": order, "express": False})])


def big(client: MockApiClient, count: int) -> None:
    """One path, each mock with a large body of its own to compare."""
    for number in range(count):
        items = [{"sku": f"S-{n}", "count": n, "note": str(number)} for n in range(100)]
        client.add_mock_response("/orders/", method="POST", match=[match_data({"items": items})])


def numbered(step: int) -> dict[str, int]:
    """Some 4,500 characters, no value of which agrees with that of another step."""
    return {f"line-{n}": n * step for n in range(300)}


def full(client: MockApiClient, count: int) -> None:
    """One path, each mock with a body that is just small enough for a difference, and differs everywhere."""
    for number in range(count):
        client.add_mock_response("/orders/", method="POST", match=[match_data({"lines": numbered(number + 2)})])


SHAPES: dict[str, tuple[Callable[[MockApiClient, int], None], Callable[[], Any]]] = {
    "exact paths": (exact, lambda: httpx.get(f"{HOST}/organizations/acme/projekts/17/")),
    "templates": (templates, lambda: httpx.get(f"{HOST}/organizations/acme/resource/17/")),
    "one path, by query": (queries, lambda: httpx.get(f"{HOST}/events/?cursor=x&limit=10&sort=name")),
    "one path, by data": (
        data,
        lambda: httpx.post(
            f"{HOST}/orders/", json={"order": {"sku": "S-17", "address": {"city": "Graz"}}, "express": False}
        ),
    ),
    "one path, as much as is compared": (full, lambda: httpx.post(f"{HOST}/orders/", json={"lines": numbered(-1)})),
    "one path, big bodies": (big, lambda: httpx.post(f"{HOST}/orders/", json=BIG)),
    "one path, a big body that is no JSON": (big, lambda: httpx.post(f"{HOST}/orders/", content=b"\xff" * 1_000_000)),
    "another method": (data, lambda: httpx.get(f"{HOST}/orders/")),
}

FIRST = """
import sys, time
import httpx
from mockapi import MockApiClient, UnmatchedRequestError, match_data

with httpx.Client() as sender, MockApiClient() as client:
    client.add_mock_response("/orders/", method="POST", match=[match_data({"sku": "B-2"})])
    sender.post("https://api.test/orders/", json={"sku": "B-2"})
    print("deepdiff" in sys.modules)
    begin = time.perf_counter()
    try:
        sender.post("https://api.test/orders/", json={"sku": "B-02"})
    except UnmatchedRequestError as error:
        assert "expected 'B-2'" in str(error)
    print((time.perf_counter() - begin) * 1e3)
    print("deepdiff" in sys.modules)
    client.unmatched.clear()
"""


def explained(send: Callable[[], Any]) -> tuple[float, float, str]:
    """Wall and CPU milliseconds from sending a request to its error, and the error's text.

    Args:
        send: Sends the request.

    Raises:
        RuntimeError: It was answered.
    """
    wall, cpu = time.perf_counter(), time.thread_time()
    try:
        send()
    except UnmatchedRequestError as error:
        return (time.perf_counter() - wall) * 1e3, (time.thread_time() - cpu) * 1e3, str(error)
    raise RuntimeError("a mock answered a request that none should")


def measure(shape: str, mocks: int, rounds: int) -> tuple[float, float, float, str]:
    """Milliseconds of a miss: best, median, and CPU; and the text.

    Args:
        shape: One of ``SHAPES``.
        mocks: How many mocks.
        rounds: How many misses.
    """
    fill, ask = SHAPES[shape]
    # one client of httpx for all: what making it costs is not the question
    with MockApiClient() as client, httpx.Client() as sender:
        fill(client, mocks)
        kept = {name: getattr(httpx, name) for name in ("get", "post")}
        try:
            for name in kept:
                setattr(httpx, name, getattr(sender, name))
            explained(ask)
            gc.collect()
            taken = [explained(ask) for _ in range(rounds)]
        finally:
            for name, function in kept.items():
                setattr(httpx, name, function)
            client.unmatched.clear()
    walls, cpus, texts = zip(*taken, strict=True)
    return min(walls), statistics.median(walls), statistics.median(cpus), texts[0]


def first_miss() -> tuple[bool, float]:
    """Whether deepdiff is loaded before the first difference, and the milliseconds of that one, with its loading.

    Raises:
        RuntimeError: deepdiff was not loaded then either, so this proves nothing.
    """
    done = subprocess.run([sys.executable, "-c", FIRST], capture_output=True, text=True, check=True)
    before, taken, after = done.stdout.split()
    if after != "True":
        raise RuntimeError("the first difference was written without deepdiff, so this proves nothing")
    return before == "True", float(taken)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and judge.

    Args:
        arguments: The command line; that of the process by default.

    Returns:
        The exit code: 1 if a goal is not met and ``--check`` was given.
    """
    parser = command_line(
        "How long it takes to explain a request that no mock answers.",
        9,
        "misses of each shape, of which the best counts",
    )
    parser.add_argument("--mocks", type=int, default=1000, help="how many there are")
    parser.add_argument("--show", action="store_true", help="print the texts as well")
    given = parser.parse_args(arguments)
    print(f"a miss among {given.mocks} mocks, ms from the request to its error, {given.rounds} misses each")
    print(f"  {'':38} {'best':>8} {'median':>8} {'CPU':>8}")
    goals: list[Goal] = []
    for shape in SHAPES:
        best, median, cpu, text = measure(shape, given.mocks, given.rounds)
        print(f"  {shape:38} {best:8.1f} {median:8.1f} {cpu:8.1f}")
        if given.show:
            print(text)
        goals.append(Goal(f"a miss, {shape}", best, LIMIT, " ms"))
    too_early, taken = first_miss()
    print(f"  {'the first of a process, among 1 mock':38} {taken:8.1f}   with the loading of deepdiff")
    print(f"  deepdiff loaded before it: {'yes' if too_early else 'no'}")
    goals.append(Goal("deepdiff loaded before the first miss", float(too_early), 0.0))
    return exit_code(goals, given)


if __name__ == "__main__":
    sys.exit(main())
