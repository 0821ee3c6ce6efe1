"""What the type checkers must refuse of hooks: a mark gives the code of mypy and the rule of pyright. Never run."""

from __future__ import annotations

from query import MutationFunctionContext, QueryClient, mutation_options, query_options
from query.ui.flet import QueryClientProvider as FletProvider
from query.ui.reactpy import (
    QueryClientProvider,
    use_infinite_query,
    use_is_fetching,
    use_mutation,
    use_queries,
    use_query,
)


async def load_name(_: object) -> str:
    return "Apollo"


async def create(name: str, _: MutationFunctionContext) -> int:
    return len(name)


name = query_options(query_key=("name",), query_fn=load_name)


async def component(client: QueryClient) -> None:
    number: int | None = use_query(name).data  # error: assignment | reportAssignmentType
    use_query(name.query_key)  # error: arg-type | reportArgumentType
    use_query(name, True)  # error: arg-type | reportArgumentType
    use_infinite_query(name)  # error: arg-type | reportArgumentType
    number = use_queries((name,))[0].data  # error: assignment | reportAssignmentType
    use_queries(name)  # error: call-overload | reportCallIssue
    created = use_mutation(mutation_options(mutation_fn=create))
    created.mutate(3)  # error: arg-type | reportArgumentType
    await created.mutate("Apollo")  # error: misc | reportGeneralTypeIssues
    text: str | None = created.data  # error: assignment | reportAssignmentType
    use_is_fetching(client)  # error: arg-type | reportArgumentType
    QueryClientProvider()  # error: call-arg | reportCallIssue
    FletProvider("children", client=client)  # error: arg-type | reportArgumentType
    print(number, text)
