"""The mutations of a machine: completed so that it holds their requests, and sees whether a rollback restores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from query import UNSET, MutationObserver, MutationOptions, Undo, take_back, update_data
from query.base.values import given
from query.runtime.handle import Handle

from .http import OwnFunction
from .model import Model
from .requests import Request
from .sameness import is_same


class StartedMutation:
    """One mutation under way.

    Attributes:
        name: What the machine calls it.
        handle: Its outcome.
        requests: The calls of its function.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.handle: Handle[Any] | None = None
        self.requests: list[Request] = []


class Mutations:
    """Starts mutations and looks at what they do to the cache.

    Args:
        model: The oracle, which is told of problems.
        hold: Called with name and variables for each request of the machine's functions; returns it.
        called: Called with them when a function of the user's own is.
    """

    def __init__(
        self, model: Model, hold: Callable[[str, Any], Request], called: Callable[[str, Any], Request]
    ) -> None:
        self._model = model
        self._hold = hold
        self._called = called
        self.started: list[StartedMutation] = []

    def start(self, client: Any, name: str, options: Any, variables: Any) -> None:
        """Start one.

        Args:
            client: The client.
            name: What the machine calls it.
            options: Its options; without a function, the machine holds its requests.
            variables: What to call it with.
        """
        started = StartedMutation(name)
        function = given(options.mutation_fn, None)
        if function is not None:

            def call(variables: Any) -> Request:
                started.requests.append(self._called(name, variables))
                return started.requests[-1]

            options = options.with_(mutation_fn=OwnFunction(name, function, call))
        else:

            def held(variables: Any, context: Any) -> Any:
                request = self._hold(name, variables)
                started.requests.append(request)
                return request.future

            options = options.with_(mutation_fn=held)
        on_error = given(options.on_error, None)
        if getattr(on_error, "__name__", "") == "take_back" and given(options.on_mutate, None) is not None:
            options = self._watched(name, options)
        started.handle = handle = MutationObserver(client, options).mutate(variables)
        # its failure is the machine's doing
        handle.add_done_callback(lambda done: done.exception())
        self.started.append(started)

    def optimistic(self, query: Any, payload: Any) -> Any:
        """Options of a mutation that shows *payload* at once, and takes it back if it fails.

        Args:
            query: The options of the query.
            payload: What to show.
        """

        def show(variables: Any, context: Any) -> Undo:
            return update_data(context.client, query, lambda _: payload)

        return MutationOptions(on_mutate=show, on_error=take_back)

    def check(self) -> None:
        """See whether those that ended came to what their requests came to. At rest."""
        left: list[StartedMutation] = []
        for started in self.started:
            handle = started.handle
            if handle is None or not handle.done():
                left.append(started)
                continue
            error = handle.exception()
            last = started.requests[-1] if started.requests else None
            if last is None or not last.future.done() or last.future.cancelled():
                continue
            if error is None and (last.error is not None or handle.result() is not last.future.result()):
                self._model.wrong(
                    f"mutation {started.name} came to {handle.result()!r}, its last request {last} did not"
                )
        self.started = left

    # -- rollback

    def _watched(self, name: str, options: Any) -> Any:
        """The options with callbacks that compare the cache before and after theirs."""
        on_mutate, on_error, model = options.on_mutate, options.on_error, self._model
        changes: dict[str, tuple[Any, Any]] = {}

        def mutate(variables: Any, context: Any) -> Any:
            before = {key: entry.query.state.data for key, entry in model.entries.items()}
            made = on_mutate(variables, context)
            if _undoes(made):
                for key, data in before.items():
                    entry = model.entries.get(key)
                    if entry is not None and entry.query.state.data is not data:
                        changes[key] = data, entry.query.state.data
            return made

        def fail(error: Exception, variables: Any, made: Any, context: Any) -> Any:
            now = {key: (entry, entry.query.state.data) for key, entry in model.entries.items()}
            result = on_error(error, variables, made, context)
            if _undoes(made):
                for key, (entry, data) in now.items():
                    before, written = changes.get(key, (UNSET, UNSET))
                    wanted = before if written is not UNSET and data is written else data
                    got = entry.query.state.data
                    if not is_same(got, wanted):
                        model.wrong(f"{entry}: the rollback of {name} left {got!r}; it ought to be {wanted!r}")
            return result

        return options.with_(on_mutate=mutate, on_error=fail)


def _undoes(made: Any) -> bool:
    """Whether it is an undo, or several."""
    return isinstance(made, Undo) or (
        isinstance(made, Sequence) and bool(made) and all(isinstance(one, Undo) for one in made)
    )
