"""When to try a failed API call again: what the server says, else with growing, random pauses."""

from __future__ import annotations

import random as random_numbers
from collections.abc import Callable, Collection
from typing import Final, TypedDict

from ..base.errors import OptionError, QueryError
from ..base.option_checks import is_duration, is_number
from ..base.types import Duration, seconds
from .errors import RequestError

RETRIED_STATUSES: Final = frozenset({408, 425, 429})
"""The client errors that may pass by themselves: too late, too early, too often."""


class ApiRetry(TypedDict):
    """The two options that ``api_retry`` gives, for queries and mutations: ``options.with_(**api_retry())``."""

    retry: Callable[[int, Exception], bool]
    retry_delay: Callable[[int, Exception], float]


def is_worth_retrying(error: BaseException) -> bool:
    """Whether the same call may succeed later.

    A 4xx will not, but for 408, 425 and 429; nor will a redirect that leads nowhere, an option that cannot be right
    or a body that is not of its type. A 5xx, a lost connection, a timeout, a page where JSON was promised, and every
    error that is not of this package, may.

    Args:
        error: What the call failed with.
    """
    if isinstance(error, RequestError):
        if not error.retryable:
            return False
        if error.status is None:
            return error.is_timeout or error.is_network
        return error.status in RETRIED_STATUSES or error.is_server_error or 200 <= error.status < 300
    return not isinstance(error, QueryError) or error.retryable


def retry_after_delay(
    *,
    first: Duration = 1.0,
    longest: Duration = 30.0,
    longest_retry_after: Duration = 120.0,
    random: Callable[[], float] = random_numbers.random,
) -> Callable[[int, Exception], float]:
    """A ``retry_delay``: what the server asks for with ``Retry-After``, else a random part of 1, 2, 4, ... seconds.

    Random from zero on ("full jitter"), so that many clients that failed together do not come back together.

    Args:
        first: The longest pause before the first retry. It doubles with each.
        longest: The longest pause of all.
        longest_retry_after: The longest that a server may ask for; from there on it is asked earlier than it likes.
        random: Gives numbers from 0 to 1, for tests.

    Raises:
        OptionError: A duration that is none.
    """
    start, most, most_asked = (
        _seconds(name, value)
        for name, value in (("first", first), ("longest", longest), ("longest_retry_after", longest_retry_after))
    )

    def delay(failure_count: int, error: Exception) -> float:
        if isinstance(error, RequestError) and error.retry_after is not None:
            return min(error.retry_after, most_asked)
        # beyond, a power of two is no float any more
        return random() * min(most, start * 2.0 ** min(failure_count, 64))

    return delay


def api_retry(
    count: int = 3,
    *,
    methods: Collection[str] | None = None,
    first: Duration = 1.0,
    longest: Duration = 30.0,
    longest_retry_after: Duration = 120.0,
    random: Callable[[], float] = random_numbers.random,
) -> ApiRetry:
    """``retry`` and ``retry_delay`` for API calls: tries again what may succeed later, when the server wants it.

    For one query ``options.with_(**api_retry())``, for all of a client ``QueryOptions(**api_retry())`` among its
    defaults.

    Args:
        count: How often to try again at most.
        methods: The methods to try again; all by default, as queries only read. For mutations, name those that may
            be done twice: ``{"PUT", "DELETE"}``.
        first: The longest pause before the first retry. It doubles with each.
        longest: The longest pause of all.
        longest_retry_after: The longest that a server may ask for with ``Retry-After``.
        random: Gives numbers from 0 to 1, for tests.

    Raises:
        OptionError: A *count* that is none, or a duration that is none.
    """
    if not is_number(count) or count < 0:
        raise OptionError(f"count={count!r} is no number of retries; expected 0 or more.", option="count")
    if isinstance(methods, str):
        raise OptionError(f'methods={methods!r} is a text; expected a set such as {{"GET", "PUT"}}.', option="methods")
    wanted = None if methods is None else frozenset(method.upper() for method in methods)

    def retry(failure_count: int, error: Exception) -> bool:
        if failure_count >= count or not is_worth_retrying(error):
            return False
        return wanted is None or not isinstance(error, RequestError) or error.method.upper() in wanted

    delay = retry_after_delay(first=first, longest=longest, longest_retry_after=longest_retry_after, random=random)
    return ApiRetry(retry=retry, retry_delay=delay)


def _seconds(name: str, value: Duration) -> float:
    if not is_duration(value):
        raise OptionError(f"{name}={value!r} is no duration; expected seconds or a timedelta, 0 or more.", option=name)
    return seconds(value)
