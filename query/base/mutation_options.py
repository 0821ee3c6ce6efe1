"""The options of mutations, as people write them: frozen, checked, and merged lowest to highest."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, TypeAlias, TypedDict, overload

from typing_extensions import TypeVar, Unpack

from . import option_checks as check
from .contexts import MutationFunctionContext
from .given_options import GivenOptions, changed
from .mutation_state import ContextT, ResultT, VariablesT
from .options import RetryDelay, RetryPolicy
from .query_key import QueryKey
from .types import UNSET, Duration, KeyParts, Meta, NetworkMode, Unset

MutationFunction: TypeAlias = Callable[[VariablesT, MutationFunctionContext], Awaitable[ResultT] | ResultT]
"""Does the write. Plain or async; called with the variables and the context."""

V = TypeVar("V", default=Any)
R = TypeVar("R", default=Any)
C = TypeVar("C", default=Any)

OnMutate: TypeAlias = Callable[[V, MutationFunctionContext], Awaitable[C | None] | C | None]
OnSuccess: TypeAlias = Callable[[R, V, C | None, MutationFunctionContext], Awaitable[Any] | Any]
OnError: TypeAlias = Callable[[Exception, V, C | None, MutationFunctionContext], Awaitable[Any] | Any]
OnSettled: TypeAlias = Callable[
    [R | Unset, Exception | None, V, C | None, MutationFunctionContext], Awaitable[Any] | Any
]


class MutationOptionFields(TypedDict, Generic[V, R, C], total=False):
    """The options beside ``mutation_fn``, with the types in which they are written."""

    mutation_key: QueryKey[Any] | KeyParts | None
    on_success: OnSuccess[R, V, C] | None
    on_error: OnError[V, C] | None
    on_settled: OnSettled[R, V, C] | None
    retry: RetryPolicy | None
    retry_delay: RetryDelay | None
    network_mode: NetworkMode | None
    gc_time: Duration | None
    scope: str | None
    meta: Meta | None
    throw_on_error: bool | Callable[[Exception], bool] | None


_ON_SUCCESS = "on_success(data, variables, on_mutate_result, context)"
_ON_ERROR = "on_error(error, variables, on_mutate_result, context)"
_ON_SETTLED = "on_settled(data, error, variables, on_mutate_result, context)"

CHECKS: Final[dict[str, check.Check]] = {
    "mutation_fn": check.function_of(2, "mutation_fn(variables, context)"),
    "mutation_key": check.key,
    "on_mutate": check.function_of(2, "on_mutate(variables, context)"),
    "on_success": check.function_of(4, _ON_SUCCESS),
    "on_error": check.function_of(4, _ON_ERROR),
    "on_settled": check.function_of(5, _ON_SETTLED),
    "retry": check.retry,
    "retry_delay": check.duration_or_function,
    "network_mode": check.network_mode,
    "gc_time": check.duration,
    "scope": check.text,
    "meta": check.meta,
    "throw_on_error": check.flag_or_error_function,
}


class MutationOptions(GivenOptions, Generic[VariablesT, ResultT, ContextT]):
    """How to do one kind of write. Immutable: ``with_`` makes a changed copy.

    Every callback may be plain or async and is awaited; ``on_mutate_result`` is what ``on_mutate`` returned, None
    if it returned nothing.

    Attributes:
        mutation_fn: Does the write: called with the variables and a ``MutationFunctionContext``.
        mutation_key: A key for defaults and filters.
        on_mutate: Called first with (variables, context): the place for optimistic writes. Returns what the
            other callbacks need to undo them.
        on_success: Called with (data, variables, on_mutate_result, context).
        on_error: Called with (error, variables, on_mutate_result, context).
        on_settled: Called last with (data, error, variables, on_mutate_result, context); data is ``UNSET`` after
            an error, error None after a success.
        retry: How often to try again; by default not at all.
        retry_delay: Seconds before the next try, or a function (failure_count, error) of them.
        network_mode: "online" (default: wait for a network), "always", or "offline_first".
        gc_time: Seconds that a settled, unwatched mutation is kept, 300 by default.
        scope: Mutations of one scope run one after the other.
        meta: A dict for your own callbacks.
        throw_on_error: For user interfaces: raise the error instead of showing it.

    Raises:
        UnknownOptionError: A name that is no option.
        OptionError: A value that cannot be right.

    Source: types.ts, MutationOptions and MutationObserverOptions. Differs: ``scope`` is the id itself.
    """

    _checks: ClassVar[Mapping[str, check.Check]] = CHECKS

    mutation_fn: MutationFunction[VariablesT, ResultT] | Unset | None = UNSET
    mutation_key: QueryKey[Any] | Unset | None = UNSET
    on_mutate: OnMutate[VariablesT, ContextT] | Unset | None = UNSET
    on_success: OnSuccess[ResultT, VariablesT, ContextT] | Unset | None = UNSET
    on_error: OnError[VariablesT, ContextT] | Unset | None = UNSET
    on_settled: OnSettled[ResultT, VariablesT, ContextT] | Unset | None = UNSET
    retry: RetryPolicy | Unset | None = UNSET
    retry_delay: float | Callable[[int, Exception], Duration] | Unset | None = UNSET
    network_mode: NetworkMode | Unset | None = UNSET
    gc_time: float | Unset | None = UNSET
    scope: str | Unset | None = UNSET
    meta: Meta | Unset | None = UNSET
    throw_on_error: bool | Callable[[Exception], bool] | Unset | None = UNSET

    if TYPE_CHECKING:
        # async functions first: an awaitable of R must not be taken for an R
        @overload
        def __init__(
            self: MutationOptions[V, R, C],
            *,
            mutation_fn: Callable[[V, MutationFunctionContext], Awaitable[R]],
            on_mutate: Callable[[V, MutationFunctionContext], Awaitable[C | None]],
            **fields: Unpack[MutationOptionFields[V, R, C]],
        ) -> None: ...
        @overload
        def __init__(
            self: MutationOptions[V, R, C],
            *,
            mutation_fn: Callable[[V, MutationFunctionContext], Awaitable[R]],
            on_mutate: OnMutate[V, C] | None = ...,
            **fields: Unpack[MutationOptionFields[V, R, C]],
        ) -> None: ...
        @overload
        def __init__(
            self: MutationOptions[V, R, C],
            *,
            mutation_fn: MutationFunction[V, R] | None = ...,
            on_mutate: Callable[[V, MutationFunctionContext], Awaitable[C | None]],
            **fields: Unpack[MutationOptionFields[V, R, C]],
        ) -> None: ...
        @overload
        def __init__(
            self: MutationOptions[V, R, C],
            *,
            mutation_fn: MutationFunction[V, R] | None = ...,
            on_mutate: OnMutate[V, C] | None = ...,
            **fields: Unpack[MutationOptionFields[V, R, C]],
        ) -> None: ...
        def __init__(self, **fields: Any) -> None: ...

    @overload
    def with_(
        self,
        *,
        mutation_fn: MutationFunction[VariablesT, ResultT] | None = ...,
        on_mutate: Callable[[VariablesT, MutationFunctionContext], Awaitable[C | None]],
        **fields: Unpack[MutationOptionFields[VariablesT, ResultT, C]],
    ) -> MutationOptions[VariablesT, ResultT, C]: ...
    @overload
    def with_(
        self,
        *,
        mutation_fn: MutationFunction[VariablesT, ResultT] | None = ...,
        on_mutate: OnMutate[VariablesT, C],
        **fields: Unpack[MutationOptionFields[VariablesT, ResultT, C]],
    ) -> MutationOptions[VariablesT, ResultT, C]: ...
    @overload
    def with_(
        self,
        *,
        mutation_fn: MutationFunction[VariablesT, ResultT] | None = ...,
        **fields: Unpack[MutationOptionFields[VariablesT, ResultT, ContextT]],
    ) -> MutationOptions[VariablesT, ResultT, ContextT]: ...
    def with_(self, **fields: Any) -> MutationOptions[Any, Any, Any]:
        """A copy with some options changed. After a new ``on_mutate`` the other callbacks are given what it returns.

        Args:
            **fields: The options to change, by name.

        Raises:
            UnknownOptionError: A name that is no option.
            OptionError: A value that cannot be right.
        """
        return changed(self, fields)


AnyMutationOptions: TypeAlias = MutationOptions[Any, Any, Any]


@overload
def mutation_options(
    base: MutationOptions[VariablesT, ResultT, Any],
    /,
    *,
    mutation_fn: MutationFunction[VariablesT, ResultT] | None = ...,
    on_mutate: Callable[[VariablesT, MutationFunctionContext], Awaitable[C | None]],
    **fields: Unpack[MutationOptionFields[VariablesT, ResultT, C]],
) -> MutationOptions[VariablesT, ResultT, C]: ...
@overload
def mutation_options(
    base: MutationOptions[VariablesT, ResultT, Any],
    /,
    *,
    mutation_fn: MutationFunction[VariablesT, ResultT] | None = ...,
    on_mutate: OnMutate[VariablesT, C],
    **fields: Unpack[MutationOptionFields[VariablesT, ResultT, C]],
) -> MutationOptions[VariablesT, ResultT, C]: ...
@overload
def mutation_options(
    base: MutationOptions[VariablesT, ResultT, ContextT],
    /,
    *,
    mutation_fn: MutationFunction[VariablesT, ResultT] | None = ...,
    **fields: Unpack[MutationOptionFields[VariablesT, ResultT, ContextT]],
) -> MutationOptions[VariablesT, ResultT, ContextT]: ...
@overload
def mutation_options(
    *,
    mutation_fn: Callable[[V, MutationFunctionContext], Awaitable[R]],
    on_mutate: Callable[[V, MutationFunctionContext], Awaitable[C | None]],
    **fields: Unpack[MutationOptionFields[V, R, C]],
) -> MutationOptions[V, R, C]: ...
@overload
def mutation_options(
    *,
    mutation_fn: Callable[[V, MutationFunctionContext], Awaitable[R]],
    on_mutate: OnMutate[V, C] | None = ...,
    **fields: Unpack[MutationOptionFields[V, R, C]],
) -> MutationOptions[V, R, C]: ...
@overload
def mutation_options(
    *,
    mutation_fn: MutationFunction[V, R] | None = ...,
    on_mutate: Callable[[V, MutationFunctionContext], Awaitable[C | None]],
    **fields: Unpack[MutationOptionFields[V, R, C]],
) -> MutationOptions[V, R, C]: ...
@overload
def mutation_options(
    *,
    mutation_fn: MutationFunction[V, R] | None = ...,
    on_mutate: OnMutate[V, C] | None = ...,
    **fields: Unpack[MutationOptionFields[V, R, C]],
) -> MutationOptions[V, R, C]: ...
def mutation_options(base: AnyMutationOptions | None = None, /, **fields: Any) -> AnyMutationOptions:
    """Options of a mutation, new or based on others: the form for factories that wrap one another.

    Args:
        base: Options to start from.
        **fields: Options by name; see ``MutationOptions``.

    Raises:
        UnknownOptionError: A name that is no option.
        OptionError: A value that cannot be right.

    Source: react-query, mutationOptions.
    """
    return MutationOptions(**fields) if base is None else base.with_(**fields)
