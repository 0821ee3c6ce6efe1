"""The hooks as declarations in the bodies of Textual's widgets, screens and apps.

For example::

    class ProjectList(Vertical):
        projects = use_query(projects_options)

        def watch_projects(self, projects):
            self.query_one(Static).update(str(projects.data))

What a declared attribute is, and what it does at which time, is in ``declaration.py`` and ``observed_node.py``.
"""

# first: it says what to install where Textual is missing
from .errors import CircularOptionsError, NotMountedError  # isort: skip
from .client_declarations import use_is_restoring, use_query_client
from .declaration import Declaration
from .giving import IsRestoringProvider, QueryClientProvider
from .mutations import use_is_mutating, use_mutation, use_mutation_state
from .queries import use_infinite_query, use_is_fetching, use_prefetch_query, use_query
from .query_groups import use_queries

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
    "Declaration",
    "NotMountedError",
    "CircularOptionsError",
]
