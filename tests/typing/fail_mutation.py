"""What the type checkers must refuse of mutations: a mark gives the code of mypy and the rule of pyright. Never run."""

from __future__ import annotations

from query import MutationFunctionContext, MutationObserver, QueryClient, QueryOptions, mutation_options


async def rename(name: str, context: MutationFunctionContext) -> int:
    return len(name)


async def add(number: int, context: MutationFunctionContext) -> int:
    return number


def remember(name: str, context: MutationFunctionContext) -> float:
    return 1.5


def succeed(data: str, name: str, remembered: float | None, context: MutationFunctionContext) -> None: ...


def fail(error: Exception, name: str, remembered: str | None, context: MutationFunctionContext) -> None: ...


renaming = mutation_options(mutation_fn=rename, on_mutate=remember)

mutation_options(mutation_fn=rename, retri=2)  # error: call-overload | reportCallIssue
mutation_options(mutation_fn=rename, scope=3)  # error: call-overload | reportCallIssue
mutation_options(mutation_fn=rename, mutation_key="rename")  # error: call-overload | reportCallIssue
mutation_options(mutation_fn=lambda name: name)  # error: arg-type | reportCallIssue
mutation_options(mutation_fn=rename, on_success=succeed)  # error: misc | reportCallIssue
mutation_options(mutation_fn=rename, on_mutate=remember, on_error=fail)  # error: arg-type | reportCallIssue
mutation_options(QueryOptions(), retry=2)  # error: call-overload | reportArgumentType
mutation_options(renaming, mutation_fn=add)  # error: arg-type | reportArgumentType
mutation_options(renaming, on_success=succeed)  # error: arg-type | reportArgumentType
renaming.with_(on_error=fail)  # error: arg-type | reportArgumentType
renaming.with_(retri=2)  # error: call-overload | reportCallIssue
renaming.retry = 2  # error: misc | reportAttributeAccessIssue


async def using(client: QueryClient) -> None:
    observer = MutationObserver(client, renaming)
    observer.mutate()  # error: call-arg | reportCallIssue
    observer.mutate(5)  # error: arg-type | reportArgumentType
    observer.mutate("Apollo", on_success=succeed)  # error: arg-type | reportArgumentType
    observer.mutate("Apollo", on_failure=fail)  # error: call-arg | reportCallIssue
    name: str = await observer.mutate("Apollo")  # error: assignment | reportAssignmentType
    result = observer.get_current_result()
    number: int = result.data  # error: assignment | reportAssignmentType
    if result.status == "error":
        number = result.data  # error: assignment | reportAssignmentType
    print(name, number, result.status == "sucess")  # error: comparison-overlap | reportUnnecessaryComparison | -
