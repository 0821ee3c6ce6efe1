"""Binds a component to one query: an observer of its own, whose results note what the component reads.

Source: react-query, useBaseQuery.ts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Literal, TypeAlias

from ..base.given_options import replaced
from ..base.options import AnyQueryOptions
from ..base.values import given
from ..client.query_client import QueryClient
from ..observers.query_observer_base import QueryObserverBase
from ..observers.query_result import ResultT
from .binding import Binding

AnyObserver: TypeAlias = QueryObserverBase[Any, Any, ResultT]


class QueryBinding(Binding, Generic[ResultT]):
    """Binds a component to one query, or infinite query.

    Args:
        redraw: Renders the component again.
        make_observer: ``QueryObserver`` or ``InfiniteQueryObserver``.
    """

    def __init__(
        self,
        redraw: Callable[[], object],
        make_observer: Callable[[QueryClient, Any], QueryObserverBase[Any, Any, ResultT]],
    ) -> None:
        super().__init__(redraw)
        self._make_observer = make_observer
        self._client: QueryClient | None = None
        self._observer: AnyObserver[ResultT] | None = None
        self._options: AnyQueryOptions | None = None
        self._is_subscribed = True
        self._result: ResultT | None = None
        self._tracked: ResultT | None = None

    def show(
        self, client: QueryClient, options: AnyQueryOptions, *, is_subscribed: bool = True, is_restoring: bool = False
    ) -> ResultT:
        """What to draw. While it is subscribed, a fetch that is about to start counts as started.

        Args:
            client: The client; with another one than before, all begins anew.
            options: The options, with a key.
            is_subscribed: Whether to follow the query, and to fetch.
            is_restoring: A stored cache is being restored: show what is there, and wait.

        Returns:
            The result, which notes what is read of it unless the options have ``notify_on_change_props``. It is the
            same object for as long as nothing changes.

        Raises:
            OptionError: The options have no key.
        """
        complete = options_to_draw(client, options, is_subscribed=is_subscribed, is_restoring=is_restoring)
        observer = self._observer
        if observer is None or client is not self._client:
            observer = self._observer = self._make_observer(client, complete)
            self._client, self._result = client, None
        self._options = complete
        self._is_subscribed = is_subscribed and not is_restoring
        observer.get_optimistic_result(complete)
        # of two that are equal the one that is known, so that nothing looks new that is not
        result = observer.get_current_result()
        if result is not self._result:
            self._result = result
            self._tracked = observer.track_result(result)
        self._drawn(client)
        shown = self._tracked if given(complete.notify_on_change_props, None) is None else result
        assert shown is not None
        return shown

    def get_observer(self) -> QueryObserverBase[Any, Any, ResultT]:
        """The observer, once something was drawn."""
        assert self._observer is not None, "show() comes first"
        return self._observer

    def _settle(self) -> None:
        observer, options = self.get_observer(), self._options
        assert options is not None
        # also if they are the same: the query may have been collected since
        observer.set_options(options)
        self._listen_to(observer if self._is_subscribed else None)
        # between drawing and listening nothing was told
        observer.update_result()
        self._look()

    def _differs(self) -> bool:
        return self.get_observer().get_current_result() is not self._result


def options_to_draw(
    client: QueryClient, options: AnyQueryOptions, *, is_subscribed: bool, is_restoring: bool
) -> AnyQueryOptions:
    """Options with all that they inherit, for an observer whose results are drawn before it is subscribed to.

    Args:
        client: The client.
        options: The options.
        is_subscribed: Whether it will be.
        is_restoring: Whether nothing should fetch yet.
    """
    complete = client.default_query_options(options)
    mode: Literal["optimistic", "restoring"] = "restoring" if is_restoring else "optimistic"
    if not is_subscribed and not is_restoring:
        return complete
    return replaced(complete, {"_optimistic_results": mode}, complete=True)
