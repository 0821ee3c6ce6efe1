"""``InvariantWatch``: what must hold of the way in which a client changes, seen from event to event."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection
from types import TracebackType
from typing import Any, Final, Self, TypeAlias

from msgspec import structs

from query import Mutation, MutationCacheEvent, Query, QueryCacheEvent, QueryClient, QueryKey, QueryState
from query.base.query_state import Action, SetStateAction, reduce_query_state
from query.base.types import MutationStatus, Unsubscribe

from .checking import INVARIANTS, broken_invariants, query_name
from .query_invariants import of_state
from .table import BrokenInvariant, Fault, InvariantError, checked_names

CHANGES: Final[dict[str, str]] = {
    "no_silent_change": "The state of a query changes only by actions that the cache tells, and only as they say.",
    "counters_never_decrease": "Until a query is reset, reverted or hydrated, its counts of updates never decrease.",
    "data_changes_only_with_count": "Until it is reset, reverted or hydrated, data changes only with its count.",
    "success_clears_invalidated": "After a success a query is not invalidated, and has no error.",
    "fetched_success_resets_failures": "After a fetched success a query is idle and has no failures.",
    "every_attempt_is_announced": "A query function is called once for each fetch and once for each retry, never more.",
    "mutation_status_moves_forward": 'A mutation goes from "idle" over "pending" to one outcome, and never back.',
}
"""The statement of each invariant of changes, by its name."""

_MAX_PERMUTED: Final = 5
_MAX_UNEXPLAINED: Final = 20
_RANK: Final[dict[MutationStatus, int]] = {"idle": 0, "pending": 1, "success": 2, "error": 2}

AnyMutation: TypeAlias = Mutation[Any, Any, Any]
State: TypeAlias = QueryState[Any]


class _Followed:
    """A query, its state when it was last understood, and what was told of it since."""

    __slots__ = ("announced", "attempts", "state", "told")

    def __init__(self, state: State) -> None:
        self.state = state
        self.told: list[Action[Any]] = []
        self.announced = 0
        self.attempts = 0


class InvariantWatch:
    """Watches a client and checks each change of a query or mutation, and each call of a query function.

    ::

        with InvariantWatch(client):
            ...  # whatever the test does

    A listener must not raise, so what is found is kept until ``check``, which the end of the block calls. Events of
    changes that listeners make inside a change come before that of the outer one; this is taken into account.

    Args:
        client: The client; from another thread, enter the block where the client lives.
        skip: Names of invariants that are not looked at, of ``INVARIANTS`` and ``CHANGES``.

    Attributes:
        broken: What does not hold so far.
        changes: How many events were seen.

    Raises:
        UnknownOptionError: There is no invariant of a name in *skip*.
    """

    def __init__(self, client: QueryClient, *, skip: Collection[str] = ()) -> None:
        self._skip = checked_names(skip, {*INVARIANTS, *CHANGES})
        self._client = client
        self._queries: dict[Query[Any], _Followed] = {}
        self._statuses: dict[AnyMutation, MutationStatus] = {}
        self._unsubscribes: list[Unsubscribe] = []
        self._told: set[tuple[str, str]] = set()
        self.broken: list[BrokenInvariant] = []
        self.changes = 0

    # -- its life

    def start(self) -> None:
        """Watch from now on. Does nothing if it does already."""
        if self._unsubscribes:
            return
        queries, mutations, environment = (
            self._client.get_query_cache(),
            self._client.get_mutation_cache(),
            self._client.environment,
        )
        for query in queries.get_all():
            self._queries[query] = _Followed(query.state)
            # one that runs was announced before
            self._queries[query].announced = 1 if query.promise is not None else 0
        self._statuses = {mutation: mutation.state.status for mutation in mutations.get_all()}
        adapt = environment.adapt
        environment.adapt = lambda function: self._counted(adapt(function))
        counting = environment.adapt

        def stop_counting() -> None:
            if environment.adapt is counting:
                environment.adapt = adapt

        self._unsubscribes = [
            queries.subscribe(self._on_query_event),
            mutations.subscribe(self._on_mutation_event),
            stop_counting,
        ]

    def stop(self) -> None:
        """Watch no more. Does nothing if it does not."""
        unsubscribes, self._unsubscribes = self._unsubscribes, []
        for unsubscribe in unsubscribes:
            unsubscribe()
        self._queries.clear()
        self._statuses.clear()

    def check(self) -> None:
        """Fail if something did not hold so far, or does not hold of the client now.

        Raises:
            InvariantError: It names each invariant, of what it does not hold, what was and what must be.
        """
        __tracebackhide__ = True
        for query, followed in self._queries.items():
            if followed.told or followed.state is not query.state:
                self._note_unexplained(query, followed)
        found = [*self.broken, *broken_invariants(self._client, skip=[n for n in self._skip if n in INVARIANTS])]
        if found:
            raise InvariantError(found)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        __tracebackhide__ = True
        try:
            # the failure of the block says more
            if error is None:
                self.check()
        finally:
            self.stop()

    # -- queries

    def _on_query_event(self, event: QueryCacheEvent) -> None:
        query = event.query
        self.changes += 1
        if event.type == "removed":
            self._queries.pop(query, None)
        elif event.type == "added":
            self._queries[query] = _Followed(query.state)
        elif event.type == "updated" and event.action is not None:
            followed = self._queries.get(query)
            # one that was removed meanwhile may still change, untold of
            if followed is not None:
                self._on_action(query, followed, event.action)

    def _on_action(self, query: Query[Any], followed: _Followed, action: Action[Any]) -> None:
        if action.type in ("fetch", "failed"):
            followed.announced += 1
        if query.state is followed.state and not followed.told:
            # what it did is overwritten by what a listener did inside it, and that has been told
            return
        followed.told.append(action)
        order = _explanation(followed.state, followed.told, query.state)
        if order is None:
            # a change inside another: the event of the outer one is still to come
            if len(followed.told) > _MAX_UNEXPLAINED:
                self._note_unexplained(query, followed)
            return
        state = followed.state
        for each in order:
            after = query.state if each is order[-1] else reduce_query_state(state, each)
            self._judge(query, state, each, after)
            state = after
        followed.state, followed.told = query.state, []
        for one in of_state.broken(query, lambda: query_name(query), self._skip):
            self._add(one)

    def _judge(self, query: Query[Any], before: State, action: Action[Any], after: State) -> None:
        """One change by itself, whatever the reducer thinks of it."""
        if isinstance(action, SetStateAction):
            return
        counts = [(s.data_update_count, s.error_update_count) for s in (before, after)]
        if counts[1][0] < counts[0][0] or counts[1][1] < counts[0][1]:
            fault = Fault(f"data and errors {counts[0]} -> {counts[1]} by {action.type}", "at least as many")
            self._note("counters_never_decrease", query, fault)
        if before.data is not after.data and counts[0][0] == counts[1][0]:
            fault = Fault(f"other data by {action.type}, counted {counts[0][0]} still", "one more")
            self._note("data_changes_only_with_count", query, fault)
        if action.type == "success":
            if after.is_invalidated or after.error is not None or after.status != "success":
                is_so = f"status {after.status}, is_invalidated {after.is_invalidated}, error {after.error!r}"
                self._note("success_clears_invalidated", query, Fault(is_so, "success, False, None"))
            if not action.manual and (after.fetch_status != "idle" or after.fetch_failure_count):
                is_so = f"fetch_status {after.fetch_status}, fetch_failure_count {after.fetch_failure_count}"
                self._note("fetched_success_resets_failures", query, Fault(is_so, "idle, 0"))

    def _counted(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """A query function whose calls are counted; others as they are."""

        def counted(*args: Any, **kwargs: Any) -> Any:
            key = getattr(args[0], "query_key", None) if len(args) == 1 else None
            # of a query that is filed by a function of its own, nothing is counted
            query = self._client.get_query_cache().get(key.text) if isinstance(key, QueryKey) else None
            followed = None if query is None else self._queries.get(query)
            # each page is a call of its own
            if query is not None and followed is not None and query.query_type is None:
                followed.attempts += 1
                if followed.attempts > followed.announced:
                    was = f"{followed.attempts} calls of its function for {followed.announced} announced attempts"
                    self._note("every_attempt_is_announced", query, Fault(was, "at most as many"))
            return function(*args, **kwargs)

        return counted

    # -- mutations

    def _on_mutation_event(self, event: MutationCacheEvent) -> None:
        mutation = event.mutation
        self.changes += 1
        if mutation is None:
            return
        if event.type == "removed":
            self._statuses.pop(mutation, None)
        elif event.type in ("added", "updated"):
            status = mutation.state.status
            before = self._statuses.get(mutation, status)
            self._statuses[mutation] = status
            if _RANK[status] < _RANK[before] or (_RANK[before] == 2 and status != before):
                self._note("mutation_status_moves_forward", mutation, Fault(f"{before} -> {status}", "forward only"))

    # -- what was found

    def _note_unexplained(self, query: Query[Any], followed: _Followed) -> None:
        told = ", ".join(action.type for action in followed.told) or "nothing"
        was = f"{_changed(followed.state, query.state)}; told was: {told}"
        self._note("no_silent_change", query, Fault(was, "a change that the told actions make"))
        followed.state, followed.told = query.state, []

    def _note(self, name: str, subject: Query[Any] | AnyMutation, fault: Fault) -> None:
        where = query_name(subject) if isinstance(subject, Query) else f"mutation {subject.mutation_id}"
        if name not in self._skip:
            self._add(BrokenInvariant(name, CHANGES[name], where, fault.was, fault.expected))

    def _add(self, one: BrokenInvariant) -> None:
        # what is wrong once tends to be wrong at each event
        if (one.name, one.subject) not in self._told:
            self._told.add((one.name, one.subject))
            self.broken.append(one)


def _explanation(before: State, told: list[Action[Any]], after: State) -> list[Action[Any]] | None:
    """The order in which the actions that were told make one state of the other; None if no order does."""
    # an event comes after those of what its listeners changed: mostly the last told was the first done
    tries = [told, [told[-1], *told[:-1]], told[::-1]]
    if 3 <= len(told) <= _MAX_PERMUTED:
        tries += [list(order) for order in itertools.permutations(told)]
    for order in tries:
        state = before
        for action in order:
            state = reduce_query_state(state, action)
        if _is_same(state, after):
            return order
    return None


def _is_same(a: State, b: State) -> bool:
    return all(x is y or (type(x) in (int, float, str) and x == y) for x, y in zip(*_fields(a, b), strict=True))


def _fields(a: State, b: State) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    return structs.astuple(a), structs.astuple(b)


def _changed(before: State, after: State) -> str:
    """The fields that differ, by name: data and errors need not be shown to be told apart."""
    names = [
        name
        for name, x, y in zip(QueryState.__struct_fields__, *_fields(before, after), strict=True)
        if x is not y and not (type(x) in (int, float, str) and x == y)
    ]
    return f"changed in {', '.join(names)}" if names else "unchanged"
