"""Whether requests that are under way together mix, or are lost from the history.

50 tasks of one event loop and 16 threads send requests with both libraries at the same time. Each request carries the
name of its sender and a number, each answer says which mock client gave it to whom, and each history must hold each of
its requests once. The interpreter switches threads as often as it can. Run::

    python benchmarks/isolation.py [--requests 10000] [--tasks 50] [--threads 16] [--check]
"""

from __future__ import annotations

import argparse
import asyncio
import collections
import contextlib
import contextvars
import sys
import threading
import time
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, NamedTuple

import httpx
import httpx2
from goals import Goal, judge

from mockapi import MockApiClient
from mockapi.errors import SeveralClientsError

LIBRARIES: tuple[ModuleType, ...] = (httpx, httpx2)
URL = "https://api.test/ask"
PATIENCE = 120.0


class Count(NamedTuple):
    """What became of the requests of one case.

    Attributes:
        case: Which case.
        sent: How many were sent.
        mixed: How many got another's answer, another library's type, or a record that names another sender.
        lost: How many are not in the history, or there more than once.
    """

    case: str
    sent: int
    mixed: int
    lost: int


class Load(NamedTuple):
    """Who sends how much.

    Attributes:
        tasks: How many tasks of one event loop.
        threads: How many threads.
        each: How many requests each of them sends with each library.
    """

    tasks: int
    threads: int
    each: int


