"""Options of queries: how long data is fresh, how often to try again, and whole sets of them."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any, Literal, TypeAlias, TypedDict

from hypothesis import strategies as st

StaleTimeLike: TypeAlias = float | timedelta | Literal["static"]


class RetryOptions(TypedDict):
    """How often to try again, and after how long: ``options.with_(**drawn)``, ``make_test_query_client(**drawn)``."""

    retry: int | bool
    retry_delay: float


def stale_times() -> st.SearchStrategy[StaleTimeLike]:
    """Values of ``stale_time``: 0, some milliseconds to an hour, a timedelta, ``math.inf``, "static"."""
    some = _durations(3600)
    static: st.SearchStrategy[Literal["static"]] = st.just("static")
    return st.just(0.0) | some | some.map(lambda count: timedelta(seconds=count)) | st.just(math.inf) | static


def retry_policies(max_retries: int = 3) -> st.SearchStrategy[RetryOptions]:
    """Values of ``retry`` and ``retry_delay``: never, or up to so many times, at once or after up to a minute.

    Never ``True``: a server that fails for good would be asked for ever.

    Args:
        max_retries: How many retries at the most.

    Raises:
        ValueError: It is below 0.
    """
    if max_retries < 0:
        raise ValueError(f"max_retries={max_retries} is no number of retries; expected 0 or more.")
    retries = st.just(False) | st.integers(0, max_retries)
    return st.builds(RetryOptions, retry=retries, retry_delay=st.just(0.0) | _durations(60))


def query_options_sets(max_retries: int = 3) -> st.SearchStrategy[dict[str, Any]]:
    """Sets of options by name, for ``query_options(query_key=..., query_fn=..., **drawn)`` and their like.

    Only options that leave a program right: those that say how long data lives, what triggers a fetch and how it is
    retried, never ``enabled``, ``select`` or ``query_fn``. They shrink to none at all.

    Args:
        max_retries: As for ``retry_policies``.
    """
    triggers = st.sampled_from([True, False, "always"])
    own = st.fixed_dictionaries(
        {},
        optional={
            "stale_time": stale_times(),
            "gc_time": st.just(0.0) | _durations(3600) | st.just(math.inf),
            "refetch_on_mount": triggers,
            "refetch_on_window_focus": triggers,
            "refetch_on_reconnect": triggers,
            "refetch_interval": st.just(False) | st.integers(1, 600).map(float),
            "refetch_interval_in_background": st.booleans(),
            "network_mode": st.sampled_from(["online", "always", "offline_first"]),
            "structural_sharing": st.booleans(),
            "retry_on_mount": st.booleans(),
            "cancel_when_unused": st.booleans(),
        },
    )
    retry: st.SearchStrategy[dict[str, Any]] = st.just({}) | retry_policies(max_retries).map(dict)
    return st.builds(lambda some, others: {**some, **others}, own, retry)


def _durations(most: int) -> st.SearchStrategy[float]:
    """Seconds, from some milliseconds on."""
    return st.integers(1, 999).map(lambda count: count / 1000) | st.integers(1, most).map(float)
