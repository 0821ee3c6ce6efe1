"""Binds a component to something that is read of a whole cache: how many fetch, what mutations are doing.

Source: react-query, useIsFetching.ts and useMutationState.ts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic

from typing_extensions import TypeVar

from ..base.structural_sharing import replace_equal_deep
from ..cache.mutation import Mutation
from ..client.query_client import QueryClient
from ..runtime.subscribable import Subscribable
from .binding import Binding

T = TypeVar("T")


class CountBinding(Binding):
    """Binds a component to a number, which is counted again after any event of a cache.

    Args:
        redraw: Renders the component again.
    """

    def __init__(self, redraw: Callable[[], object]) -> None:
        super().__init__(redraw)
        self._cache: Subscribable[...] | None = None
        self._count: Callable[[], int] | None = None
        self._shown: int | None = None

    def show(self, client: QueryClient, cache: Subscribable[...], count: Callable[[], int]) -> int:
        """What to draw.

        Args:
            client: The client.
            cache: Whose events may change the number.
            count: Counts.
        """
        self._cache, self._count = cache, count
        shown = self._shown = count()
        self._drawn(client)
        return shown

    def _settle(self) -> None:
        self._listen_to(self._cache)
        self._look()

    def _differs(self) -> bool:
        assert self._count is not None, "show() comes first"
        return self._count() != self._shown


class MutationStateBinding(Binding, Generic[T]):
    """Binds a component to a list of what mutations are doing.

    Args:
        redraw: Renders the component again.
    """

    def __init__(self, redraw: Callable[[], object]) -> None:
        super().__init__(redraw)
        self._client: QueryClient | None = None
        self._find: Callable[[], Sequence[Mutation[Any, Any, Any]]] | None = None
        self._select: Callable[[Mutation[Any, Any, Any]], T] | None = None
        self._seen: list[tuple[object, object]] = []
        self._selected: list[T] | None = None
        self._shown: list[T] | None = None

    def show(
        self,
        client: QueryClient,
        find: Callable[[], Sequence[Mutation[Any, Any, Any]]],
        select: Callable[[Mutation[Any, Any, Any]], T],
    ) -> list[T]:
        """What to draw: what *select* makes of each, with the equal parts of the former list.

        Args:
            client: The client.
            find: Finds the mutations that are meant.
            select: Makes an item of a mutation.
        """
        self._client, self._find, self._select = client, find, select
        # another function may show something else of the same states
        self._read(is_another_function=True)
        assert self._selected is not None
        shown = self._shown = self._selected
        self._drawn(client)
        return shown

    def _read(self, *, is_another_function: bool) -> None:
        find, select = self._find, self._select
        assert find is not None
        assert select is not None
        mutations = find()
        seen: list[tuple[object, object]] = [(mutation, mutation.state) for mutation in mutations]
        if is_another_function or not _same_pairs(seen, self._seen):
            self._seen = seen
            made = [select(mutation) for mutation in mutations]
            self._selected = made if self._selected is None else replace_equal_deep(self._selected, made)

    def _settle(self) -> None:
        assert self._client is not None, "show() comes first"
        self._listen_to(self._client.get_mutation_cache())
        self._look()

    def _differs(self) -> bool:
        self._read(is_another_function=False)
        return self._selected is not self._shown


def _same_pairs(a: Sequence[tuple[object, object]], b: Sequence[tuple[object, object]]) -> bool:
    # by identity: what people put into mutations may compare itself as it likes
    return len(a) == len(b) and all(x[0] is y[0] and x[1] is y[1] for x, y in zip(a, b, strict=True))
