"""The rules of a machine, made for the queries and mutations that its class names."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from query.base.infinite_options import InfiniteQueryOptions
from query.base.values import given

_DOES = {
    "fetch": "Fetch a query; a task may wait for it.",
    "ensure": "Ask for a query's data, however old.",
    "observe": "Subscribe an observer.",
    "unmount": "Let an observer leave.",
    "leave": "Cancel a task that waits.",
    "answer": "Let a request succeed.",
    "fail": "Let a request fail.",
    "slow_down": "Let a request succeed some seconds later.",
    "override": "Answer the next request of a query at once.",
    "write": "Write data.",
    "invalidate": "Invalidate the queries whose keys begin so.",
    "refetch": "Refetch a query, and those whose keys begin so.",
    "cancel": "Cancel the fetch of a query.",
    "reset": "Reset a query.",
    "remove": "Remove a query.",
    "network": "Lose the network, or get it back.",
    "focus": "Lose the focus, or get it back.",
    "advance": "Let time pass.",
    "optimistic": "Show data before the server has it; a failure takes it back.",
    "next_page": "Fetch the page after the last, or before the first.",
    "mutate": "Start a mutation.",
}
_DURATIONS = ("stale_time", "gc_time", "refetch_interval", "retry_delay")


def rules_of(machine: Any) -> dict[str, Any]:
    """The rules by the names under which they are to stand in the class.

    Args:
        machine: The class: its queries, mutations, payloads and durations are read, and its ``_on_...`` are called.
    """
    names = st.sampled_from(sorted(machine.queries))
    settle = st.booleans()
    which = st.integers(0, 3)
    payload = _payload(machine)
    prefixes = st.sampled_from(_prefixes(machine))
    made: dict[str, Any] = {}

    def add(title: str, body: Callable[..., None], /, **arguments: Any) -> None:
        def function(self: Any, **drawn: Any) -> None:
            __tracebackhide__ = True
            body(self, **drawn)
            self.at_rest()

        function.__name__ = title
        function.__doc__ = f"{_DOES[title]}\n\nArgs:\n    **drawn: What its strategies give.\n"
        function.__qualname__ = f"{machine.__name__}.{title}"
        decorate: Callable[[Any], Any] = rule(**arguments)
        made[title] = decorate(function)
        made[title].is_made = True

    add("fetch", machine._on_fetch, name=names, waits=st.booleans(), settle=settle)
    add("ensure", machine._on_ensure, name=names, settle=settle)
    add("observe", machine._on_observe, name=names, settle=settle)
    add("unmount", machine._on_unmount, which=which, settle=settle)
    add("leave", machine._on_leave, which=which, settle=settle)
    add("answer", machine._on_answer, which=which, payload=payload, settle=settle)
    add("fail", machine._on_fail, which=which, settle=settle)
    add("slow_down", machine._on_slow_down, which=which, payload=payload, seconds=st.sampled_from((1.0, 5.0)))
    add("override", machine._on_override, name=names, payload=payload)
    add("write", machine._on_write, name=names, payload=payload, settle=settle)
    add("invalidate", machine._on_invalidate, prefix=prefixes, settle=settle)
    add("refetch", machine._on_refetch, name=names, settle=settle)
    add("cancel", machine._on_cancel, name=names, settle=settle)
    add("reset", machine._on_reset, name=names, settle=settle)
    add("remove", machine._on_remove, name=names, settle=settle)
    add("network", machine._on_network, online=st.booleans(), settle=settle)
    add("focus", machine._on_focus, focused=st.booleans(), settle=settle)
    add("advance", machine._on_advance, seconds=st.sampled_from(_durations(machine)))
    plain = [name for name, options in sorted(machine.queries.items()) if not isinstance(options, InfiniteQueryOptions)]
    if plain:
        add("optimistic", machine._on_optimistic, name=st.sampled_from(plain), payload=payload, settle=settle)
    if len(plain) < len(machine.queries):
        add("next_page", machine._on_next_page, which=which, backward=st.booleans(), settle=settle)
    if machine.mutations:
        mutations = st.sampled_from(sorted(machine.mutations))
        add("mutate", machine._on_mutate, name=mutations, variables=machine.variables, settle=settle)
    return made


def _payload(machine: Any) -> Any:
    if isinstance(machine.payloads, Mapping):
        # which is wanted is known when the request is
        return st.fixed_dictionaries(dict(machine.payloads))
    return machine.payloads


def _prefixes(machine: Any) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = [()]
    for _, options in sorted(machine.queries.items()):
        parts = tuple(options.query_key)
        for length in range(1, len(parts) + 1):
            if parts[:length] not in found:
                found.append(parts[:length])
    return found


def _durations(machine: Any) -> list[float]:
    if machine.durations:
        return sorted(machine.durations)
    found = {1.0, 300.0}
    for options in machine.queries.values():
        for name in _DURATIONS:
            value = given(getattr(options, name), None)
            if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < math.inf:
                found |= {float(value)} | ({value / 2} if name == "stale_time" else set())
    return sorted(found)
