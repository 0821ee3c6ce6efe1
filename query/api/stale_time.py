"""The one option that every read of an API must give."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from ..base.errors import OptionError
from ..base.types import UNSET

T = TypeVar("T")
P = ParamSpec("P")


def needing_stale_time(call: Callable[P, T]) -> Callable[P, T]:
    """Say why ``stale_time`` is needed where Python would only say that it is missing.

    Args:
        call: What takes it as a keyword.
    """

    @functools.wraps(call)
    def checked(*args: P.args, **options: P.kwargs) -> T:
        stale_time = options.get("stale_time", UNSET)
        if stale_time is None or stale_time is UNSET:
            was = "missing" if "stale_time" not in options else f"{stale_time}"
            raise OptionError(
                f"stale_time is {was}; expected the seconds for which the answer counts as fresh, a timedelta, "
                'math.inf or "static". Only the caller can know it: stale_time=0 fetches anew at every use.',
                option="stale_time",
            )
        return call(*args, **options)

    return checked
