"""What the API sends and takes."""

from __future__ import annotations

from typing import NotRequired, TypedDict


class Project(TypedDict):
    """A project as the API sends it: ``{"id": "1", "name": "Apollo"}``.

    ``saving`` is ours: it marks a row that is shown before the server has confirmed it.
    """

    id: str
    name: str
    saving: NotRequired[bool]


class NewProject(TypedDict):
    """What is sent to create one."""

    name: str
