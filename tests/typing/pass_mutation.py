"""Variables, result and on_mutate's answer keep their types. Type-checked, never run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, assert_never, assert_type

from query import (
    ErrorMutationResult,
    Handle,
    IdleMutationResult,
    MutationFunctionContext,
    MutationObserver,
    MutationObserverResult,
    MutationOptions,
    MutationResult,
    PendingMutationResult,
    QueryClient,
    SuccessMutationResult,
    Unset,
    mutation_options,
)


async def rename(name: str, context: MutationFunctionContext) -> int:
    return len(name)


def rename_now(name: str, context: MutationFunctionContext) -> int:
    return len(name)


async def log_out(nothing: None, context: MutationFunctionContext) -> bool:
    return True


def remember(name: str, context: MutationFunctionContext) -> float:
    return 1.5


async def remember_later(name: str, context: MutationFunctionContext) -> float:
    return 1.5


def succeed(data: int, name: str, remembered: float | None, context: MutationFunctionContext) -> None: ...


async def fail(error: Exception, name: str, remembered: float | None, context: MutationFunctionContext) -> None: ...


def settle(
    data: int | Unset,
    error: Exception | None,
    name: str,
    remembered: float | None,
    context: MutationFunctionContext,
) -> None: ...


# by the class and by the factory, with plain and async functions
renaming = MutationOptions(mutation_fn=rename, on_mutate=remember, on_success=succeed)
assert_type(renaming, MutationOptions[str, int, float])
assert_type(MutationOptions(mutation_fn=rename, on_mutate=remember_later), MutationOptions[str, int, float])
assert_type(MutationOptions(mutation_fn=rename_now, on_mutate=remember), MutationOptions[str, int, float])
assert_type(MutationOptions(mutation_fn=rename_now, on_mutate=remember_later), MutationOptions[str, int, float])
assert_type(mutation_options(mutation_fn=rename, on_mutate=remember), MutationOptions[str, int, float])
assert_type(mutation_options(mutation_fn=rename, on_mutate=remember_later), MutationOptions[str, int, float])
assert_type(mutation_options(mutation_fn=rename_now, on_mutate=remember), MutationOptions[str, int, float])
assert_type(mutation_options(mutation_fn=rename_now, on_mutate=remember_later), MutationOptions[str, int, float])
assert_type(mutation_options(mutation_fn=rename, scope="names"), MutationOptions[str, int, Any])
mutation_options(mutation_fn=rename, on_mutate=remember, on_success=succeed, on_error=fail, on_settled=settle)
mutation_options(mutation_fn=rename, on_mutate=remember, on_success=lambda data, name, kept, context: data + len(name))

# options that build on others
plain = mutation_options(mutation_fn=rename, mutation_key=("rename",))
assert_type(mutation_options(renaming), MutationOptions[str, int, float])
assert_type(mutation_options(renaming, retry=2, on_error=fail), MutationOptions[str, int, float])
assert_type(mutation_options(plain, on_mutate=remember, on_success=succeed), MutationOptions[str, int, float])
assert_type(mutation_options(plain, on_mutate=remember_later), MutationOptions[str, int, float])
assert_type(mutation_options(renaming, mutation_fn=rename_now), MutationOptions[str, int, float])
assert_type(renaming.with_(retry=2), MutationOptions[str, int, float])
assert_type(plain.with_(on_mutate=remember), MutationOptions[str, int, float])
assert_type(plain.with_(on_mutate=remember_later, on_settled=settle), MutationOptions[str, int, float])


def mutating(client: QueryClient) -> None:
    observer = MutationObserver(client, renaming)
    assert_type(observer, MutationObserver[str, int, float])
    assert_type(observer.mutate("Apollo"), Handle[int])
    assert_type(observer.mutate("Apollo", on_success=succeed, on_error=fail, on_settled=settle), Handle[int])
    observer.mutate("Apollo", on_success=lambda data, name, kept, context: assert_type(data, int))
    observer.mutate("Apollo", on_success=lambda data, name, kept, context: assert_type(kept, float | None))
    observer.mutate("Apollo", on_settled=lambda data, error, name, kept, context: assert_type(data, int | Unset))
    observer.set_options(renaming.with_(retry=2))
    observer.subscribe(lambda result: assert_type(result, MutationObserverResult[str, int, float]))


def mutating_without_variables(client: QueryClient) -> None:
    observer = MutationObserver(client, mutation_options(mutation_fn=log_out))
    assert_type(observer.mutate(), Handle[bool])
    assert_type(observer.mutate(None), Handle[bool])
    observer.mutate(on_success=lambda data, variables, kept, context: print(data))


# each way of asking a result for its status says what its data, error and variables are


def by_status(result: MutationObserverResult[str, int, float]) -> None:
    assert_type(result.data, int | None)
    assert_type(result.error, Exception | None)
    assert_type(result.variables, str | None)
    assert_type(result.context, float | None)
    assert_type(result.mutate("Apollo"), Handle[int])
    result.mutate("Apollo", on_success=succeed, on_error=fail, on_settled=settle)
    if result.status == "success":
        assert_type(result, SuccessMutationResult[str, int, float])
        assert_type(result.data, int)
        assert_type(result.error, None)
        assert_type(result.variables, str)
    elif result.status == "error":
        assert_type(result.data, None)
        assert_type(result.error, Exception)
        assert_type(result.variables, str)
    elif result.status == "pending":
        assert_type(result, PendingMutationResult[str, int, float])
        assert_type(result.variables, str)
    else:
        assert_type(result, IdleMutationResult[str, int, float])
        assert_type(result.variables, None)


def by_match(result: MutationObserverResult[str, int, float]) -> str:
    match result:
        case IdleMutationResult():
            return ""
        case PendingMutationResult(variables=name):
            assert_type(name, str)
            return name
        case SuccessMutationResult(data=data):
            assert_type(data, int)
            return str(data)
        case ErrorMutationResult(error=error):
            assert_type(error, Exception)
            return str(error)
        case _:
            assert_never(result)


def by_flag(result: MutationObserverResult[str, int, float]) -> None:
    # a flag is a Literal: compared with True, it narrows in every checker
    if result.is_success is True:
        assert_type(result.data, int)
    if result.is_error is True:
        assert_type(result.error, Exception)
    if result.is_pending is True:
        assert_type(result.variables, str)
    if result.has_data is True:
        assert_type(result.data, int)


def results_can_be_read_as_more_general_ones(result: MutationObserverResult[str, list[int], float]) -> None:
    wider: MutationObserverResult[str, Sequence[object], object] = result
    common: MutationResult[str, Sequence[int], float] = result
    print(wider, common)
