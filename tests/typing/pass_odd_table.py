"""A table from a document whose names are words of the stub, of Python or of nobody. Type-checked, never run."""

from __future__ import annotations

from typing import assert_type

from query import MutationOptions
from query.api import ApiQueryOptions
from tests.typing.odd import backend_types as types
from tests.typing.odd.backend import api

# a schema called Endpoint is not what the stub means by it
assert_type(api["/n/Endpoint/"](stale_time=0), ApiQueryOptions[types.Endpoint])
assert_type(api["/n/ApiTable/"](stale_time=0), ApiQueryOptions[types.ApiTable])
assert_type(api["/n/NoQuery/"](stale_time=0), ApiQueryOptions[types.NoQuery])
assert_type(api["/n/IdPath/"](stale_time=0), ApiQueryOptions[types.IdPath])
assert_type(api["/n/T/"](stale_time=0), ApiQueryOptions[types.T])
assert_type(api["/n/ProjectsEndpoint/"](stale_time=0), ApiQueryOptions[types.ProjectsEndpoint])
assert_type(api["/projects/"].post(), MutationOptions[types.ApiTable | None, types.Api])

# names that are no identifiers, or words of Python
options = api["/v/${v}_raw"](
    path={"v": 3}, query={"filter[state]": "on", "class": "a", "list": ["b"], "None": None}, stale_time=0
)
assert_type(options, ApiQueryOptions[list[types.List]])
api["/k/$class/"](path={"class": "a"}, stale_time=0)
api["/c/$a...$b"](path={"a": 1, "b": "main"}, stale_time=0)
assert_type(api["/$$count"](stale_time=0), ApiQueryOptions[int])
assert_type(api['/q"uote/'](stale_time=0), ApiQueryOptions[int])


def squares(circle: types.Circle) -> list[types.Square]:
    return circle if isinstance(circle, list) else []


def sides(answer: types.GetIdByIdResponse) -> types.Circle | int | None:
    return answer.get("a b") or answer.get("int")
