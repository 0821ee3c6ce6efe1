"""The two calls of the API, as options: what to fetch, and how to write."""

from __future__ import annotations

from typing import TypeAlias

from query import MutationFunctionContext, MutationOptions, QueryClient, Unset
from query.api import ApiQueryOptions, ApiResponse, RequestError, api_options, fetch_mutation

from .models import NewProject, Project

Projects: TypeAlias = ApiResponse[list[Project]]
"""What the cache holds: the JSON and the headers."""


def projects_options(*, owner: str | None = None) -> ApiQueryOptions[list[Project]]:
    """The list of projects.

    Args:
        owner: Only those of this owner.
    """
    return api_options.as_(list[Project])("/projects/", query={"owner": owner}, stale_time=30)


def create_project_options(
    client: QueryClient, projects: ApiQueryOptions[list[Project]]
) -> MutationOptions[NewProject, Project, Projects]:
    """Create a project: its row is shown at once, and taken back if the server refuses.

    Args:
        client: Whose cache has the list.
        projects: The list that gets the row.
    """
    key = projects.query_key

    async def show_the_row(new: NewProject, context: MutationFunctionContext) -> Projects | None:
        # an answer that is under way does not know the new row and would wipe it out
        await client.cancel_queries(projects)
        before = client.get_query_data(key)
        if before is not None:
            row: Project = {"id": "", "name": new["name"], "saving": True}
            client.set_query_data(key, ApiResponse(json=[*before.json, row], headers=before.headers))
        return before

    def take_it_back(
        error: Exception, new: NewProject, before: Projects | None, context: MutationFunctionContext
    ) -> None:
        if before is not None:
            client.set_query_data(key, before)

    async def refetch(
        created: Project | Unset,
        error: Exception | None,
        new: NewProject,
        before: Projects | None,
        context: MutationFunctionContext,
    ) -> None:
        # every list of projects, whatever it is filtered by
        await client.invalidate_queries(projects_options())

    return MutationOptions[NewProject, Project, Projects](
        mutation_fn=fetch_mutation.as_(Project)("POST", "/projects/"),
        on_mutate=show_the_row,
        on_error=take_it_back,
        on_settled=refetch,
    )


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
