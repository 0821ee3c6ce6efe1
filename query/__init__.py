"""The front door of the query cache. The HTTP helpers have their own: ``query.api``.

The floors of the house, each importing only those to its right::

    face -> threads -> observers -> client -> cache -> runtime -> base <- api
"""

from .base.contexts import InfiniteQueryFunctionContext, MutationFunctionContext, QueryClientView, QueryFunctionContext
from .base.errors import (
    DehydratedError,
    HydrationError,
    LoopError,
    MissingMutationFnError,
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
from .client.dehydrated_state import DehydratedMutation, DehydratedQuery, DehydratedState
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
from .client.storage_persister import PersistRetryer, StoragePersister, create_storage_persister, remove_oldest_query
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
