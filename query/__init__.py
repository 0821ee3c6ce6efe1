"""The front door of the query cache. The HTTP helpers have their own: ``query.api``.

The floors of the house, each importing only those to its right::

    face -> threads -> observers -> client -> cache -> runtime -> base <- openapi <- api

A name is loaded when it is first asked for: who needs little, such as the mock of this distribution, loads little.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .base.contexts import (
        InfiniteQueryFunctionContext,
        MutationFunctionContext,
        QueryClientView,
        QueryFunctionContext,
    )
    from .base.errors import (
        DehydratedError,
        HydrationError,
        LoopError,
        MissingMutationFnError,
        MissingQueryClientError,
        MissingQueryFnError,
        NoDataError,
        OptionError,
        QueryCancelledError,
        QueryError,
        QueryKeyError,
        RedactedError,
        ResultTimeoutError,
        SerializationError,
        UnknownOptionError,
        is_cancelled_error,
    )
    from .base.filters import MutationFilters, QueryFilters, match_mutation, match_query
    from .base.infinite_data import InfiniteData
    from .base.infinite_options import InfiniteQueryOptions, infinite_query_options
    from .base.key_types import register_key_type
    from .base.keys import hash_key, partial_match_key
    from .base.mutation_options import MutationOptions, mutation_options
    from .base.mutation_state import MutationState
    from .base.optimistic import Undo, invalidates, take_back, update_data
    from .base.options import QueryOptions, query_options
    from .base.query_key import QueryKey
    from .base.query_state import QueryState
    from .base.structural_sharing import replace_equal_deep
    from .base.types import UNSET, SkipToken, Unset, ms, skip_token
    from .base.values import keep_previous_data, should_throw_error
    from .base.views import AbortSignalView, MutationView, QueryView
    from .cache.mutation import Mutation
    from .cache.mutation_cache import MutationCache
    from .cache.mutation_events import MutationCacheEvent
    from .cache.query import Query
    from .cache.query_cache import QueryCache
    from .cache.query_events import QueryCacheEvent
    from .client.broadcast import BroadcastErrorEvent, BroadcastTransport, QueryBroadcast, broadcast_query_client
    from .client.client_persistence import (
        ClientPersistence,
        persist_query_client,
        persist_query_client_restore,
        persist_query_client_save,
        persist_query_client_subscribe,
    )
    from .client.defaults import DefaultOptions
    from .client.dehydrated_state import CompactQueries, DehydratedMutation, DehydratedQuery, DehydratedState
    from .client.dehydration import (
        default_should_dehydrate_mutation,
        default_should_dehydrate_query,
        dehydrate,
        dehydrate_query,
    )
    from .client.file_storage import FileStorage
    from .client.hydration import hydrate
    from .client.hydration_options import DehydrateOptions, HydrateOptions
    from .client.persisted_client import PersistedClient, Persister
    from .client.persisted_query import PersistedQuery
    from .client.query_persister import QueryPersister, create_query_persister
    from .client.storage import ListableStorage, MemoryStorage, Storage
    from .client.storage_persister import (
        PersistRetryer,
        StoragePersister,
        create_storage_persister,
        remove_oldest_query,
    )
    from .client.streamed_query import streamed_query
    from .client.tanstack import from_tanstack, to_tanstack
    from .face import QueryClient
    from .observers.infinite_query_observer import InfiniteQueryObserver
    from .observers.infinite_query_result import (
        InfiniteLoadingErrorResult,
        InfinitePendingResult,
        InfiniteQueryObserverResult,
        InfiniteRefetchErrorResult,
        InfiniteSuccessResult,
    )
    from .observers.mutation_observer import MutationObserver
    from .observers.mutation_result import (
        ErrorMutationResult,
        IdleMutationResult,
        MutationObserverResult,
        MutationResult,
        PendingMutationResult,
        SuccessMutationResult,
    )
    from .observers.queries_observer import OptimisticResults, QueriesObserver
    from .observers.query_observer import QueryObserver
    from .observers.query_result import (
        ErrorResult,
        LoadingErrorResult,
        PendingResult,
        QueryObserverResult,
        QueryResult,
        RefetchErrorResult,
        SuccessResult,
    )
    from .observers.result_stream import ResultStream
    from .runtime.clock import Clock, SystemClock
    from .runtime.environment_manager import EnvironmentManager, environment_manager
    from .runtime.focus_manager import FocusManager, focus_manager
    from .runtime.handle import Handle
    from .runtime.notify_manager import NotifyManager, notify_manager
    from .runtime.online_manager import OnlineManager, online_manager
    from .runtime.timeout_manager import TimeoutManager, timeout_manager
    from .runtime.worker_thread import in_thread

__all__ = [
    "QueryClient",
    "DefaultOptions",
    "QueryOptions",
    "query_options",
    "MutationOptions",
    "mutation_options",
    "update_data",
    "take_back",
    "Undo",
    "invalidates",
    "InfiniteQueryOptions",
    "infinite_query_options",
    "InfiniteData",
    "QueryFilters",
    "MutationFilters",
    "QueryKey",
    "QueryObserver",
    "QueryObserverResult",
    "QueryResult",
    "PendingResult",
    "SuccessResult",
    "ErrorResult",
    "LoadingErrorResult",
    "RefetchErrorResult",
    "ResultStream",
    "InfiniteQueryObserver",
    "InfiniteQueryObserverResult",
    "InfinitePendingResult",
    "InfiniteSuccessResult",
    "InfiniteLoadingErrorResult",
    "InfiniteRefetchErrorResult",
    "QueriesObserver",
    "OptimisticResults",
    "MutationObserver",
    "MutationObserverResult",
    "MutationResult",
    "IdleMutationResult",
    "PendingMutationResult",
    "SuccessMutationResult",
    "ErrorMutationResult",
    "QueryCache",
    "QueryCacheEvent",
    "MutationCache",
    "MutationCacheEvent",
    "Query",
    "QueryState",
    "Mutation",
    "MutationState",
    "Handle",
    "UNSET",
    "Unset",
    "skip_token",
    "SkipToken",
    "keep_previous_data",
    "QueryFunctionContext",
    "InfiniteQueryFunctionContext",
    "MutationFunctionContext",
    "QueryClientView",
    "QueryView",
    "MutationView",
    "AbortSignalView",
    "dehydrate",
    "hydrate",
    "dehydrate_query",
    "default_should_dehydrate_query",
    "default_should_dehydrate_mutation",
    "DehydrateOptions",
    "HydrateOptions",
    "DehydratedState",
    "DehydratedQuery",
    "DehydratedMutation",
    "CompactQueries",
    "from_tanstack",
    "to_tanstack",
    "persist_query_client",
    "persist_query_client_restore",
    "persist_query_client_save",
    "persist_query_client_subscribe",
    "ClientPersistence",
    "PersistedClient",
    "Persister",
    "create_storage_persister",
    "StoragePersister",
    "PersistRetryer",
    "remove_oldest_query",
    "broadcast_query_client",
    "QueryBroadcast",
    "BroadcastTransport",
    "BroadcastErrorEvent",
    "Storage",
    "ListableStorage",
    "MemoryStorage",
    "FileStorage",
    "Clock",
    "SystemClock",
    "FocusManager",
    "focus_manager",
    "OnlineManager",
    "online_manager",
    "NotifyManager",
    "notify_manager",
    "TimeoutManager",
    "timeout_manager",
    "EnvironmentManager",
    "environment_manager",
    "hash_key",
    "partial_match_key",
    "register_key_type",
    "replace_equal_deep",
    "match_query",
    "match_mutation",
    "should_throw_error",
    "is_cancelled_error",
    "in_thread",
    "streamed_query",
    "create_query_persister",
    "QueryPersister",
    "PersistedQuery",
    "ms",
    "QueryError",
    "QueryCancelledError",
    "MissingQueryFnError",
    "MissingMutationFnError",
    "MissingQueryClientError",
    "NoDataError",
    "DehydratedError",
    "RedactedError",
    "HydrationError",
    "SerializationError",
    "ResultTimeoutError",
    "QueryKeyError",
    "OptionError",
    "UnknownOptionError",
    "LoopError",
]

_ROOMS = {
    "QueryClient": ".face",
    "DefaultOptions": ".client.defaults",
    "QueryOptions": ".base.options",
    "query_options": ".base.options",
    "MutationOptions": ".base.mutation_options",
    "mutation_options": ".base.mutation_options",
    "update_data": ".base.optimistic",
    "take_back": ".base.optimistic",
    "Undo": ".base.optimistic",
    "invalidates": ".base.optimistic",
    "InfiniteQueryOptions": ".base.infinite_options",
    "infinite_query_options": ".base.infinite_options",
    "InfiniteData": ".base.infinite_data",
    "QueryFilters": ".base.filters",
    "MutationFilters": ".base.filters",
    "QueryKey": ".base.query_key",
    "QueryObserver": ".observers.query_observer",
    "QueryObserverResult": ".observers.query_result",
    "QueryResult": ".observers.query_result",
    "PendingResult": ".observers.query_result",
    "SuccessResult": ".observers.query_result",
    "ErrorResult": ".observers.query_result",
    "LoadingErrorResult": ".observers.query_result",
    "RefetchErrorResult": ".observers.query_result",
    "ResultStream": ".observers.result_stream",
    "InfiniteQueryObserver": ".observers.infinite_query_observer",
    "InfiniteQueryObserverResult": ".observers.infinite_query_result",
    "InfinitePendingResult": ".observers.infinite_query_result",
    "InfiniteSuccessResult": ".observers.infinite_query_result",
    "InfiniteLoadingErrorResult": ".observers.infinite_query_result",
    "InfiniteRefetchErrorResult": ".observers.infinite_query_result",
    "QueriesObserver": ".observers.queries_observer",
    "OptimisticResults": ".observers.queries_observer",
    "MutationObserver": ".observers.mutation_observer",
    "MutationObserverResult": ".observers.mutation_result",
    "MutationResult": ".observers.mutation_result",
    "IdleMutationResult": ".observers.mutation_result",
    "PendingMutationResult": ".observers.mutation_result",
    "SuccessMutationResult": ".observers.mutation_result",
    "ErrorMutationResult": ".observers.mutation_result",
    "QueryCache": ".cache.query_cache",
    "QueryCacheEvent": ".cache.query_events",
    "MutationCache": ".cache.mutation_cache",
    "MutationCacheEvent": ".cache.mutation_events",
    "Query": ".cache.query",
    "QueryState": ".base.query_state",
    "Mutation": ".cache.mutation",
    "MutationState": ".base.mutation_state",
    "Handle": ".runtime.handle",
    "UNSET": ".base.types",
    "Unset": ".base.types",
    "skip_token": ".base.types",
    "SkipToken": ".base.types",
    "keep_previous_data": ".base.values",
    "QueryFunctionContext": ".base.contexts",
    "InfiniteQueryFunctionContext": ".base.contexts",
    "MutationFunctionContext": ".base.contexts",
    "QueryClientView": ".base.contexts",
    "QueryView": ".base.views",
    "MutationView": ".base.views",
    "AbortSignalView": ".base.views",
    "dehydrate": ".client.dehydration",
    "hydrate": ".client.hydration",
    "dehydrate_query": ".client.dehydration",
    "default_should_dehydrate_query": ".client.dehydration",
    "default_should_dehydrate_mutation": ".client.dehydration",
    "DehydrateOptions": ".client.hydration_options",
    "HydrateOptions": ".client.hydration_options",
    "DehydratedState": ".client.dehydrated_state",
    "DehydratedQuery": ".client.dehydrated_state",
    "DehydratedMutation": ".client.dehydrated_state",
    "CompactQueries": ".client.dehydrated_state",
    "from_tanstack": ".client.tanstack",
    "to_tanstack": ".client.tanstack",
    "persist_query_client": ".client.client_persistence",
    "persist_query_client_restore": ".client.client_persistence",
    "persist_query_client_save": ".client.client_persistence",
    "persist_query_client_subscribe": ".client.client_persistence",
    "ClientPersistence": ".client.client_persistence",
    "PersistedClient": ".client.persisted_client",
    "Persister": ".client.persisted_client",
    "create_storage_persister": ".client.storage_persister",
    "StoragePersister": ".client.storage_persister",
    "PersistRetryer": ".client.storage_persister",
    "remove_oldest_query": ".client.storage_persister",
    "broadcast_query_client": ".client.broadcast",
    "QueryBroadcast": ".client.broadcast",
    "BroadcastTransport": ".client.broadcast",
    "BroadcastErrorEvent": ".client.broadcast",
    "Storage": ".client.storage",
    "ListableStorage": ".client.storage",
    "MemoryStorage": ".client.storage",
    "FileStorage": ".client.file_storage",
    "Clock": ".runtime.clock",
    "SystemClock": ".runtime.clock",
    "FocusManager": ".runtime.focus_manager",
    "focus_manager": ".runtime.focus_manager",
    "OnlineManager": ".runtime.online_manager",
    "online_manager": ".runtime.online_manager",
    "NotifyManager": ".runtime.notify_manager",
    "notify_manager": ".runtime.notify_manager",
    "TimeoutManager": ".runtime.timeout_manager",
    "timeout_manager": ".runtime.timeout_manager",
    "EnvironmentManager": ".runtime.environment_manager",
    "environment_manager": ".runtime.environment_manager",
    "hash_key": ".base.keys",
    "partial_match_key": ".base.keys",
    "register_key_type": ".base.key_types",
    "replace_equal_deep": ".base.structural_sharing",
    "match_query": ".base.filters",
    "match_mutation": ".base.filters",
    "should_throw_error": ".base.values",
    "is_cancelled_error": ".base.errors",
    "in_thread": ".runtime.worker_thread",
    "streamed_query": ".client.streamed_query",
    "create_query_persister": ".client.query_persister",
    "QueryPersister": ".client.query_persister",
    "PersistedQuery": ".client.persisted_query",
    "ms": ".base.types",
    "QueryError": ".base.errors",
    "QueryCancelledError": ".base.errors",
    "MissingQueryFnError": ".base.errors",
    "MissingMutationFnError": ".base.errors",
    "MissingQueryClientError": ".base.errors",
    "NoDataError": ".base.errors",
    "DehydratedError": ".base.errors",
    "RedactedError": ".base.errors",
    "HydrationError": ".base.errors",
    "SerializationError": ".base.errors",
    "ResultTimeoutError": ".base.errors",
    "QueryKeyError": ".base.errors",
    "OptionError": ".base.errors",
    "UnknownOptionError": ".base.errors",
    "LoopError": ".base.errors",
}


if not TYPE_CHECKING:  # else every name would exist for a type checker

    def __getattr__(name: str) -> Any:
        room = _ROOMS.get(name)
        if room is None:
            raise AttributeError(f"module 'query' has no attribute {name!r}")
        from importlib import import_module

        # found at once from now on
        value = globals()[name] = getattr(import_module(room, __name__), name)
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
