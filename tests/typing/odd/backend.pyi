# Made by query.api.generate (format 1) from "Odd "title" with line" 1 (openapi.json). Do not edit; run again:
#     python -m query.api.generate tests/typing/odd/openapi.json -o tests/typing/odd/backend --style both
# contract-sha256: a7456fd2d7aa28c0a9888424828ecd0e
# body-sha256: a7456fd2d7aa28c0a9888424828ecd0e
# fmt: off
# ruff: noqa
from collections.abc import Mapping
from typing import Generic, Literal, overload

from typing_extensions import TypedDict, TypeForm, TypeVar

from query.api import ApiInfiniteOptions, ApiMutation, ApiQueryOptions, Endpoint, FlatApiMutation, FlatEndpoint, NoQuery, PageStrategy, Parse, QueryParams, SkipToken, StaleTime, Validate

from .backend_types import (
    ABPath,
    Api,
    ApiTable as ApiTableType,
    ClassPath,
    Endpoint as EndpointType,
    GenericAlias,
    GetIdByIdResponse,
    GetVVRawQuery,
    IdPath,
    IdPath2,
    List,
    Literal_,
    Manual,
    NoQuery as NoQueryType,
    None_,
    Object,
    PathValue_,
    ProjectsEndpoint,
    Str,
    T as TType,
    Type,
    TypedDict_,
    UUID_,
    VPath,
)


class IdIdEndpoint(Endpoint[IdPath2, NoQuery, GetIdByIdResponse]):
    delete: ApiMutation[IdPath2, NoQuery, None, dict[str, object]]

class ProjectsEndpoint2(FlatEndpoint[NoQuery, EndpointType]):
    post: FlatApiMutation[NoQuery, ApiTableType | None, Api]

ApiTable = TypedDict(
    "ApiTable",
    {
        "/$$count": FlatEndpoint[NoQuery, int],
        "/c/$a...$b": Endpoint[ABPath, NoQuery, Literal['a"b', "c\\d", "it's", 1, True] | None],
        "/id/$id/": IdIdEndpoint,
        "/k/$class/": Endpoint[ClassPath, NoQuery, str],
        "/n/ApiTable/": FlatEndpoint[NoQuery, ApiTableType],
        "/n/Endpoint/": FlatEndpoint[NoQuery, EndpointType],
        "/n/GenericAlias/": FlatEndpoint[NoQuery, GenericAlias],
        "/n/IdPath/": FlatEndpoint[NoQuery, IdPath],
        "/n/Literal/": FlatEndpoint[NoQuery, Literal_],
        "/n/Manual/": FlatEndpoint[NoQuery, Manual],
        "/n/NoQuery/": FlatEndpoint[NoQuery, NoQueryType],
        "/n/None/": FlatEndpoint[NoQuery, None_],
        "/n/PathValue/": FlatEndpoint[NoQuery, PathValue_],
        "/n/ProjectsEndpoint/": FlatEndpoint[NoQuery, ProjectsEndpoint],
        "/n/T/": FlatEndpoint[NoQuery, TType],
        "/n/TypedDict/": FlatEndpoint[NoQuery, TypedDict_],
        "/n/UUID/": FlatEndpoint[NoQuery, UUID_],
        "/n/api/": FlatEndpoint[NoQuery, Api],
        "/n/list/": FlatEndpoint[NoQuery, List],
        "/n/object/": FlatEndpoint[NoQuery, Object],
        "/n/str/": FlatEndpoint[NoQuery, Str],
        "/n/type/": FlatEndpoint[NoQuery, Type],
        "/projects/": ProjectsEndpoint2,
        "/q\"uote/": FlatEndpoint[NoQuery, int],
        "/v/${v}_raw": Endpoint[VPath, GetVVRawQuery, list[List]],
    },
)

api: ApiTable

T = TypeVar("T")

