"""The hooks for ReactPy, version 2.

For example::

    from query.ui.reactpy import QueryClientProvider, use_query


    @component
    def Projects():
        projects = use_query(project_options())
        if not projects.is_success:
            return html.p("Loading…")
        return html.ul(*[html.li(project["name"]) for project in projects.data])


    @component
    def App():
        return QueryClientProvider(Projects(), client=client)
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
