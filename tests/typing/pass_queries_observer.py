"""A list of options gives a list of results, a tuple a tuple, and combine any value. Type-checked, never run."""

from __future__ import annotations

from typing import Any, assert_type

from query import (
    OptimisticResults,
    QueriesObserver,
    QueryClient,
    QueryObserver,
    QueryObserverResult,
    QueryOptions,
    query_options,
)

name = query_options(query_key=("name",), query_fn=lambda _: "Apollo")
count = query_options(query_key=("count",), query_fn=lambda _: 3)
flag = query_options(query_key=("flag",), query_fn=lambda _: True)
ratio = query_options(query_key=("ratio",), query_fn=lambda _: 1.5)
raw = query_options(query_key=("raw",), query_fn=lambda _: b"")
rows = query_options(query_key=("rows",), query_fn=lambda _: [1])
length = name.with_(select=len)


def names(results: list[QueryObserverResult[str]]) -> list[str | None]:
    return [result.data for result in results]


def of_one_type(client: QueryClient) -> None:
    observer = QueriesObserver(client, [name, name])
    assert_type(observer.get_current_result(), list[QueryObserverResult[str]])
    assert_type(observer.get_combined_result(), list[QueryObserverResult[str]])
    observer.subscribe(lambda results: assert_type(results, list[QueryObserverResult[str]]))
    observer.set_queries([name])
    for member in observer.get_observers():
        assert_type(member, QueryObserver[Any, Any])
    assert_type(QueriesObserver(client, [length, length]).get_current_result(), list[QueryObserverResult[int]])


def combined(client: QueryClient) -> None:
    observer = QueriesObserver(client, [name, name], names)
    assert_type(observer.get_current_result(), list[QueryObserverResult[str]])
    assert_type(observer.get_combined_result(), list[str | None])
    observer.set_queries([name], names)
    observer.set_queries([name], None)
    by_lambda = QueriesObserver(client, [name], combine=lambda results: sum(result.is_fetching for result in results))
    # pyrefly does not give a lambda its type where overloads are to be told apart
    assert_type(by_lambda.get_combined_result(), int)  # pyrefly: ignore[assert-type]


def of_several_types(client: QueryClient) -> None:
    two = QueriesObserver(client, (name, count))
    assert_type(two.get_current_result(), tuple[QueryObserverResult[str], QueryObserverResult[int]])
    first, second = two.get_current_result()
    assert_type(first.data, str | None)
    assert_type(second.data, int | None)
    two.subscribe(lambda results: assert_type(results[1], QueryObserverResult[int]))
    two.set_queries((name, count.with_(enabled=False)))
    assert_type(QueriesObserver(client, (name,)).get_current_result(), tuple[QueryObserverResult[str]])
    six = QueriesObserver(client, (name, count, flag, ratio, raw, rows))
    assert_type(six.get_current_result()[2], QueryObserverResult[bool])
    assert_type(six.get_current_result()[5], QueryObserverResult[list[int]])


def of_several_types_combined(client: QueryClient) -> None:
    two = QueriesObserver(client, (name, count), lambda results: (results[0].data, results[1].data))
    assert_type(two.get_combined_result(), tuple[str | None, int | None])
    three = QueriesObserver(client, (name, count, flag), combine=lambda results: results[2].data)
    assert_type(three.get_combined_result(), bool | None)


def of_some_number(client: QueryClient, options: tuple[QueryOptions[str, str], ...]) -> None:
    observer = QueriesObserver(client, options)
    assert_type(observer.get_current_result(), tuple[QueryObserverResult[str], ...])


def of_unknown_types(client: QueryClient, options: list[QueryOptions[Any, Any]]) -> None:
    assert_type(QueriesObserver(client, options).get_current_result(), list[QueryObserverResult[Any]])


async def waiting(client: QueryClient) -> None:
    observer = QueriesObserver(client, (name, count))
    results = await observer.wait_for(lambda results: results[0].is_success and results[1].is_success, timeout=5)
    assert_type(results, tuple[QueryObserverResult[str], QueryObserverResult[int]])
    async for shown in QueriesObserver(client, [name]).results():
        assert_type(shown, list[QueryObserverResult[str]])


def drawing(client: QueryClient) -> None:
    observer = QueriesObserver(client, [name])
    made = observer.get_optimistic_result([name], names)
    assert_type(made, OptimisticResults[list[QueryObserverResult[str]], list[str | None]])
    results, get_combined, track = made
    assert_type(results, list[QueryObserverResult[str]])
    assert_type(get_combined(), list[str | None])
    assert_type(get_combined(track()), list[str | None])
    assert_type(track(), list[QueryObserverResult[str]])
    assert_type(observer.get_optimistic_result([name]).get_combined(), list[QueryObserverResult[str]])
    pair = QueriesObserver(client, (name, count))
    assert_type(pair.get_optimistic_result((name, count), lambda results: results[1].data).get_combined(), int | None)