class ApiOptionsFactory(Generic[T]):
    @overload
    def __call__(self, url: Literal["/$$count", "/n/ApiTable/", "/n/Endpoint/", "/n/GenericAlias/", "/n/IdPath/", "/n/Literal/", "/n/Manual/", "/n/NoQuery/", "/n/None/", "/n/PathValue/", "/n/ProjectsEndpoint/", "/n/T/", "/n/TypedDict/", "/n/UUID/", "/n/api/", "/n/list/", "/n/object/", "/n/str/", "/n/type/", "/projects/", "/q\"uote/"], *, query: QueryParams | None = None, headers: Mapping[str, str] | None = None, host: str | None = None, parse: Parse | None = None, validate: Validate | None = None, stale_time: StaleTime) -> ApiQueryOptions[T]: ...
    @overload
    def __call__(self, url: Literal["/c/$a...$b"], *, path: ABPath | SkipToken, query: QueryParams | None = None, headers: Mapping[str, str] | None = None, host: str | None = None, parse: Parse | None = None, validate: Validate | None = None, stale_time: StaleTime) -> ApiQueryOptions[T]: ...
    @overload
    def __call__(self, url: Literal["/id/$id/"], *, path: IdPath2 | SkipToken, query: QueryParams | None = None, headers: Mapping[str, str] | None = None, host: str | None = None, parse: Parse | None = None, validate: Validate | None = None, stale_time: StaleTime) -> ApiQueryOptions[T]: ...
    @overload
    def __call__(self, url: Literal["/k/$class/"], *, path: ClassPath | SkipToken, query: QueryParams | None = None, headers: Mapping[str, str] | None = None, host: str | None = None, parse: Parse | None = None, validate: Validate | None = None, stale_time: StaleTime) -> ApiQueryOptions[T]: ...
    @overload
    def __call__(self, url: Literal["/v/${v}_raw"], *, path: VPath | SkipToken, query: QueryParams | None = None, headers: Mapping[str, str] | None = None, host: str | None = None, parse: Parse | None = None, validate: Validate | None = None, stale_time: StaleTime) -> ApiQueryOptions[T]: ...

class ApiInfiniteOptionsFactory(Generic[T]):
    @overload
    def __call__(self, url: Literal["/$$count", "/n/ApiTable/", "/n/Endpoint/", "/n/GenericAlias/", "/n/IdPath/", "/n/Literal/", "/n/Manual/", "/n/NoQuery/", "/n/None/", "/n/PathValue/", "/n/ProjectsEndpoint/", "/n/T/", "/n/TypedDict/", "/n/UUID/", "/n/api/", "/n/list/", "/n/object/", "/n/str/", "/n/type/", "/projects/", "/q\"uote/"], *, query: QueryParams | None = None, headers: Mapping[str, str] | None = None, host: str | None = None, parse: Parse | None = None, validate: Validate | None = None, pages: PageStrategy = ..., max_pages: int | None = None, stale_time: StaleTime) -> ApiInfiniteOptions[T]: ...
    @overload
    def __call__(self, url: Literal["/c/$a...$b"], *, path: ABPath | SkipToken, query: QueryParams | None = None, headers: Mapping[str, str] | None = None, host: str | None = None, parse: Parse | None = None, validate: Validate | None = None, pages: PageStrategy = ..., max_pages: int | None = None, stale_time: StaleTime) -> ApiInfiniteOptions[T]: ...
    @overload
    def __call__(self, url: Literal["/id/$id/"], *, path: IdPath2 | SkipToken, query: QueryParams | None = None, headers: Mapping[str, str] | None = None, host: str | None = None, parse: Parse | None = None, validate: Validate | None = None, pages: PageStrategy = ..., max_pages: int | None = None, stale_time: StaleTime) -> ApiInfiniteOptions[T]: ...
    @overload
    def __call__(self, url: Literal["/k/$class/"], *, path: ClassPath | SkipToken, query: QueryParams | None = None, headers: Mapping[str, str] | None = None, host: str | None = None, parse: Parse | None = None, validate: Validate | None = None, pages: PageStrategy = ..., max_pages: int | None = None, stale_time: StaleTime) -> ApiInfiniteOptions[T]: ...
    @overload
    def __call__(self, url: Literal["/v/${v}_raw"], *, path: VPath | SkipToken, query: QueryParams | None = None, headers: Mapping[str, str] | None = None, host: str | None = None, parse: Parse | None = None, validate: Validate | None = None, pages: PageStrategy = ..., max_pages: int | None = None, stale_time: StaleTime) -> ApiInfiniteOptions[T]: ...

class ApiOptions:
    def as_(self, type_: TypeForm[T], /) -> ApiOptionsFactory[T]: ...
    def as_infinite(self, type_: TypeForm[T], /) -> ApiInfiniteOptionsFactory[T]: ...

api_options: ApiOptions
