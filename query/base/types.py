"""Words the whole house uses: sentinels, statuses and units. Imports nothing from the project."""

from __future__ import annotations

import enum
import math
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final, Literal, TypeAlias

from typing_extensions import TypeVar


class Unset(enum.Enum):
    """The type of ``UNSET``: one member, so that ``is UNSET`` narrows in every type checker."""

    UNSET = "UNSET"

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = Unset.UNSET
"""There is no value. ``None`` is an ordinary value: an API may answer null, and null is data."""


class SkipToken(enum.Enum):
    """The type of ``skip_token``."""

    skip_token = "skip_token"

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "skip_token"


skip_token: Final = SkipToken.skip_token
"""Given as ``query_fn``: the query is known but must not fetch yet. It disables its observers."""

QueryStatus: TypeAlias = Literal["pending", "error", "success"]
FetchStatus: TypeAlias = Literal["fetching", "paused", "idle"]
MutationStatus: TypeAlias = Literal["idle", "pending", "success", "error"]
NetworkMode: TypeAlias = Literal["online", "always", "offline_first"]
FetchDirection: TypeAlias = Literal["forward", "backward"]

KeyParts: TypeAlias = list[Any] | tuple[Any, ...]
"""A key as people write it: a list or a tuple, such as ``("projects", {"page": 1})``. No sequence: a str is one."""

Duration: TypeAlias = float | timedelta
"""Seconds, or a timedelta."""

StaleTime: TypeAlias = float | timedelta | Literal["static"]
"""Seconds or a timedelta; 0.0 is always stale, ``math.inf`` never by age, ``"static"`` never at all."""

Meta: TypeAlias = dict[str, Any]
"""What users attach to a query or mutation for their own callbacks to read."""

Unsubscribe: TypeAlias = Callable[[], None]
"""Ends a subscription. May be called more than once."""

# Old-style TypeVars: a PEP 695 parameter that is used nowhere is inferred covariant, and a key must be invariant.
QueryDataT = TypeVar("QueryDataT", default=Any)
"""What the cache holds for a key."""
DataT = TypeVar("DataT", default=QueryDataT)
"""What an observer shows: the cached data, or what ``select`` makes of it."""

MICROSECONDS: Final = 1_000_000


def seconds(duration: Duration) -> float:
    """A duration as plain seconds.

    Args:
        duration: Seconds (int or float), or a timedelta.
    """
    return duration.total_seconds() if isinstance(duration, timedelta) else duration


def ms(milliseconds: float) -> float:
    """Milliseconds as seconds, for numbers that come from JavaScript: ``stale_time=ms(30_000)``.

    Args:
        milliseconds: A duration or an instant; ``math.inf`` stays what it is.
    """
    return milliseconds / 1000


def microseconds(instant: float) -> int:
    """An instant or duration in whole microseconds, for comparing without the dust of float arithmetic.

    ``updated_at + stale_time <= now`` in floats is wrong for about one pair in fourteen at the exact deadline;
    in microseconds it never is.

    Args:
        instant: Finite seconds.
    """
    return round(instant * MICROSECONDS)


def is_valid_timeout(value: object) -> bool:
    """Whether *value* is a delay that a timer can wait for: a real number, at least 0, finite.

    Args:
        value: Anything; seconds when it is a number. ``True`` and ``False`` are not numbers here.

    Source: utils.ts, isValidTimeout. Differs: seconds, not ms.
    """
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < math.inf
