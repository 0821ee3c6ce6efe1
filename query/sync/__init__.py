"""The query client for programs without an event loop: ``query.sync.QueryClient``, and observers for its threads."""

from ..threads.infinite_query_observer import InfiniteQueryObserver
from ..threads.mutation_observer import MutationObserver
from ..threads.queries_observer import QueriesObserver
from ..threads.query_observer import QueryObserver
from ..threads.result_stream import ResultStream
from .client import QueryClient

__all__ = [
    "QueryClient",
    "QueryObserver",
    "InfiniteQueryObserver",
    "QueriesObserver",
    "MutationObserver",
    "ResultStream",
]
