"""What holds of mutations at any time."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from query import Mutation, MutationCache
from query.base.types import UNSET

from ..differences import shown
from .table import Fault, Invariants

AnyMutation: TypeAlias = Mutation[Any, Any, Any]

of_mutation: Final[Invariants[AnyMutation]] = Invariants()
"""Of each of them."""
of_mutations: Final[Invariants[MutationCache]] = Invariants()
"""Of all of a client."""


@of_mutation
def settled_mutation_tells_why(mutation: AnyMutation) -> Fault | None:
    """A mutation has an error if, and only if, it failed, and data only if it succeeded."""
    state = mutation.state
    if (state.status == "error") is (state.error is not None) and (state.data is UNSET or state.status == "success"):
        return None
    has = "no data" if state.data is UNSET else "data"
    return Fault(f"status {state.status} with error {shown(state.error)} and {has}", "an outcome that fits the status")


@of_mutation
def only_pending_mutations_wait(mutation: AnyMutation) -> Fault | None:
    """A mutation that waits for the network or its turn is pending."""
    if not mutation.state.is_paused or mutation.state.status == "pending":
        return None
    return Fault(f"is_paused True with status {mutation.state.status}", "status pending")


@of_mutation
def mutation_failures_agree(mutation: AnyMutation) -> Fault | None:
    """The failure count of a mutation is above 0 if, and only if, there is the error of the last failed attempt."""
    state = mutation.state
    if state.failure_count >= 0 and (state.failure_count > 0) is (state.failure_reason is not None):
        return None
    return Fault(
        f"failure_count {state.failure_count} with the reason {shown(state.failure_reason)}",
        "a count above 0 with an error, or 0 with None",
    )


@of_mutations
def one_at_a_time_per_scope(cache: MutationCache) -> Fault | None:
    """Of the mutations of one scope at most one runs; the others wait for their turn."""
    running: dict[str, list[int]] = {}
    for mutation in cache.find_all(status="pending"):
        # one that was stored and not resumed says pending, and nothing runs
        if mutation.scope is not None and not mutation.state.is_paused and mutation._retryer is not None:
            running.setdefault(mutation.scope, []).append(mutation.mutation_id)
    for scope, numbers in running.items():
        if len(numbers) > 1:
            return Fault(f"mutations {numbers} of scope {scope!r} run at once", "one of them")
    return None
