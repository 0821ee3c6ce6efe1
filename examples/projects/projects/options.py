"""What both user interfaces ask of the API, as options: what to fetch, and how to write.

No framework is imported here. Whoever uses the same options shares the data: two widgets cost one request.
"""

from __future__ import annotations

from query import MutationFunctionContext, MutationOptions, QueryOptions, Undo, invalidates, mutation_options, take_back
from query.api import (
    ApiInfiniteOptions,
    ApiQueryOptions,
    ApiResponse,
    RequestError,
    api_options,
    fetch_mutation,
    update_json,
)
from typing_extensions import TypedDict


class Project(TypedDict):
    """A project."""

    slug: str
    name: str


class NewProject(TypedDict):
    """What is sent to create a project."""

    name: str


class Event(TypedDict):
    """Something that happened to a project."""

    id: int
    text: str


UNSAVED = ""
"""The slug of a row that is shown before the server has given it one."""


def projects_options() -> ApiQueryOptions[list[Project]]:
    """All projects."""
    return api_options.as_(list[Project])("/projects/", stale_time=30)


def project_count_options() -> QueryOptions[ApiResponse[list[Project]], int]:
    """How many projects there are. It is the same query, so it costs no request of its own."""
    return projects_options().with_(select=lambda answer: len(answer.json))


def activity_options() -> ApiInfiniteOptions[list[Event]]:
    """What happened, newest first, page by page. The server names the next page in its ``Link`` header."""
    return api_options.as_infinite(list[Event])("/activity/", stale_time=30)


def create_project_options() -> MutationOptions[NewProject, Project, Undo]:
    """Create a project: its row is shown at once, and taken back if the server refuses."""
    projects = projects_options()

    def show_the_row(new: NewProject, context: MutationFunctionContext) -> Undo:
        return update_json(context.client, projects, lambda rows: [*rows, {"slug": UNSAVED, "name": new["name"]}])

    return mutation_options(
        mutation_fn=fetch_mutation.as_(Project, variables=NewProject)("POST", "/projects/"),
        mutation_key=("projects", "create"),
        on_mutate=show_the_row,
        on_error=take_back,
        # the mutation is pending until what is on the screen has been fetched again
        on_settled=invalidates(projects, activity_options()),
    )


def label(project: Project) -> str:
    """A project as a line of text.

    Args:
        project: The project.
    """
    return f"{project['name']} (saving)" if project["slug"] == UNSAVED else project["name"]


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
