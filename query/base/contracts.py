"""Every upward call in the house: what a lower floor may ask of a higher one.

Nothing below this file knows that caches, clients or observers exist as classes. What also needs words of the runtime
floor is added there: ``runtime/environment.py``, EnvironmentOwner.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

from .contexts import QueryClientView
from .mutation_options import AnyMutationOptions
from .mutation_state import AnyMutationAction, MutationState
from .options import AnyQueryOptions
from .query_key import QueryKey
from .query_state import Action
from .types import KeyParts
from .views import MutationView, QueryView

Note: TypeAlias = Callable[[tuple[Any, ...]], object]
"""Takes down what happened; see ``cache/noting.py``."""


class QueryObserverLike(Protocol):
    """An observer as its query sees it."""

    @property
    def options(self) -> AnyQueryOptions:
        """Its options, defaults filled in."""
        ...

    def on_query_update(self) -> None:
        """The query's state changed."""
        ...

    def is_result_stale(self) -> bool:
        """Whether its current result says stale."""
        ...

    def should_fetch_on_window_focus(self) -> bool:
        """Whether a regained focus is a reason to fetch."""
        ...

    def should_fetch_on_reconnect(self) -> bool:
        """Whether a regained network is a reason to fetch."""
        ...

    def refetch(self, *, throw_on_error: bool = False, cancel_refetch: bool = True) -> Awaitable[Any]:
        """Fetch the query with this observer's options."""
        ...


class FellowObserverLike(QueryObserverLike, Protocol):
    """An observer that can tell all others of its query too, whatever they are."""

    def tell_all(self, observers: Sequence[QueryObserverLike]) -> None:
        """The query's state changed: let all its observers take it in; this is the first of them."""
        ...


class FellowsLike(Protocol):
    """All observers of a query, which look alike."""

    def tell(self) -> None:
        """The query's state changed: let them take it in."""
        ...


class QueryCacheLike(Protocol):
    """The query cache as one of its queries sees it."""

    @property
    def note(self) -> Note | None:
        """What takes down each change, if anybody wants to know."""
        ...

    @property
    def is_quiet(self) -> bool:
        """Whether nobody is told of a fetch: no listener, no callback, nothing that takes it down."""
        ...

    def remove(self, query: QueryView) -> None:
        """Take the query out."""
        ...

    def has_listeners(self) -> bool:
        """Whether anyone listens to it."""
        ...

    # looked at with each change of a query, and so without a call

    @property
    def _listeners(self) -> Collection[object]:
        """Who listens to it."""
        ...

    def fetch_status_changed(self, query: QueryView) -> None:
        """A query has begun to fetch, to wait for the network, or is idle; nobody knows yet."""
        ...

    def fetch_began(self, query: QueryView) -> None:
        """The same for the most frequent case: it was idle, and is fetching."""
        ...

    def fetch_ended(self, query: QueryView) -> None:
        """And for the next: it was fetching, and is idle."""
        ...

    def hash_function_given(self) -> None:
        """A query has options with a hash function of its own."""
        ...

    def query_updated(self, query: QueryView, action: Action[Any]) -> None:
        """A query's state changed, and its observers know."""
        ...

    def observer_added(self, query: QueryView, observer: QueryObserverLike) -> None:
        """An observer subscribed to a query."""
        ...

    def observer_removed(self, query: QueryView, observer: QueryObserverLike) -> None:
        """An observer left a query."""
        ...

    def fetch_succeeded(self, data: Any, query: QueryView) -> None:
        """A fetch delivered data, and the state holds it."""
        ...

    def fetch_failed(self, error: Exception, query: QueryView) -> None:
        """A fetch failed for good, and the state says so."""
        ...


class MutationObserverLike(Protocol):
    """An observer as its mutation sees it."""

    def has_listeners(self) -> bool:
        """Whether anyone listens to it."""
        ...

    def on_mutation_update(self, action: AnyMutationAction) -> None:
        """The mutation's state changed."""
        ...


class MutationStarterLike(MutationObserverLike, Protocol):
    """An observer that starts mutations."""

    def on_mutation_state(self, state: MutationState[Any, Any, Any]) -> None:
        """The state of the mutation that it started changed: this one."""
        ...


class QueryClientLike(QueryClientView, Protocol):
    """The client as the caches see it."""

    def default_query_options(self, options: AnyQueryOptions) -> AnyQueryOptions:
        """The options with all defaults filled in."""
        ...

    def get_query_defaults(self, query_key: QueryKey[Any] | KeyParts) -> AnyQueryOptions:
        """What is registered for keys like this one."""
        ...

    def default_mutation_options(self, options: AnyMutationOptions) -> AnyMutationOptions:
        """The options with all defaults filled in."""
        ...

    def is_fetching(self) -> int:
        """How many queries fetch right now."""
        ...


class MutationCacheLike(Protocol):
    """The mutation cache as one of its mutations sees it."""

    @property
    def note(self) -> Note | None:
        """What takes down each change, if anybody wants to know."""
        ...

    # looked at with each change of a mutation, and so without a call

    @property
    def _listeners(self) -> Collection[object]:
        """Who listens to it."""
        ...

    @property
    def _has_callbacks(self) -> bool:
        """Whether anything is called around every mutation."""
        ...

    # Any: mutations, of which this floor knows no more than their views

    @property
    def _mutations(self) -> Mapping[Any, None]:
        """All mutations."""
        ...

    @property
    def _pending(self) -> dict[Any, None]:
        """Those of them that are pending."""
        ...

    def remove(self, mutation: MutationView) -> None:
        """Take the mutation out."""
        ...

    def can_run(self, mutation: MutationView) -> bool:
        """Whether it is the mutation's turn in its scope."""
        ...

    def run_next(self, mutation: MutationView) -> None:
        """The mutation is done: let the next of its scope run."""
        ...

    def status_changed(self, mutation: MutationView) -> None:
        """A mutation is pending now, or no longer; nobody knows yet."""
        ...

    def mutation_updated(self, mutation: MutationView, action: AnyMutationAction) -> None:
        """A mutation's state changed, and its observers know."""
        ...

    def observer_added(self, mutation: MutationView, observer: MutationObserverLike) -> None:
        """An observer subscribed to a mutation."""
        ...

    def observer_removed(self, mutation: MutationView, observer: MutationObserverLike) -> None:
        """An observer left a mutation."""
        ...
