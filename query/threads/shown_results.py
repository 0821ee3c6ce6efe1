"""Results as threads see them: the functions that they carry wait, too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar, cast

import msgspec
from msgspec import structs

from ..runtime.handle import Handle
from .crossing import Crossing

T = TypeVar("T")

FETCHING: Final = ("refetch", "fetch_next_page", "fetch_previous_page")
"""Functions of results that deliver the next result."""


class ShownResults:
    """Makes results of observers in the loop into results for threads: the same one of the same one.

    A function that a result carries then waits for the loop, and returns a handle that is done.

    Args:
        crossing: The way into the loop.
    """

    def __init__(self, crossing: Crossing) -> None:
        self._crossing = crossing
        # replaced as a whole: several threads may look
        self._latest: dict[int, tuple[Any, Any]] = {}

    def one(self, result: T) -> T:
        """A result for threads.

        Args:
            result: Of an observer in the loop.
        """
        return self.all((result,))[0]

    def all(self, results: Sequence[T]) -> list[T]:
        """The results of a group for threads.

        Args:
            results: Of the observers of the group.
        """
        before = self._latest
        self._latest = latest = {
            id(result): before.get(id(result)) or (result, self._for_threads(result)) for result in results
        }
        return [latest[id(result)][1] for result in results]

    def _for_threads(self, result: Any) -> Any:
        names = cast("msgspec.Struct", result).__struct_fields__
        functions: dict[str, Callable[..., Any]] = {
            name: self._waiting(getattr(result, name), self.one) for name in FETCHING if name in names
        }
        if "mutate" in names:
            functions["mutate"] = self._waiting(result.mutate, lambda data: data)
            functions["reset"] = lambda: self._crossing.call(result.reset)
        return structs.replace(result, **functions)

    def _waiting(self, function: Callable[..., Handle[T]], show: Callable[[T], T]) -> Callable[..., Handle[T]]:
        def wait(*args: Any, **kwargs: Any) -> Handle[T]:
            return Handle.of(show(self._crossing.wait(lambda: function(*args, **kwargs))))

        return wait
