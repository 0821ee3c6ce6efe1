# Made by query.api.generate (format 1) from "Odd "title" with line" 1 (openapi.json). Do not edit; run again:
#     python -m query.api.generate tests/typing/odd/openapi.json -o tests/typing/odd/backend --style both
# contract-sha256: 316627dddf14b5a4f3b886c1fc6a71af
# body-sha256: 316627dddf14b5a4f3b886c1fc6a71af
# fmt: off
# ruff: noqa
from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias
from typing_extensions import NotRequired, TypeAliasType, TypedDict
from query.api import PathValue

if TYPE_CHECKING:
    Square: TypeAlias = "int | str | list[Square] | dict[str, Square]"
else:
    Square = TypeAliasType("Square", "int | str | list[Square] | dict[str, Square]")

class ABPath(TypedDict):
    a: PathValue
    b: PathValue

class Api(TypedDict):
    x: NotRequired[int]
    api: NotRequired[str]

class ApiTable(TypedDict):
    x: NotRequired[int]
    ApiTable: NotRequired[str]

ClassPath = TypedDict(
    "ClassPath",
    {
        "class": "PathValue",
    },
)

class Endpoint(TypedDict):
    x: NotRequired[int]
    Endpoint: NotRequired[str]

class GenericAlias(TypedDict):
    x: NotRequired[int]
    GenericAlias: NotRequired[str]

GetIdByIdResponse = TypedDict(
    "GetIdByIdResponse",
    {
        "id": "NotRequired[int]",
        "int": "NotRequired[int]",
        "str": "NotRequired[str]",
        "class": "NotRequired[bool]",
        "a b": "NotRequired[Circle]",
    },
)

GetVVRawQuery = TypedDict(
    "GetVVRawQuery",
    {
        "filter[state]": "NotRequired[str | None]",
        "class": "NotRequired[str | None]",
        "list": "NotRequired[list[str | int | float | bool] | None]",
        "None": "NotRequired[str | None]",
    },
)

class IdPath(TypedDict):
    x: NotRequired[int]
    IdPath: NotRequired[str]

class IdPath2(TypedDict):
    id: int

class List(TypedDict):
    x: NotRequired[int]
    list: NotRequired[str]

class Literal_(TypedDict):
    x: NotRequired[int]
    Literal: NotRequired[str]

class Manual(TypedDict):
    x: NotRequired[int]
    Manual: NotRequired[str]

class NoQuery(TypedDict):
    x: NotRequired[int]
    NoQuery: NotRequired[str]

None_ = TypedDict(
    "None_",
    {
        "x": "NotRequired[int]",
        "None": "NotRequired[str]",
    },
)

class Object(TypedDict):
    x: NotRequired[int]
    object: NotRequired[str]

class PathValue_(TypedDict):
    x: NotRequired[int]
    PathValue: NotRequired[str]

class ProjectsEndpoint(TypedDict):
    x: NotRequired[int]
    ProjectsEndpoint: NotRequired[str]

Str = TypedDict(
    "Str",
    {
        "x": "NotRequired[int]",
        "str": "NotRequired[str]",
    },
)

class T(TypedDict):
    x: NotRequired[int]
    T: NotRequired[str]

class Type(TypedDict):
    x: NotRequired[int]
    type: NotRequired[str]

class TypedDict_(TypedDict):
    x: NotRequired[int]
    TypedDict: NotRequired[str]

class UUID_(TypedDict):
    x: NotRequired[int]
    UUID: NotRequired[str]

class VPath(TypedDict):
    v: int

Circle: TypeAlias = str | list[Square]
