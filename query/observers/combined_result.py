"""What ``combine`` makes of the results of a group, computed once for the same results.

Source: queriesObserver.ts, combineResult.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import compress
from operator import is_not
from typing import Any, Final

from ..base.structural_sharing import replace_data
from ..base.types import UNSET
from .query_result import QueryObserverResult, QueryResult, changed_any

Combine = Callable[[Any], Any]
Results = Sequence[QueryObserverResult[Any]]

NOTHING: Final = object()
"""Nothing was computed yet; anything else may be a combined value, ``UNSET`` included."""

# the function is an observer's own: two that look at one query alike show the same
_SHOWN: Final = tuple(name for name in QueryResult.__struct_fields__ if name != "refetch")


class CombinedResult:
    """Remembers the latest combined value and what it was made of.

    Attributes:
        value: The latest combined value, or ``NOTHING``.
    """

    def __init__(self) -> None:
        self.value: Any = NOTHING
        self._combine: Combine | None = None
        self._hashes: Sequence[str] = ()
        self._results: Results = ()

    def of(self, combine: Combine, hashes: Sequence[str], results: Results, given: Any) -> Any:
        """The combined value, with the equal parts of the former one.

        Args:
            combine: The function; another function computes anew.
            hashes: The hashes of the queries.
            results: The raw results of these queries.
            given: What to call the function with: the results, perhaps wrapped.

        Source: queriesObserver.ts, combineResult. Differs: upstream looks at the results that the group shows, though
            others may be combined before they are shown.
        """
        if combine is not self._combine or hashes != self._hashes or not _same(results, self._results):
            made = combine(given)
            # only now: a function that raised is to be asked again
            self._combine, self._hashes = combine, hashes
            self.value = replace_data(UNSET if self.value is NOTHING else self.value, made)
        self._results = results
        return self.value

    def is_of(self, combine: Combine, hashes: Sequence[str], results: Results) -> bool:
        """Whether the value is known to be what is made of these very results. No is only a guess.

        Args:
            combine: The function.
            hashes: The hashes of the queries.
            results: The raw results of these queries.
        """
        return results is self._results and combine is self._combine and hashes is self._hashes


def _same(a: Results, b: Results) -> bool:
    """Whether the results of the same queries show the same."""
    # past those that are identical without a step of Python: mostly one of thousands is another
    others = compress(zip(a, b, strict=True), map(is_not, a, b))
    return all(x.status == y.status and not changed_any(x, y, _SHOWN) for x, y in others)
