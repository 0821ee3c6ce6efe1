# Made by query.api.generate (format 1) from "Projects" 1.0 (openapi.json). Do not edit; run again:
#     python -m query.api.generate tests/typing/shop/openapi.json -o tests/typing/shop/backend --style both --companion tests/typing/shop/manual.py
# contract-sha256: ec5bd71cabbf36c441f8da5cf406614f
# body-sha256: ec5bd71cabbf36c441f8da5cf406614f
# fmt: off
# ruff: noqa
from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias
from typing_extensions import NotRequired, TypeAliasType, TypedDict
from query.api import PathValue

if TYPE_CHECKING:
    Tree: TypeAlias = "str | list[Tree]"
else:
    Tree = TypeAliasType("Tree", "str | list[Tree]")

class IssueIdSlugPath(TypedDict):
    issue_id: int
    slug: PathValue

class NewProject(TypedDict):
    name: str
    private: NotRequired[bool]

class PageQQuery(TypedDict):
    q: str
    page: NotRequired[int | None]

class PageSortQuery(TypedDict):
    page: NotRequired[int | None]
    sort: NotRequired[Literal["name", "date"] | None]

Project = TypedDict(
    "Project",
    {
        "slug": "str",
        "name": "str",
        "list": "list[str]",
        "owner-id": "NotRequired[int | None]",
    },
)

class SlugPath(TypedDict):
    slug: PathValue
