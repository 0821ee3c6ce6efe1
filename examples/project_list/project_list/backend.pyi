# Made by query.api.generate (format 1) from "Projects" 1.0 (openapi.json). Do not edit; run again:
#     python -m query.api.generate openapi.json -o project_list/backend
# contract-sha256: 35321076e15373db114a05295afac647
# body-sha256: 48f8b1b97e21e167da909bd091305707
# fmt: off
# ruff: noqa

from typing_extensions import TypedDict

from query.api import ApiMutation, Endpoint, FlatApiMutation, FlatEndpoint, NoQuery

from .backend_types import (
    CursorStateQuery,
    Issue,
    NewProject,
    OwnerQuery,
    Project,
    ProjectIdPath,
)


class ProjectsEndpoint(FlatEndpoint[OwnerQuery, list[Project]]):
    post: FlatApiMutation[NoQuery, NewProject, Project]
    """Create a project."""

class ProjectsProjectIdEndpoint(Endpoint[ProjectIdPath, NoQuery, Project]):
    put: ApiMutation[ProjectIdPath, NoQuery, NewProject, Project]
    """Give a project another name."""
    delete: ApiMutation[ProjectIdPath, NoQuery, None, None]
    """Delete a project."""

ApiTable = TypedDict(
    "ApiTable",
    {
        "/projects/": ProjectsEndpoint,
        "/projects/$project_id/": ProjectsProjectIdEndpoint,
        "/projects/$project_id/issues/": Endpoint[ProjectIdPath, CursorStateQuery, list[Issue]],
    },
)

api: ApiTable
