"""The life and the defaults of a client, for threads that wait."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, overload

from typing_extensions import ParamSpec

from ..base.mutation_options import AnyMutationOptions
from ..base.options import AnyQueryOptions
from ..base.query_key import AnyQueryKey
from ..base.types import Duration, Unsubscribe
from ..cache.mutation_cache import MutationCache
from ..cache.query_cache import QueryCache
from ..client.client_base import Attachment
from ..client.defaults import DefaultOptions
from ..client.query_client import QueryClient as CoreClient
from ..runtime.environment import Environment
from .crossing import Crossing

P = ParamSpec("P")
T = TypeVar("T")


class BlockingClientBase:
    """The part of ``BlockingClient`` that does not touch single queries."""

    def __init__(self, client: CoreClient, crossing: Crossing) -> None:
        self._client = client
        self._crossing = crossing

    # -- beside the methods of the client

    # async functions first: an awaitable of T must not be taken for a T
    @overload
    def call(self, function: Callable[P, Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs) -> T: ...
    @overload
    def call(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T: ...
    def call(self, function: Callable[P, Any], /, *args: P.args, **kwargs: P.kwargs) -> Any:
        """Call a function in the client's event loop and return what comes of it; an awaitable is waited for.

        The way to everything that lives there: the caches and their queries, or resources of an async library. ::

            unsubscribe = client.call(client.get_query_cache().subscribe, print)

        Args:
            function: Plain or async; must not block.
            *args: Its arguments.
            **kwargs: The same by name.

        Raises:
            LoopError: An event loop runs in this thread, or the client's would not answer.
        """

        async def run() -> Any:
            result = function(*args, **kwargs)
            return await result if inspect.isawaitable(result) else result

        return self._crossing.wait(run)

    @property
    def loop_client(self) -> CoreClient:
        """The client in the event loop, for functions that take one: ``client.call(dehydrate, client.loop_client)``.

        To be used in the loop only.
        """
        return self._client

    # -- life

    @property
    def environment(self) -> Environment:
        """The loop, clock, signals, tasks and timers of this client."""
        return self._client.environment

    def mount(self) -> None:
        """Follow focus and network: paused work goes on, and stale queries are refetched, when they come back.

        Counted: each mount wants an unmount.
        """
        self._crossing.call(self._client.mount)

    def unmount(self) -> None:
        """Undo one mount. Does nothing if there is none."""
        self._crossing.call(self._client.unmount)

    def attach(self, attachment: Attachment) -> Unsubscribe:
        """Let something end with this client: it is stopped first, in the event loop, when the client closes.

        Args:
            attachment: What to stop.

        Returns:
            A function that lets it go.
        """
        let_go = self._crossing.call(lambda: self._client.attach(attachment))
        return lambda: self._crossing.call(let_go)

    def leaks(self) -> list[str]:
        """A readable line for each task and timer of this client that is alive."""
        return self._crossing.call(self._client.leaks)

    def get_query_cache(self) -> QueryCache:
        """The queries. They live in the event loop: use ``client.call`` for what is more than a look."""
        return self._crossing.call(self._client.get_query_cache)

    def get_mutation_cache(self) -> MutationCache:
        """The mutations. They live in the event loop: use ``client.call`` for what is more than a look."""
        return self._crossing.call(self._client.get_mutation_cache)

    def clear(self) -> None:
        """Take everything out of both caches. Fetches are cancelled, mutations go on."""
        self._crossing.call(self._client.clear)

    def resume_paused_mutations(self, *, timeout: Duration | None = None) -> None:
        """Go on with the mutations that wait for the network, and wait for them; without one, nothing happens.

        Args:
            timeout: How long to wait.

        Raises:
            TimeoutError: It took longer. They go on.
        """
        return self._crossing.wait(self._client.resume_paused_mutations, timeout)

    # -- defaults

    def get_default_options(self) -> DefaultOptions:
        """What all queries and mutations of this client inherit."""
        return self._crossing.call(self._client.get_default_options)

    def set_default_options(self, options: DefaultOptions) -> None:
        """Replace what all queries and mutations inherit. Existing ones are not changed.

        Args:
            options: The new defaults, all of them.
        """
        self._crossing.call(lambda: self._client.set_default_options(options))

    def set_query_defaults(self, query_key: AnyQueryKey, options: AnyQueryOptions) -> None:
        """Let all queries whose key begins with this one inherit *options*. Existing ones are not changed.

        Args:
            query_key: The beginning.
            options: The options, in place of what was set for this very key before.
        """
        self._crossing.call(lambda: self._client.set_query_defaults(query_key, options))

    def get_query_defaults(self, query_key: AnyQueryKey) -> AnyQueryOptions:
        """What is set for keys like this one, later registrations over earlier ones.

        Args:
            query_key: The key.
        """
        return self._crossing.call(lambda: self._client.get_query_defaults(query_key))

    def set_mutation_defaults(self, mutation_key: AnyQueryKey, options: AnyMutationOptions) -> None:
        """Let all mutations whose key begins with this one inherit *options*.

        Args:
            mutation_key: The beginning.
            options: The options, in place of what was set for this very key before.
        """
        self._crossing.call(lambda: self._client.set_mutation_defaults(mutation_key, options))

    def get_mutation_defaults(self, mutation_key: AnyQueryKey) -> AnyMutationOptions:
        """What is set for mutation keys like this one, later registrations over earlier ones.

        Args:
            mutation_key: The key.
        """
        return self._crossing.call(lambda: self._client.get_mutation_defaults(mutation_key))

    def default_query_options(self, options: AnyQueryOptions) -> AnyQueryOptions:
        """*options* with everything that they inherit.

        Args:
            options: As people write them.
        """
        return self._crossing.call(lambda: self._client.default_query_options(options))

    def default_mutation_options(self, options: AnyMutationOptions) -> AnyMutationOptions:
        """*options* with everything that they inherit.

        Args:
            options: As people write them.
        """
        return self._crossing.call(lambda: self._client.default_mutation_options(options))
