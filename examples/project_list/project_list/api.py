"""What the program asks of the API, as options: what to fetch, and how to write.

The calls themselves and their types are in ``backend``, which is generated from ``openapi.json``.
"""

from __future__ import annotations

from query import MutationFunctionContext, MutationOptions, Undo, invalidates, mutation_options, take_back
from query.api import ApiQueryOptions, RequestError, update_json

from .backend import api
from .backend_types import NewProject, Project


def projects_options(*, owner: str | None = None) -> ApiQueryOptions[list[Project]]:
    """The list of projects.

    Args:
        owner: Only those of this owner.
    """
    return api["/projects/"](query={"owner": owner}, stale_time=30)


def create_project_options(
    projects: ApiQueryOptions[list[Project]],
) -> MutationOptions[NewProject, Project, Undo]:
    """Create a project: its row is shown at once, and taken back if the server refuses.

    Args:
        projects: The list that gets the row.
    """

    def show_the_row(new: NewProject, context: MutationFunctionContext) -> Undo:
        return update_json(context.client, projects, lambda rows: [*rows, {"id": UNSAVED, "name": new["name"]}])

    return mutation_options(
        api["/projects/"].post(),
        on_mutate=show_the_row,
        on_error=take_back,
        # every list of projects, whatever it is filtered by
        on_settled=invalidates(projects_options()),
    )


UNSAVED = ""
"""The id of a row that is shown before the server has given it one."""


def reason(error: Exception | None) -> str:
    """Why a call failed, for people.

    Args:
        error: What it failed with.
    """
    if not isinstance(error, RequestError):
        return str(error)
    if error.status is None:
        return "no answer from the server"
    return f"{error.detail} ({error.status})" if error.detail else f"the server answered {error.status}"
