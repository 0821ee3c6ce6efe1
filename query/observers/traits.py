"""What the options of an observer come to, as bits: looked at when they are set, instead of at each change.

Nearly all observers give none of the options that make a result more than a look at the state. A page of ten thousand
would ask all of them ten thousand times at each change.
"""

from __future__ import annotations

import math
from typing import Final

from ..base.options import AnyQueryOptions
from ..base.types import UNSET

PLAIN: Final = 1
"""The data is shown as it is: no ``select``, no placeholder, nothing for drawing."""
ENABLED: Final = 2
"""The observer is enabled, and no function is asked."""
AGELESS: Final = 4
"""Data never becomes stale by age, and no function is asked."""
TELLS_ALL: Final = 8
"""All changes are told, unless what is read of results is noted."""
NO_TIMERS: Final = 16
"""There is nothing to wait for, whatever happens to the query."""
FIXED: Final = 32
"""Results follow from the state and the time: neither ``enabled`` nor ``stale_time`` is a function."""
MOUNTS_AS_USUAL: Final = 64
"""A subscription fetches what is stale."""

QUICK: Final = 128
"""Nothing about the observer asks for more: it is of the class itself, and has no timers; nobody notes what is read of
its results, or follows all of them. It is the observer that takes this away. The last bit that keeps all of them below
256, up to which Python has one object for each number."""

SETTLED: Final = PLAIN | ENABLED | AGELESS
"""The same state gives the same result, whatever the time."""

_PLAINEST: Final = PLAIN | ENABLED | TELLS_ALL | FIXED | MOUNTS_AS_USUAL | QUICK
_WITH_A_SAY: Final = frozenset(
    {
        "_optimistic_results",
        "enabled",
        "notify_on_change_props",
        "placeholder_data",
        "refetch_interval",
        "refetch_on_mount",
        "select",
    }
)


def traits_of(options: AnyQueryOptions) -> int:
    """The traits of an observer with these options.

    Args:
        options: The options, defaults filled in.
    """
    stale_time = options.stale_time
    if _WITH_A_SAY.isdisjoint(options.__dict__):
        traits, has_interval = _PLAINEST, False
    else:
        traits, has_interval = _looked_at(options), options.refetch_interval not in (UNSET, False, None)
    if stale_time == math.inf:
        return traits | AGELESS if has_interval else traits | AGELESS | NO_TIMERS
    if callable(stale_time):
        return traits & ~FIXED
    if not has_interval and (stale_time is UNSET or stale_time is None or stale_time in (0.0, "static")):
        return traits | NO_TIMERS
    return traits


def _looked_at(options: AnyQueryOptions) -> int:
    traits = QUICK
    if (
        (options.select is UNSET or options.select is None)
        and options.placeholder_data is UNSET
        and options._optimistic_results is None
    ):
        traits |= PLAIN
    enabled = options.enabled
    if enabled is UNSET or enabled is None or enabled is True:
        traits |= ENABLED
    if not callable(enabled):
        traits |= FIXED
    if options.notify_on_change_props is UNSET or options.notify_on_change_props is None:
        traits |= TELLS_ALL
    if options.refetch_on_mount is UNSET or options.refetch_on_mount is None or options.refetch_on_mount is True:
        traits |= MOUNTS_AS_USUAL
    return traits
