"""What the type checkers must refuse of groups: a mark gives the code of mypy and the rule of pyright. Never run."""

from __future__ import annotations

from query import QueriesObserver, QueryClient, QueryObserverResult, query_options

name = query_options(query_key=("name",), query_fn=lambda _: "Apollo")
count = query_options(query_key=("count",), query_fn=lambda _: 3)


def total(results: list[QueryObserverResult[int]]) -> int:
    return sum(result.data or 0 for result in results)


def using(client: QueryClient) -> None:
    QueriesObserver(client, name)  # error: call-overload | reportCallIssue
    QueriesObserver(client, [name], total)  # error: arg-type | reportCallIssue
    QueriesObserver(client, [name.query_key])  # error: arg-type | reportCallIssue
    observer = QueriesObserver(client, [name])
    observer.set_queries([count])  # error: list-item | reportCallIssue
    number: int | None = observer.get_current_result()[0].data  # error: assignment | reportAssignmentType
    pair = QueriesObserver(client, (name, count))
    number = pair.get_current_result()[0].data  # error: assignment | reportAssignmentType
    print(number, pair.get_current_result()[2])  # error: misc | reportGeneralTypeIssues
