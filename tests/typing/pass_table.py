"""What a generated table knows: answers, bodies and results, of the document and of the companion. Never run."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any, assert_type
from uuid import UUID

from query import Handle, MutationObserver, MutationOptions, QueryClient
from query.api import ApiInfiniteOptions, ApiQueryOptions, ApiRequest, ApiResponse, page_number, skip_token
from tests.typing.shop.backend import api, api_options
from tests.typing.shop.backend_types import NewProject, Project, Tree
from tests.typing.shop.manual import Health

assert_type(api["/projects/"](stale_time=30), ApiQueryOptions[list[Project]])
assert_type(api["/projects/"](query={"page": 1, "sort": "name"}, stale_time="static"), ApiQueryOptions[list[Project]])
assert_type(api["/projects/$slug/"](path={"slug": "a"}, stale_time=timedelta(hours=1)), ApiQueryOptions[Project])
assert_type(
    api["/projects/$slug/issues/$issue_id/"](path={"slug": "a", "issue_id": 7}, stale_time=math.inf),
    ApiQueryOptions[Tree],
)

# a value that may be missing is left out; what the document does not have goes beside
api["/projects/"](query={"page": None}, extra_query={"per_page": 100}, headers={"X": "1"}, stale_time=0)
api["/search/"](query={"q": "moon"}, host="https://eu.test", stale_time=0)
api["/projects/$slug/"](path={"slug": UUID(int=0)}, stale_time=0)

# pages, checked answers, and bodies that are no JSON
assert_type(api["/projects/"].infinite(stale_time=30), ApiInfiniteOptions[list[Project]])
assert_type(
    api["/projects/$slug/"].infinite(path={"slug": "a"}, pages=page_number(), max_pages=3, stale_time=30),
    ApiInfiniteOptions[Project],
)
assert_type(api["/projects/"].as_(list[str]).infinite(stale_time=30), ApiInfiniteOptions[list[str]])
assert_type(api["/projects/"](parse="auto", validate="raise", stale_time=30), ApiQueryOptions[list[Project]])
avatar = api["/projects/$slug/avatar/"].put

# another type than the document's
assert_type(api["/projects/"].as_(list[str])(stale_time=0), ApiQueryOptions[list[str]])
assert_type(api["/projects/$slug/"].as_(str | None)(path={"slug": "a"}, stale_time=0), ApiQueryOptions[str | None])
assert_type(api["/projects/$slug/"].url(path={"slug": "a"}), str)
assert_type(api["/restart/"].url(), str)

# the companion's
assert_type(api["/health/"](stale_time=0), ApiQueryOptions[Health])
assert_type(
    api["/internal/$region/health/"](path={"region": "eu"}, query={"any": ["thing"]}, stale_time=0),
    ApiQueryOptions[Health],
)

# a table is a mapping
print("/projects/" in api, len(api), list(api), api.keys())


def of(slug: str | None) -> ApiQueryOptions[Project]:
    return api["/projects/$slug/"](path={"slug": slug} if slug else skip_token, stale_time=30)


async def using(client: QueryClient) -> None:
    projects = api["/projects/"](stale_time=30)
    assert_type(await client.query(projects), list[Project])
    assert_type(await client.fetch_query(projects), ApiResponse[list[Project]])
    assert_type((await client.query(of("apollo")))["list"], list[str])

    creating = api["/projects/"].post()
    assert_type(creating, MutationOptions[NewProject, Project, Any])
    assert_type(MutationObserver(client, creating).mutate({"name": "Apollo", "private": True}), Handle[Project])
    deleting = MutationObserver(client, api["/projects/$slug/"].delete(path={"slug": "apollo"}))
    assert_type(deleting.mutate(), Handle[None])
    await MutationObserver(client, api["/restart/"].post(extra_query={"now": True})).mutate()


def rename(project: Project) -> ApiRequest:
    return api["/projects/$slug/"].put.request({"name": project["name"]}, path={"slug": project["slug"]})


def paint(image: bytes) -> ApiRequest:
    return avatar.request(path={"slug": "apollo"}, content=image)


def painting(client: QueryClient) -> None:
    assert_type(MutationObserver(client, avatar.from_variables(paint)).mutate(b"PNG"), Handle[None])


def renaming(client: QueryClient, project: Project) -> None:
    options = api["/projects/$slug/"].put.from_variables(rename)
    assert_type(MutationObserver(client, options).mutate(project), Handle[Project])
    # another answer than the document's
    assert_type(
        MutationObserver(client, api["/projects/"].post.as_(str)()).mutate({"name": "Apollo"}),
        Handle[str],
    )


# the other call shape
assert_type(api_options.as_(Project)("/projects/$slug/", path={"slug": "a"}, stale_time=30), ApiQueryOptions[Project])
assert_type(
    api_options.as_(list[Project])("/projects/", query={"page": 2}, stale_time=0), ApiQueryOptions[list[Project]]
)
assert_type(api_options.as_infinite(Project)("/projects/", max_pages=3, stale_time=0), ApiInfiniteOptions[Project])
