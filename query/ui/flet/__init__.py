"""The hooks for Flet, version 1.

For example::

    from query.ui.flet import QueryClientProvider, use_query


    @ft.component
    def Projects():
        projects = use_query(project_options())
        if not projects.is_success:
            return ft.Text("Loading…")
        return ft.Column([ft.Text(project["name"]) for project in projects.data])


    @ft.component
    def App():
        return QueryClientProvider(Projects, client=client)
"""

from .hooks import (
    use_infinite_query,
    use_is_fetching,
    use_is_mutating,
    use_is_restoring,
    use_mutation,
    use_mutation_state,
    use_prefetch_query,
    use_queries,
    use_query,
    use_query_client,
)
from .providers import IsRestoringProvider, QueryClientProvider

__all__ = [
    "QueryClientProvider",
    "use_query_client",
    "use_query",
    "use_queries",
    "use_infinite_query",
    "use_prefetch_query",
    "use_mutation",
    "use_mutation_state",
    "use_is_fetching",
    "use_is_mutating",
    "IsRestoringProvider",
    "use_is_restoring",
]
