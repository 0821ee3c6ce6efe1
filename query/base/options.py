"""The options of queries, as people write them: frozen, checked, and merged lowest to highest.

An option that is not given is ``UNSET`` and inherits from the defaults; None, where it is not data, asks for the
built-in default.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from marshal import dumps
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, Literal, TypeAlias, TypedDict, cast, overload

from typing_extensions import TypeVar, Unpack

from . import option_checks as check
from .contexts import QueryFunctionContext
from .given_options import GivenOptions, changed, check_fields, is_complete, set_fields, set_remembered
from .query_key import KNOWN_KEYS, QueryKey, read_key
from .types import (
    UNSET,
    DataT,
    Duration,
    KeyParts,
    Meta,
    NetworkMode,
    QueryDataT,
    SkipToken,
    StaleTime,
    Unset,
)
from .views import QueryView

T = TypeVar("T", default=Any)
SelectedT = TypeVar("SelectedT", default=Any)

QueryFunction: TypeAlias = Callable[[QueryFunctionContext[QueryDataT]], Awaitable[QueryDataT] | QueryDataT]
"""Fetches the data of a query. Plain or async; called with the context."""

PersisterFunction: TypeAlias = Callable[
    [QueryFunction[QueryDataT], QueryFunctionContext[QueryDataT], QueryView], Awaitable[QueryDataT] | QueryDataT
]
"""Stands between a query and its function: called with the function, what that is to be called with, and the query."""

RefetchOn: TypeAlias = bool | Literal["always"] | Callable[[QueryView], bool | Literal["always"]]
RetryPolicy: TypeAlias = bool | int | Callable[[int, Exception], bool]
RetryDelay: TypeAlias = Duration | Callable[[int, Exception], Duration]
Enabled: TypeAlias = bool | Callable[[QueryView], bool]
RefetchInterval: TypeAlias = Duration | Literal[False] | Callable[[QueryView], Duration | Literal[False] | None]


class QueryOptionFields(TypedDict, Generic[T], total=False):
    """The options beside ``query_key``, ``query_fn`` and ``select``, with the types in which they are written."""

    query_hash: str | None
    query_key_hash_fn: Callable[[QueryKey[Any]], str] | None
    retry: RetryPolicy | None
    retry_delay: RetryDelay | None
    network_mode: NetworkMode | None
    gc_time: Duration | None
    initial_data: T | Callable[[], T | Unset] | Unset
    initial_data_updated_at: float | Callable[[], float | None] | None
    structural_sharing: bool | Callable[[Any, Any], Any] | None
    # Any: one persister serves queries of all types, and mypy would take their type from such a generic function
    persister: PersisterFunction[Any] | None
    meta: Meta | None
    cancel_when_unused: bool | None
    enabled: Enabled | None
    stale_time: StaleTime | Callable[[QueryView], StaleTime] | None
    refetch_interval: RefetchInterval | None
    refetch_interval_in_background: bool | None
    refetch_on_mount: RefetchOn | None
    refetch_on_window_focus: RefetchOn | None
    refetch_on_reconnect: RefetchOn | None
    retry_on_mount: Enabled | None
    notify_on_change_props: Sequence[str] | Literal["all"] | Callable[[], Sequence[str] | Literal["all"] | None] | None
    throw_on_error: bool | Callable[[Exception, QueryView], bool] | None
    placeholder_data: T | Callable[[T | None, QueryView | None], T | Unset | None] | Unset


CHECKS: Final[dict[str, check.Check]] = {
    "query_key": check.key,
    "query_fn": check.function_of(1, "query_fn(context)", skippable=True),
    "query_hash": check.text,
    "query_key_hash_fn": check.function_of(1, "query_key_hash_fn(query_key)", sync=True),
    "retry": check.retry,
    "retry_delay": check.duration_or_function,
    "network_mode": check.network_mode,
    "gc_time": check.duration,
    "initial_data": check.anything,
    "initial_data_updated_at": check.instant_or_function,
    "structural_sharing": check.sharing,
    "persister": check.function_of(3, "persister(query_fn, context, query)"),
    "meta": check.meta,
    "cancel_when_unused": check.flag,
    "enabled": check.flag_or_function,
    "stale_time": check.stale_time,
    "refetch_interval": check.interval,
    "refetch_interval_in_background": check.flag,
    "refetch_on_mount": check.refetch_on,
    "refetch_on_window_focus": check.refetch_on,
    "refetch_on_reconnect": check.refetch_on,
    "retry_on_mount": check.flag_or_function,
    "notify_on_change_props": check.change_props,
    "throw_on_error": check.flag_or_error_function,
    "select": check.function_of(1, "select(data)", sync=True),
    "placeholder_data": check.anything,
}
FIELDS: Final[tuple[str, ...]] = tuple(CHECKS)


class QueryOptions(GivenOptions, Generic[QueryDataT, DataT]):
    """How to fetch, keep and show one query. Immutable: ``with_`` makes a changed copy.

    Durations are seconds or timedeltas. Every option may be left out; it then inherits from the defaults of the
    key and of the client.

    Attributes:
        query_key: The key, a list or tuple such as ``("projects", {"page": 1})``, or a ``QueryKey[T]``.
        query_fn: Fetches the data: called with a ``QueryFunctionContext``, plain or async; or ``skip_token``.
        query_hash: The text to file the query under, instead of the one that its key gives.
        query_key_hash_fn: Makes that text from a key.
        retry: How often to try again: a number (default 3), True for ever, False never, or a function
            (failure_count, error) -> bool.
        retry_delay: Seconds before the next try, or a function (failure_count, error) of them; by default
            1, 2, 4, ... up to 30.
        network_mode: "online" (default: fetch only with a network), "always", or "offline_first" (try once; the
            default with a persister).
        gc_time: Seconds that an unused query is kept, 300 by default; ``math.inf`` keeps it for good.
        initial_data: Data to start with, or a function that returns it; it is cached like fetched data.
        initial_data_updated_at: When that is from, in seconds since the epoch; by default now.
        structural_sharing: Keep what is equal in new data as the same objects (default), or a function
            (previous, next) -> data, or False.
        persister: Stands between the query and its function, to restore what was stored and to store what was
            fetched: a function (query_fn, context, query), plain or async, such as the ``persister_fn`` of
            ``create_query_persister()``.
        meta: A dict for your own callbacks.
        cancel_when_unused: Cancel the fetch when its last user leaves, signal read or not.
        enabled: False, or a function of the query that returns it, keeps observers from fetching by themselves.
        stale_time: Seconds for which data counts as fresh, 0 by default; ``math.inf``; "static"; or a
            function of the query.
        refetch_interval: Fetch again every so many seconds; False for never; or a function of the query.
        refetch_interval_in_background: Also while nobody looks.
        refetch_on_mount: Fetch stale data when an observer subscribes: True, False, "always", or a function.
        refetch_on_window_focus: The same for a regained focus.
        refetch_on_reconnect: The same for a regained network.
        retry_on_mount: False keeps a query that failed from being fetched by a new observer.
        notify_on_change_props: Tell listeners only about changes of these fields; "all"; or a function.
        throw_on_error: For user interfaces: raise the error instead of showing it.
        select: Makes what an observer shows from what the cache holds.
        placeholder_data: Shown while there is no data; not cached. A value, or a function
            (previous_data, previous_query).

    Raises:
        UnknownOptionError: A name that is no option.
        OptionError: A value that cannot be right.
        QueryKeyError: A key that cannot be one.

    Source: types.ts, QueryOptions and QueryObserverOptions. Differs: one class; seconds, not ms.
    """

    _checks: ClassVar[Mapping[str, check.Check]] = CHECKS

    # not given in defaults only; wherever data is concerned there is one, and its type says which
    query_key: QueryKey[QueryDataT] = cast("QueryKey[Any]", UNSET)
    query_fn: QueryFunction[QueryDataT] | SkipToken | Unset | None = UNSET
    query_hash: str | Unset | None = UNSET
    query_key_hash_fn: Callable[[QueryKey[Any]], str] | Unset | None = UNSET
    retry: RetryPolicy | Unset | None = UNSET
    retry_delay: float | Callable[[int, Exception], Duration] | Unset | None = UNSET
    network_mode: NetworkMode | Unset | None = UNSET
    gc_time: float | Unset | None = UNSET
    initial_data: QueryDataT | Callable[[], QueryDataT | Unset] | Unset = UNSET
    initial_data_updated_at: float | Callable[[], float | None] | Unset | None = UNSET
    structural_sharing: bool | Callable[[Any, Any], Any] | Unset | None = UNSET
    persister: PersisterFunction[QueryDataT] | Unset | None = UNSET
    meta: Meta | Unset | None = UNSET
    cancel_when_unused: bool | Unset | None = UNSET
    enabled: Enabled | Unset | None = UNSET
    stale_time: float | Literal["static"] | Callable[[QueryView], StaleTime] | Unset | None = UNSET
    refetch_interval: float | Callable[[QueryView], Duration | Literal[False] | None] | Unset | None = UNSET
    refetch_interval_in_background: bool | Unset | None = UNSET
    refetch_on_mount: RefetchOn | Unset | None = UNSET
    refetch_on_window_focus: RefetchOn | Unset | None = UNSET
    refetch_on_reconnect: RefetchOn | Unset | None = UNSET
    retry_on_mount: Enabled | Unset | None = UNSET
    notify_on_change_props: (
        Sequence[str] | Literal["all"] | Callable[[], Sequence[str] | Literal["all"] | None] | Unset | None
    ) = UNSET
    throw_on_error: bool | Callable[[Exception, QueryView], bool] | Unset | None = UNSET
    select: Callable[[QueryDataT], DataT] | Unset | None = UNSET
    placeholder_data: (
        QueryDataT | Callable[[QueryDataT | None, QueryView | None], QueryDataT | Unset | None] | Unset
    ) = UNSET
    # for what draws results: show a fetch that subscribing or new options would start, or show none while restoring
    _optimistic_results: Literal["optimistic", "restoring"] | None = None

    if TYPE_CHECKING:
        # async functions first: an awaitable of T must not be taken for a T
        @overload
        def __init__(
            self: QueryOptions[T, SelectedT],
            *,
            query_key: QueryKey[T] | KeyParts = ...,
            query_fn: Callable[[QueryFunctionContext[T]], Awaitable[T]],
            select: Callable[[T], SelectedT],
            **fields: Unpack[QueryOptionFields[T]],
        ) -> None: ...
        @overload
        def __init__(
            self: QueryOptions[T, T],
            *,
            query_key: QueryKey[T] | KeyParts = ...,
            query_fn: Callable[[QueryFunctionContext[T]], Awaitable[T]],
            **fields: Unpack[QueryOptionFields[T]],
        ) -> None: ...
        @overload
        def __init__(
            self: QueryOptions[T, SelectedT],
            *,
            query_key: QueryKey[T] | KeyParts = ...,
            query_fn: QueryFunction[T] | SkipToken | None = ...,
            select: Callable[[T], SelectedT],
            **fields: Unpack[QueryOptionFields[T]],
        ) -> None: ...
        @overload
        def __init__(
            self: QueryOptions[T, T],
            *,
            query_key: QueryKey[T] | KeyParts = ...,
            query_fn: QueryFunction[T] | SkipToken | None = ...,
            **fields: Unpack[QueryOptionFields[T]],
        ) -> None: ...
        def __init__(self, **fields: Any) -> None: ...

    else:
        # what nearly every call gives is named, and checked here if it is what is usual: that halves the time, and
        # options are made at each call that does not prepare them
        def __init__(
            self, *, query_key: Any = UNSET, query_fn: Any = UNSET, stale_time: Any = UNSET, **fields: Any
        ) -> None:
            query_hash = None
            has_hash = False
            if fields:
                fields = check_fields(type(self), fields)
                has_hash = "query_hash" in fields or "query_key_hash_fn" in fields
            if query_key is not UNSET:
                if query_key is not None:
                    if type(query_key) is not QueryKey:
                        # as_query_key(), without the call
                        try:
                            packed = dumps(query_key, 0)
                        except ValueError:
                            packed = None
                        known = KNOWN_KEYS.get(packed)
                        query_key = read_key(query_key, packed) if known is None else known
                    if not has_hash:
                        query_hash = query_key.text
                fields["query_key"] = query_key
            if query_fn is not UNSET:
                function, count = query_fn, 1
                if type(function) is MethodType:
                    function, count = function.__func__, 2
                if (
                    type(function) is not FunctionType
                    or (code := function.__code__).co_argcount != count
                    or code.co_kwonlyargcount
                ) and query_fn is not None:
                    CHECKS["query_fn"]("query_fn", query_fn)
                fields["query_fn"] = query_fn
            if stale_time is not UNSET:
                if (
                    (type(stale_time) is not float and type(stale_time) is not int) or not stale_time >= 0
                ) and stale_time is not None:
                    stale_time = check.stale_time("stale_time", stale_time)
                fields["stale_time"] = stale_time
            set_fields(self, fields)
            # what a hit needs to know, unless some default has a hash function
            set_remembered(self, query_hash)

    @overload
    def with_(
        self, *, select: Callable[[QueryDataT], SelectedT], **fields: Unpack[QueryOptionFields[QueryDataT]]
    ) -> QueryOptions[QueryDataT, SelectedT]: ...
    @overload
    def with_(
        self, *, select: None, **fields: Unpack[QueryOptionFields[QueryDataT]]
    ) -> QueryOptions[QueryDataT, QueryDataT]: ...
    # select is named for ty, which takes what is unpacked for anything
    @overload
    def with_(
        self,
        *,
        query_key: QueryKey[QueryDataT] | KeyParts = ...,
        query_fn: QueryFunction[QueryDataT] | SkipToken | None = ...,
        select: Unset = ...,
        **fields: Unpack[QueryOptionFields[QueryDataT]],
    ) -> QueryOptions[QueryDataT, DataT]: ...
    def with_(self, **fields: Any) -> QueryOptions[Any, Any]:
        """A copy with some options changed.

        Args:
            **fields: The options to change, by name.

        Raises:
            UnknownOptionError: A name that is no option.
            OptionError: A value that cannot be right.
        """
        if "query_key" in fields and is_complete(self):
            # what the defaults filled in belongs to the old key
            fields = {"query_hash": UNSET, **fields}
        return changed(self, fields)


AnyQueryOptions: TypeAlias = QueryOptions[Any, Any]


NO_OPTIONS: Final[AnyQueryOptions] = QueryOptions()
"""What gives nothing: merging with it costs nothing."""


@overload
def query_options(
    base: QueryOptions[QueryDataT, Any],
    /,
    *,
    select: Callable[[QueryDataT], SelectedT],
    **fields: Unpack[QueryOptionFields[QueryDataT]],
) -> QueryOptions[QueryDataT, SelectedT]: ...
@overload
def query_options(
    base: QueryOptions[QueryDataT, Any], /, *, select: None, **fields: Unpack[QueryOptionFields[QueryDataT]]
) -> QueryOptions[QueryDataT, QueryDataT]: ...
@overload
def query_options(
    base: QueryOptions[QueryDataT, DataT], /, *, select: Unset = ..., **fields: Unpack[QueryOptionFields[QueryDataT]]
) -> QueryOptions[QueryDataT, DataT]: ...
@overload
def query_options(
    *,
    query_key: QueryKey[QueryDataT] | KeyParts,
    query_fn: Callable[[QueryFunctionContext[QueryDataT]], Awaitable[QueryDataT]],
    select: Callable[[QueryDataT], SelectedT],
    **fields: Unpack[QueryOptionFields[QueryDataT]],
) -> QueryOptions[QueryDataT, SelectedT]: ...
@overload
def query_options(
    *,
    query_key: QueryKey[QueryDataT] | KeyParts,
    query_fn: Callable[[QueryFunctionContext[QueryDataT]], Awaitable[QueryDataT]],
    **fields: Unpack[QueryOptionFields[QueryDataT]],
) -> QueryOptions[QueryDataT, QueryDataT]: ...
@overload
def query_options(
    *,
    query_key: QueryKey[QueryDataT] | KeyParts,
    query_fn: QueryFunction[QueryDataT] | SkipToken | None = ...,
    select: Callable[[QueryDataT], SelectedT],
    **fields: Unpack[QueryOptionFields[QueryDataT]],
) -> QueryOptions[QueryDataT, SelectedT]: ...
@overload
def query_options(
    *,
    query_key: QueryKey[QueryDataT] | KeyParts,
    query_fn: QueryFunction[QueryDataT] | SkipToken | None = ...,
    **fields: Unpack[QueryOptionFields[QueryDataT]],
) -> QueryOptions[QueryDataT, QueryDataT]: ...
def query_options(base: AnyQueryOptions | None = None, /, **fields: Any) -> AnyQueryOptions:
    """Options of a query, new or based on others: the form for factories that wrap one another.

    Args:
        base: Options to start from.
        **fields: Options by name; see ``QueryOptions``.

    Raises:
        UnknownOptionError: A name that is no option.
        OptionError: A value that cannot be right.
        QueryKeyError: No key at all, or one that cannot be one.

    Source: react-query, queryOptions.
    """
    if base is not None:
        return base.with_(**fields)
    options: AnyQueryOptions = QueryOptions(**fields)
    key: object = options.query_key
    if key is UNSET:
        check.key("query_key", None)
    return options
