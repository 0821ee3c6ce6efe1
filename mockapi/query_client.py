"""Query clients for tests: no retries, no collection delay, no signals from outside, closed after the test."""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING, Any

from .query_log import QueryLog

if TYPE_CHECKING:
    from query import QueryClient

CLOSE_WITHIN = 5.0
"""Seconds within which the tasks of a client must end once they are cancelled."""


class MakeTestQueryClient:
    """Makes query clients that suit tests; the fixture ``make_test_query_client`` is one.

    Retries are off and ``gc_time`` is 0: the data of a query that nobody observes is gone with the next turn of the
    loop. ``make_test_query_client(gc_time=math.inf)`` keeps it for tests that read the cache afterwards.
    """

    def __init__(self) -> None:
        self.log = QueryLog()
        self._clients: list[QueryClient] = []
        self._unchecked: set[QueryClient] = set()

    def __call__(self, *, check: bool = True, **overrides: Any) -> QueryClient:
        """A mounted client with an online and a focus manager of its own.

        Args:
            check: Whether the test fails at its end if the state of this client cannot be right; see
                ``check_invariants``.
            **overrides: Options of queries, which become this client's defaults; or arguments of ``QueryClient``.

        Raises:
            UnknownOptionError: A name that is neither.
            OptionError: A value that cannot be right.
        """
        # here: most suites mock requests and have no query client
        from query import DefaultOptions, FocusManager, MutationOptions, OnlineManager, QueryClient, QueryOptions
        from query.base.errors import UnknownOptionError
        from query.base.given_options import merge_options
        from query.base.options import FIELDS

        client_fields = tuple(inspect.signature(QueryClient).parameters)
        query_fields = tuple(name for name in FIELDS if name != "query_key")
        arguments = {name: value for name, value in overrides.items() if name in client_fields}
        options = {name: value for name, value in overrides.items() if name not in client_fields}
        for name in options:
            if name not in query_fields:
                raise UnknownOptionError("make_test_query_client", name, (*client_fields, *query_fields))
        queries: Any = QueryOptions(retry=False, gc_time=0).with_(**options)
        mutations: Any = MutationOptions(retry=False, gc_time=options.get("gc_time", 0))
        given = arguments.pop("default_options", None)
        if given is not None:
            queries = merge_options(queries, given.queries)
            mutations = merge_options(mutations, given.mutations)
        arguments.setdefault("online_manager", OnlineManager())
        arguments.setdefault("focus_manager", FocusManager())
        client = QueryClient(default_options=DefaultOptions(queries=queries, mutations=mutations), **arguments)
        client.mount()
        self._clients.append(client)
        self.log.watch(client)
        if not check:
            self._unchecked.add(client)
        return client

    def watch(self, client: QueryClient) -> None:
        """Show what happens to the queries of a client of the program, too, should this test fail. It is not closed.

        Args:
            client: A client that was made elsewhere.
        """
        self.log.watch(client)

    async def aclose(self) -> None:
        """Close all clients that were made, inside their loop.

        Raises:
            AssertionError: A client's tasks or timers live on, or its state cannot be right.
        """
        clients, broken = self._taken()
        left: list[str] = []
        for client in clients:
            try:
                async with asyncio.timeout(CLOSE_WITHIN):
                    await client.aclose()
            except TimeoutError:
                pass
            except RuntimeError:
                # it belongs to a loop that the test ran and ended itself
                client.discard()
            left += client.leaks()
        _refuse(left, broken)

    def close(self) -> None:
        """Close all clients that were made, after the loop in which they lived.

        Raises:
            AssertionError: A client's tasks live on, or its state cannot be right.
        """
        if not self._clients:
            self.log.stop()
            return
        clients, broken = self._taken()
        left: list[str] = []
        for client in clients:
            left += client.discard()
        _refuse(left, broken)

    def _taken(self) -> tuple[list[QueryClient], AssertionError | None]:
        """The clients that were made, and what is wrong with their states, looked at before closing changes them."""
        self.log.stop()
        clients, self._clients = self._clients, []
        unchecked, self._unchecked = self._unchecked, set()
        broken: list[Any] = []
        if len(clients) > len(unchecked):
            from .invariants import InvariantError, broken_invariants

            for client in clients:
                if client not in unchecked:
                    broken += broken_invariants(client)
            if broken:
                return clients, InvariantError(broken, "a query client of this test")
        return clients, None


def _refuse(left: list[str], broken: AssertionError | None) -> None:
    if broken is not None:
        if left:
            broken.add_note("After it was closed, these ran on:\n" + "\n".join(f"  {line}" for line in left))
        raise broken
    if left:
        lines = "\n".join(f"  {line}" for line in left)
        raise AssertionError(
            f"the query client of this test leaves {len(left)} thing(s) running after it was closed:\n{lines}\n"
            "A query_fn or mutation_fn that catches asyncio.CancelledError must raise it again."
        )
