"""What the options of mutations come to for a client, worked out once and not at every write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from ..base.contexts import MutationFunctionContext
from ..base.mutation_options import AnyMutationOptions
from ..base.values import given
from ..runtime.environment import Environment
from ..runtime.in_place import awaits_nothing
from .query_entry import ClientLike


# Any: functions of users, with whatever they take and return
class MutationTerms(msgspec.Struct, frozen=True, eq=False):
    """What is read from options while a mutation runs. None is what was not given.

    An option that is not given is found with the class of the options, which takes ten times as long as a field here.

    Attributes:
        client: The client.
        environment: Its loop, clock, signals and tasks.
        options: The options, defaults filled in.
        context: What their functions are called with: the same for all mutations.
        mutation_fn: Does the write.
        on_mutate: Called first.
        on_success: Called with what the function delivered.
        on_settled: Called last.
        scope: Mutations of one scope run one after the other.
        needs_network: Without a network it does not begin.
        gc_time: Seconds that it is kept.
        awaits_nothing: All its functions are async and await nothing; see ``runtime/in_place.py``.
    """

    client: ClientLike
    environment: Environment
    options: AnyMutationOptions
    context: MutationFunctionContext
    mutation_fn: Callable[..., Any] | None
    on_mutate: Callable[..., Any] | None
    on_success: Callable[..., Any] | None
    on_settled: Callable[..., Any] | None
    scope: str | None
    needs_network: bool
    gc_time: float | None
    awaits_nothing: bool


def terms_of(client: ClientLike, options: AnyMutationOptions) -> MutationTerms:
    """What options come to.

    Args:
        client: The client that runs the mutations.
        options: The options, defaults filled in.
    """
    mutation_fn, on_mutate = given(options.mutation_fn, None), given(options.on_mutate, None)
    on_success, on_settled = given(options.on_success, None), given(options.on_settled, None)
    scope = given(options.scope, None)
    functions = (mutation_fn, on_mutate, on_success, on_settled, given(options.on_error, None))
    return MutationTerms(
        client,
        client.environment,
        options,
        MutationFunctionContext(client, given(options.meta, None), given(options.mutation_key, None)),
        mutation_fn,
        on_mutate,
        on_success,
        on_settled,
        scope,
        given(options.network_mode, "online") == "online",
        given(options.gc_time, None),
        # those of a scope wait for one another, and so are not worth a look
        scope is None and all(function is None or awaits_nothing(function) for function in functions),
    )
