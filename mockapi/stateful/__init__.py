"""Machines that search for orders of events in which a query cache, or what stands on it, breaks.

``QueryCacheMachine`` is a Hypothesis state machine to subclass: name your queries, and it fetches, observes, writes,
fails, slows down, goes offline and lets time pass, with several of these in one tick, and looks at everything whenever
nothing is left to run.
"""

from .errors import CacheViolationError, RequestFailedError
from .machine import QueryCacheMachine

__all__ = ["QueryCacheMachine", "CacheViolationError", "RequestFailedError"]
