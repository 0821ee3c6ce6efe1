"""Each way of asking a result for its status says what its data and error are. Type-checked, never run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never, assert_type

from query import (
    ErrorResult,
    Handle,
    LoadingErrorResult,
    PendingResult,
    QueryClient,
    QueryObserver,
    QueryObserverResult,
    QueryOptions,
    QueryResult,
    RefetchErrorResult,
    ResultStream,
    SuccessResult,
    keep_previous_data,
    query_options,
)


def by_status(result: QueryObserverResult[int]) -> None:
    assert_type(result.data, int | None)
    assert_type(result.error, Exception | None)
    if result.status == "success":
        assert_type(result, SuccessResult[int])
        assert_type(result.data, int)
        assert_type(result.error, None)
    elif result.status == "error":
        assert_type(result.error, Exception)
        assert_type(result.data, int | None)
    else:
        assert_type(result, PendingResult[int])
        assert_type(result.data, None)


def by_match(result: QueryObserverResult[list[str]]) -> str:
    match result:
        case PendingResult():
            return "loading"
        case SuccessResult(data=data):
            assert_type(data, list[str])
            return data[0]
        case LoadingErrorResult(error=error):
            assert_type(error, Exception)
            return str(error)
        case RefetchErrorResult(data=data, error=error):
            assert_type(data, list[str])
            return f"{data[0]} {error}"
        case _:
            assert_never(result)


def by_class(result: QueryObserverResult[int]) -> int:
    if isinstance(result, PendingResult):
        return 0
    if isinstance(result, ErrorResult):
        assert_type(result, LoadingErrorResult[int] | RefetchErrorResult[int])
        return 1
    assert_type(result.data, int)
    return result.data


def by_flag(result: QueryObserverResult[int]) -> None:
    # a flag is a Literal: compared with True, it narrows in every checker
    if result.is_success is True:
        assert_type(result.data, int)
    if result.is_error is True:
        assert_type(result.error, Exception)
    if result.has_data is True:
        assert_type(result.data, int)
    if result.is_pending is True:
        assert_type(result.data, None)
    if result.error is not None:
        pass


def results_can_be_read_as_more_general_ones(result: QueryObserverResult[list[int]]) -> None:
    wider: QueryObserverResult[Sequence[object]] = result
    common: QueryResult[Sequence[int]] = result
    print(wider, common)


async def fetching_again(result: QueryObserverResult[int]) -> None:
    assert_type(result.refetch(), Handle[QueryObserverResult[int]])
    assert_type(await result.refetch(throw_on_error=True), QueryObserverResult[int])


async def drawing(client: QueryClient, options: QueryOptions[list[str], int]) -> None:
    observer = QueryObserver(client, options)
    assert_type(observer.track_result(observer.get_current_result()), QueryObserverResult[int])
    assert_type(observer.get_optimistic_result(options), QueryObserverResult[int])
    assert_type(await observer.fetch_optimistic(options), QueryObserverResult[int])


async def following(client: QueryClient, options: QueryOptions[list[str], int]) -> None:
    observer = QueryObserver(client, options)
    assert_type(observer.results(), ResultStream[QueryObserverResult[int]])
    assert_type(await observer.wait_for(lambda result: result.is_success, timeout=5), QueryObserverResult[int])
    async for result in client.watch(options):
        assert_type(result, QueryObserverResult[int])
    async with client.watch(options) as results:
        assert_type(await anext(results), QueryObserverResult[int])


paged = query_options(query_key=("names", 1), query_fn=lambda _: ["Apollo"], placeholder_data=keep_previous_data)
assert_type(paged, QueryOptions[list[str], list[str]])
