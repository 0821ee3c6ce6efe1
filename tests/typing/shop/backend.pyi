# Made by query.api.generate (format 1) from "Projects" 1.0 (openapi.json). Do not edit; run again:
#     python -m query.api.generate tests/typing/shop/openapi.json -o tests/typing/shop/backend --style both --companion tests/typing/shop/manual.py
# contract-sha256: 569d41b66634a2162a6f3257bacbc7fb
# body-sha256: 569d41b66634a2162a6f3257bacbc7fb
# fmt: off
# ruff: noqa
from collections.abc import Mapping
from typing import Generic, Literal, overload

from typing_extensions import TypedDict, TypeForm, TypeVar

from query.api import ApiInfiniteOptions, ApiMutation, ApiQueryOptions, ApiUpload, ApiUrl, Endpoint, FlatApiMutation, FlatApiUrl, FlatEndpoint, FlatQueriedEndpoint, NoQuery, PageStrategy, Parse, QueryParams, SkipToken, StaleTime, Validate

from .backend_types import (
    IssueIdSlugPath,
    NewProject,
    PageQQuery,
    PageSortQuery,
    Project,
    SlugPath,
    Tree,
)
from .manual import Manual


class ProjectsEndpoint(FlatEndpoint[PageSortQuery, list[Project]]):
    post: FlatApiMutation[NoQuery, NewProject, Project]

class ProjectsSlugEndpoint(Endpoint[SlugPath, NoQuery, Project]):
    put: ApiMutation[SlugPath, NoQuery, NewProject, Project]
    delete: ApiMutation[SlugPath, NoQuery, None, None]

class ProjectsSlugAvatarEndpoint(ApiUrl[SlugPath]):
    put: ApiUpload[SlugPath, NoQuery, None]

class RestartEndpoint(FlatApiUrl):
    post: FlatApiMutation[NoQuery, None, None]

DocumentedTable = TypedDict(
    "DocumentedTable",
    {
        "/projects/": ProjectsEndpoint,
        "/projects/$slug/": ProjectsSlugEndpoint,
        "/projects/$slug/avatar/": ProjectsSlugAvatarEndpoint,
        "/projects/$slug/issues/$issue_id/": Endpoint[IssueIdSlugPath, NoQuery, Tree],
        "/restart/": RestartEndpoint,
        "/search/": FlatQueriedEndpoint[PageQQuery, list[Project]],
    },
)

class ApiTable(DocumentedTable, Manual): ...

api: ApiTable

T = TypeVar("T")

class ApiOptionsFactory(Generic[T]):
    @overload
    def __call__(self, url: Literal["/projects/", "/search/"], *, query: QueryParams | None = None, headers: Mapping[str, str] | None = None, host: str | None = None, parse: Parse | None = None, validate: Validate | None = None, stale_time: StaleTime) -> ApiQueryOptions[T]: ...
    @overload
    def __call__(self, url: Literal["/projects/$slug/"], *, path: SlugPath | SkipToken, query: QueryParams | None = None, headers: Mapping[str, str] | None = None, host: str | None = None, parse: Parse | None = None, validate: Validate | None = None, stale_time: StaleTime) -> ApiQueryOptions[T]: ...
    @overload
    def __call__(self, url: Literal["/projects/$slug/issues/$issue_id/"], *, path: IssueIdSlugPath | SkipToken, query: QueryParams | None = None, headers: Mapping[str, str] | None = None, host: str | None = None, parse: Parse | None = None, validate: Validate | None = None, stale_time: StaleTime) -> ApiQueryOptions[T]: ...

class ApiInfiniteOptionsFactory(Generic[T]):
    @overload
    def __call__(self, url: Literal["/projects/", "/search/"], *, query: QueryParams | None = None, headers: Mapping[str, str] | None = None, host: str | None = None, parse: Parse | None = None, validate: Validate | None = None, pages: PageStrategy = ..., max_pages: int | None = None, stale_time: StaleTime) -> ApiInfiniteOptions[T]: ...
    @overload
    def __call__(self, url: Literal["/projects/$slug/"], *, path: SlugPath | SkipToken, query: QueryParams | None = None, headers: Mapping[str, str] | None = None, host: str | None = None, parse: Parse | None = None, validate: Validate | None = None, pages: PageStrategy = ..., max_pages: int | None = None, stale_time: StaleTime) -> ApiInfiniteOptions[T]: ...
    @overload
    def __call__(self, url: Literal["/projects/$slug/issues/$issue_id/"], *, path: IssueIdSlugPath | SkipToken, query: QueryParams | None = None, headers: Mapping[str, str] | None = None, host: str | None = None, parse: Parse | None = None, validate: Validate | None = None, pages: PageStrategy = ..., max_pages: int | None = None, stale_time: StaleTime) -> ApiInfiniteOptions[T]: ...

class ApiOptions:
    def as_(self, type_: TypeForm[T], /) -> ApiOptionsFactory[T]: ...
    def as_infinite(self, type_: TypeForm[T], /) -> ApiInfiniteOptionsFactory[T]: ...

api_options: ApiOptions
