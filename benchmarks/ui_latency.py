"""How long it takes from a write to the cache until a component shows it, in each framework that has the hooks.

The tree is a real one in this process, without browser or terminal: what they add is theirs. Each framework has an
observer beside it, whose listener is told by the same write: what is left is the framework's own work. Run::

    python benchmarks/ui_latency.py [--writes 1000] [--rounds 5] [--check]
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from goals import Goal, command_line, judge

from query import QueryClient, QueryObserver, query_options

LIMIT: Final = 0.3
"""Milliseconds from a write to the new tree."""

OPTIONS = query_options(query_key=("number",), query_fn=lambda _: 0, stale_time=3600)

Measure = Callable[[int], Awaitable[list[float]]]


async def writes_seen(client: QueryClient, writes: int, seen: Callable[[int], Awaitable[None]]) -> list[float]:
    """Seconds from each write until it is seen.

    Args:
        client: Whose cache is written.
        writes: How often.
        seen: Waits until a number is shown.
    """
    taken: list[float] = []
    for number in range(1, writes + 1):
        begin = time.perf_counter()
        client.set_query_data(OPTIONS.query_key, number)
        await seen(number)
        taken.append(time.perf_counter() - begin)
    return taken


async def measure_observer(writes: int) -> list[float]:
    """A listener that is told in a later turn, as components are, and no component.

    Args:
        writes: How often to write.
    """
    client = QueryClient()
    client.set_query_data(OPTIONS.query_key, 0)
    observer = QueryObserver(client, OPTIONS)
    told = asyncio.Event()
    unsubscribe = observer.subscribe(client.environment.notify_manager.batch_calls(lambda _: told.set()))

    async def seen(number: int) -> None:
        await told.wait()
        told.clear()

    taken = await writes_seen(client, writes, seen)
    unsubscribe()
    await client.aclose()
    return taken


async def measure_reactpy(writes: int) -> list[float]:
    """A component of ReactPy: until its layout hands out the new tree.

    Args:
        writes: How often to write.
    """
    import reactpy
    from reactpy.core.layout import Layout

    from query.ui.reactpy import QueryClientProvider, use_query

    client = QueryClient()
    client.set_query_data(OPTIONS.query_key, 0)

    @reactpy.component
    def Number() -> Any:  # noqa: N802 - a component
        return reactpy.html.p(str(use_query(OPTIONS).data))

    async with Layout(QueryClientProvider(Number(), client=client)) as layout:
        await layout.render()
        # until the effects ran
        for _ in range(20):
            await asyncio.sleep(0)

        updates: list[Any] = []

        async def seen(number: int) -> None:
            updates.append(await layout.render())

        taken = await writes_seen(client, writes, seen)
        shown = [update["model"]["children"][0]["children"][0] for update in updates]
        assert shown == [str(number) for number in range(1, writes + 1)]
    await client.aclose()
    return taken


async def measure_flet(writes: int) -> list[float]:
    """A component of Flet: until its control has the new text.

    Args:
        writes: How often to write.
    """
    import flet
    from flet.messaging.connection import Connection
    from flet.messaging.session import Session
    from flet.pubsub.pubsub_hub import PubSubHub

    from query.ui.flet import QueryClientProvider, use_query

    # its types have holes
    ft: Any = flet

    class Nowhere(Connection):
        def send_message(self, message: Any) -> None:
            pass

    client = QueryClient()
    client.set_query_data(OPTIONS.query_key, 0)
    shown: list[Any] = []

    @ft.component  # type: ignore[untyped-decorator]
    def Number() -> Any:  # noqa: N802 - a component
        shown.append(ft.Text(str(use_query(OPTIONS).data)))
        return shown[-1]

    @ft.component  # type: ignore[untyped-decorator]
    def Root() -> Any:  # noqa: N802 - a component
        return QueryClientProvider(Number, client=client)

    kind: Any = Nowhere
    connection = kind()
    connection.loop, connection.executor = asyncio.get_running_loop(), ThreadPoolExecutor(1)
    connection.pubsubhub = PubSubHub(connection.loop, connection.executor)
    session: Any = Session(connection)
    session.attach_connection(connection)
    session.page.render(Root)
    session.get_page_patch()
    for _ in range(20):
        await asyncio.sleep(0)

    async def seen(number: int) -> None:
        # a control that was patched into the page has a parent
        while shown[-1].value != str(number) or shown[-1].parent is None:
            await asyncio.sleep(0)

    taken = await writes_seen(client, writes, seen)
    session.close()
    connection.executor.shutdown()
    for _ in range(20):
        await asyncio.sleep(0)
    await client.aclose()
    return taken


async def measure_textual(writes: int) -> list[float]:
    """A widget of Textual with a watcher: until it renders the new text.

    Args:
        writes: How often to write.
    """
    from textual.app import App, ComposeResult
    from textual.widgets import Static

    from query.ui.textual import use_query

    client = QueryClient()
    client.set_query_data(OPTIONS.query_key, 0)

    class Number(Static):
        number = use_query(OPTIONS)

        def watch_number(self) -> None:
            self.update(str(self.number.data))

    class Program(App[None]):
        query_client = client

        def compose(self) -> ComposeResult:
            yield Number()

    async with Program().run_test() as pilot:
        widget = pilot.app.query_one(Number)

        async def seen(number: int) -> None:
            while str(widget.render()) != str(number):
                await asyncio.sleep(0)

        taken = await writes_seen(client, writes, seen)
    await client.aclose()
    return taken


MEASURES: Final[Mapping[str, Measure]] = {
    "no framework": measure_observer,
    "ReactPy": measure_reactpy,
    "Flet": measure_flet,
    "Textual": measure_textual,
}
"""What to measure, by its name in the table."""
PROMISED: Final = ("ReactPy", "Textual")
"""Which of them are held to the limit."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; the exit code.

    Args:
        arguments: The command line; that of the process by default.
    """
    parser = command_line("From a write to the cache to the new tree.", 5, "rounds, of which the median is judged")
    parser.add_argument("--writes", type=int, default=1000, help="writes a round")
    given = parser.parse_args(arguments)
    print(f"from a write to the cache to the new tree, {given.writes} writes a round, milliseconds\n")
    print(f"{'':14}{'median':>10}{'p99':>10}")
    goals: list[Goal] = []
    for name, measure in MEASURES.items():
        rounds = [sorted(asyncio.run(_measured(measure, given.writes))) for _ in range(given.rounds)]
        median = statistics.median(statistics.median(taken) for taken in rounds) * 1e3
        late = statistics.median(taken[len(taken) * 99 // 100] for taken in rounds) * 1e3
        print(f"{name:14}{median:10.3f}{late:10.3f}")
        if name in PROMISED:
            goals.append(Goal(f"{name}, median", median, LIMIT, " ms"))
    is_met = judge(goals)
    return 0 if is_met or not given.check else 1


async def _measured(measure: Measure, writes: int) -> list[float]:
    return await measure(writes)


if __name__ == "__main__":
    sys.exit(main())