class Ledger:
    """What was sent and what came back, noted by all senders."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []
        self.mixed: list[str] = []

    def note(self, sender: str, library: ModuleType, number: int, response: Any, client: str) -> None:
        """One answer.

        Args:
            sender: Who asked.
            library: With what.
            number: Its how-manieth request.
            response: What came.
            client: The name of the mock client that was to answer.
        """
        self.sent.append((sender, library.__name__, str(number)))
        if type(response) is not library.Response or response.text != f"{client} to {sender} {number}":
            self.mixed.append(f"{sender} {library.__name__} {number}: {response!r} {response.text!r}")

    def count(self, case: str, *mocks: MockApiClient) -> Count:
        """The verdict.

        Args:
            case: Which case.
            *mocks: The clients whose histories must hold all that was sent, and nothing else.
        """
        calls = [call for mock in mocks for call in mock.history]
        recorded = [(call.query["who"], call.library, call.query["n"]) for call in calls]
        wrong = [call for call in calls if call.query["who"] != (call.task or call.thread)]
        answered = sum(len(mock.calls) for mock in mocks)
        difference = collections.Counter(self.sent)
        difference.subtract(recorded)
        lost = sum(map(abs, difference.values())) + abs(answered - len(recorded))
        return Count(case, len(self.sent), len(self.mixed) + len(wrong), lost)


def ask(sender: str, load: Load, ledger: Ledger, client: str) -> None:
    """Send the requests of one thread.

    Args:
        sender: Its name.
        load: How many.
        ledger: Where to note the answers.
        client: Who should answer.
    """
    with httpx.Client(verify=False) as one, httpx2.Client(verify=False) as two:
        for number in range(load.each):
            askers: tuple[Any, ...] = (one, two)
            for library, asker in zip(LIBRARIES, askers, strict=True):
                response = asker.get(URL, params={"who": sender, "n": number})
                ledger.note(sender, library, number, response, client)


async def aask(sender: str, load: Load, ledger: Ledger, client: str) -> None:
    """Send the requests of one task.

    Args:
        sender: Its name.
        load: How many.
        ledger: Where to note the answers.
        client: Who should answer.
    """
    async with httpx.AsyncClient(verify=False) as one, httpx2.AsyncClient(verify=False) as two:
        for number in range(load.each):
            askers: tuple[Any, ...] = (one, two)
            for library, asker in zip(LIBRARIES, askers, strict=True):
                response = await asker.get(f"{URL}/later", params={"who": sender, "n": number})
                ledger.note(sender, library, number, response, client)


def answering(mock: MockApiClient, name: str) -> MockApiClient:
    """A client whose answers say who gave them, those for tasks after others have had their turn.

    Args:
        mock: The client.
        name: Its name.
    """

    def now(query: dict[str, str]) -> str:
        return f"{name} to {query['who']} {query['n']}"

    async def later(query: dict[str, str]) -> str:
        await asyncio.sleep(0)
        return now(query)

    mock.add_mock_response(URL, body=now)
    mock.add_mock_response(f"{URL}/later", body=later)
    return mock


def together(load: Load, in_thread: Callable[[str], None], in_task: Callable[[str], Any]) -> None:
    """Let all threads and tasks begin at once, and wait for them.

    Args:
        load: How many.
        in_thread: What a thread does, given its name. It starts without the context of whoever calls this.
        in_task: What a task does, an async function.

    Raises:
        BaseException: What one of them raised.
    """
    failures: list[BaseException] = []
    gate = threading.Barrier(load.threads + 1)

    def run(name: str) -> None:
        try:
            gate.wait(PATIENCE)
            in_thread(name)
        except BaseException as error:  # noqa: BLE001 - raised by the one who waits
            failures.append(error)

    async def main() -> None:
        async with asyncio.TaskGroup() as group:
            for number in range(load.tasks):
                group.create_task(in_task(f"task-{number}"), name=f"task-{number}")
            gate.wait(PATIENCE)

    names = [f"thread-{number}" for number in range(load.threads)]
    # an empty context also where Python lets a thread begin with a copy
    threads = [
        threading.Thread(target=contextvars.Context().run, args=(run, name), name=name, daemon=True) for name in names
    ]
    for thread in threads:
        thread.start()
    asyncio.run(main())
    for thread in threads:
        thread.join(PATIENCE)
    if failures:
        raise failures[0]


# -- the cases


def one_for_all(load: Load) -> Count:
    """One client answers everybody: tasks that know it, and threads that were started without a context.

    Args:
        load: Who sends how much.
    """
    ledger = Ledger()
    with MockApiClient() as mock:
        answering(mock, "all")
        together(load, lambda name: ask(name, load, ledger, "all"), lambda name: aask(name, load, ledger, "all"))
        return ledger.count("one client for all", mock)


def one_each(load: Load) -> Count:
    """Each task and each thread has a client of its own, by its context.

    Args:
        load: Who sends how much.
    """
    ledger = Ledger()
    mocks: list[MockApiClient] = []

    def in_thread(name: str) -> None:
        with MockApiClient() as mock:
            mocks.append(answering(mock, name))
            ask(name, load, ledger, name)
        count_own(mock, name)

    async def in_task(name: str) -> None:
        with MockApiClient() as mock:
            mocks.append(answering(mock, name))
            await aask(name, load, ledger, name)
        count_own(mock, name)

    def count_own(mock: MockApiClient, name: str) -> None:
        strangers = [call for call in mock.history if call.query["who"] != name]
        ledger.mixed.extend(f"{name} has {call!r}" for call in strangers)

    together(load, in_thread, in_task)
    return ledger.count("a client each", *mocks)


def one_each_for_helpers(load: Load) -> Count:
    """Each task has a client of its own, and sends from a thread and from a task that it starts: the context is copied.

    Args:
        load: Who sends how much.
    """
    ledger = Ledger()
    mocks: list[MockApiClient] = []

    def from_thread(name: str) -> None:
        threading.current_thread().name = name
        ask(name, load, ledger, name)

    async def in_task(name: str) -> None:
        with MockApiClient() as mock:
            mocks.append(answering(mock, name))
            if name.endswith(("0", "5")):
                await asyncio.to_thread(from_thread, name)
            else:
                await asyncio.create_task(aask(name, load, ledger, name), name=name)

    together(Load(load.tasks, 0, load.each), ask_nothing, in_task)
    return ledger.count("a client each, asked by helpers", *mocks)


def ask_nothing(name: str) -> None:
    """For a case without threads."""


def refused(load: Load) -> Count:
    """Two clients are active, and threads that know neither ask: each request is refused, and on record with both.

    Args:
        load: Who sends how much.
    """
    outcomes: list[bool] = []

    def in_thread(name: str) -> None:
        with httpx.Client(verify=False) as one, httpx2.Client(verify=False) as two:
            for number in range(load.each):
                for asker in (one, two):
                    try:
                        asker.get(URL, params={"who": name, "n": number})
                        outcomes.append(True)
                    except SeveralClientsError:
                        outcomes.append(False)

    async def in_task(name: str) -> None:
        """A task knows its client; it has nothing to do here."""

    with MockApiClient() as one, MockApiClient() as two:
        answering(one, "one")
        answering(two, "two")
        together(Load(0, load.threads, load.each), in_thread, in_task)
        sent = len(outcomes)
        lost = 0
        for mock in (one, two):
            told = {(str(error.request.url), type(error.request).__module__) for error in mock.unmatched}
            lost += sent - len(told)
            mock.unmatched.clear()
        return Count("two clients, threads that know neither", sent, sum(outcomes), lost)


CASES: tuple[Callable[[Load], Count], ...] = (one_for_all, one_each, one_each_for_helpers, refused)


@contextlib.contextmanager
def busy_switching() -> Iterator[None]:
    """Time in which threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def measure(load: Load) -> list[Count]:
    """All cases.

    Args:
        load: Who sends how much.
    """
    with busy_switching():
        return [case(load) for case in CASES]


def main() -> None:
    """Print what became of the requests of each case, and fail if one was mixed or lost."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--requests", type=int, default=10_000, help="at least so many in the cases with all senders")
    parser.add_argument("--tasks", type=int, default=50)
    parser.add_argument("--threads", type=int, default=16)
    parser.add_argument("--check", action="store_true", help="exit with 1 if a goal is not met")
    options = parser.parse_args()
    senders = (options.tasks + options.threads) * len(LIBRARIES)
    load = Load(options.tasks, options.threads, -(-options.requests // senders))
    begin = time.perf_counter()
    counts = measure(load)
    print(f"{'case':42} {'sent':>7} {'mixed':>6} {'lost':>6}")
    for count in counts:
        print(f"{count.case:42} {count.sent:7} {count.mixed:6} {count.lost:6}")
    print(f"{options.tasks} tasks, {options.threads} threads, {len(LIBRARIES)} libraries", end="; ")
    print(f"{time.perf_counter() - begin:.1f} s on the clock")
    goals = [Goal("mixed", sum(count.mixed for count in counts), 0), Goal("lost", sum(c.lost for c in counts), 0)]
    if not judge(goals) and options.check:
        sys.exit(1)


if __name__ == "__main__":
    main()
