# Made by query.api.generate (format 1) from "Projects" 1.0 (openapi.json). Do not edit; run again:
#     python -m query.api.generate openapi.json -o project_list/backend
# contract-sha256: 7d785bae0966e27fab82b1a7c75b5fdc
# body-sha256: 2bae2da6c74c87876232ce6048ff1fcf
# fmt: off
# ruff: noqa
from __future__ import annotations

from typing import Literal
from typing_extensions import NotRequired, TypedDict
from query.api import PathValue

class CursorStateQuery(TypedDict):
    cursor: NotRequired[str | None]
    state: NotRequired[Literal["open", "closed"] | None]

class Issue(TypedDict):
    """An issue of a project."""
    id: str
    title: str
    state: Literal["open", "closed"]

class NewProject(TypedDict):
    """What is sent to create or rename a project."""
    name: str
    owner: NotRequired[str]

class OwnerQuery(TypedDict):
    owner: NotRequired[str | None]
    """Only those of this owner."""

class Project(TypedDict):
    """A project."""
    id: str
    name: str
    owner: NotRequired[str]

class ProjectIdPath(TypedDict):
    project_id: PathValue
