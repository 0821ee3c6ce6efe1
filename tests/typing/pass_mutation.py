"""Variables, result and on_mutate's answer keep their types. Type-checked, never run."""

from __future__ import annotations

from typing import assert_type

from query import (
    Handle,
    MutationFunctionContext,
    MutationObserver,
    MutationObserverResult,
    MutationOptions,
    QueryClient,
)


async def rename(name: str, context: MutationFunctionContext) -> int:
    return len(name)


def remember(name: str, context: MutationFunctionContext) -> float:
    return 1.5


def succeed(data: int, name: str, remembered: float | None, context: MutationFunctionContext) -> None: ...


renaming = MutationOptions(mutation_fn=rename, on_mutate=remember, on_success=succeed)
assert_type(renaming, MutationOptions[str, int, float])
assert_type(renaming.with_(retry=2), MutationOptions[str, int, float])


def mutating(client: QueryClient) -> None:
    observer = MutationObserver(client, renaming)
    assert_type(observer, MutationObserver[str, int, float])
    assert_type(observer.mutate("Apollo", on_success=succeed), Handle[int])
    assert_type(observer.get_current_result(), MutationObserverResult[str, int, float])
    assert_type(observer.get_current_result().data, int | None)
