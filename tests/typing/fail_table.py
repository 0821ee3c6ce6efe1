"""What the type checkers must refuse of a generated table: a mark gives the code of mypy and the rule of pyright."""

from __future__ import annotations

from query import MutationObserver, QueryClient
from query.api import skip_token
from tests.typing.shop.backend import api, api_options
from tests.typing.shop.backend_types import Project

# URLs
api["/project/"](stale_time=30)  # error: typeddict-item | reportGeneralTypeIssues
api["/projects/apollo/"](path={"slug": "apollo"}, stale_time=30)  # error: typeddict-item | reportGeneralTypeIssues
api["/restart/"](stale_time=30)  # error: operator | reportCallIssue

# paths
issue = api["/projects/$slug/issues/$issue_id/"]
issue(path={"slug": "a"}, stale_time=30)  # error: arg-type | reportArgumentType
api["/projects/$slug/"](path={"slug": "a", "id": 1}, stale_time=30)  # error: arg-type | reportArgumentType
api["/projects/$slug/"](path={"slg": "a"}, stale_time=30)  # error: arg-type | reportArgumentType
api["/projects/$slug/"](path={"slug": None}, stale_time=30)  # error: arg-type | reportArgumentType
api["/projects/$slug/"](path={"slug": 1.5}, stale_time=30)  # error: arg-type | reportArgumentType
issue(path={"slug": "a", "issue_id": "b"}, stale_time=30)  # error: arg-type | reportArgumentType
api["/projects/$slug/"](path=None, stale_time=30)  # error: arg-type | reportArgumentType
api["/projects/$slug/"](stale_time=30)  # error: call-arg | reportCallIssue
api["/projects/"](path={"slug": "a"}, stale_time=30)  # error: call-arg | reportCallIssue
api["/projects/"](path={}, stale_time=30)  # error: call-arg | reportCallIssue
api["/projects/$slug/"].url()  # error: call-arg | reportCallIssue
api["/projects/$slug/"].url(path=skip_token)  # error: arg-type | reportArgumentType

# how long it is fresh
api["/projects/"]()  # error: call-arg | reportCallIssue
api["/projects/"](stale_time=None)  # error: arg-type | reportArgumentType
api["/projects/"](stale_time="statik")  # error: arg-type | reportArgumentType
api["/projects/"](stale_tme=30, stale_time=30)  # error: call-arg | reportCallIssue

# queries
api["/projects/"](query={"pge": 1}, stale_time=30)  # error: arg-type | reportArgumentType
api["/projects/"](query={"page": "1"}, stale_time=30)  # error: arg-type | reportArgumentType
api["/projects/"](query={"sort": "size"}, stale_time=30)  # error: arg-type | reportArgumentType
api["/projects/$slug/"](path={"slug": "a"}, query={"page": 1}, stale_time=30)  # error: arg-type | reportArgumentType
api["/search/"](stale_time=30)  # error: call-arg | reportCallIssue
api["/search/"](query={"page": 1}, stale_time=30)  # error: typeddict-item | reportArgumentType
api["/search/"](query={"q": None}, stale_time=30)  # error: typeddict-item | reportArgumentType

# writing
api["/projects/"].put()  # error: attr-defined | reportAttributeAccessIssue
api["/health/"].post()  # error: attr-defined | reportAttributeAccessIssue
api["/projects/$slug/"].delete()  # error: call-arg | reportCallIssue
api["/projects/$slug/"].delete(path=skip_token)  # error: arg-type | reportArgumentType
api["/projects/"].post.request({"nam": "Apollo"})  # error: typeddict-item | reportArgumentType
api["/projects/$slug/"].delete.request("Apollo", path={"slug": "a"})  # error: arg-type | reportArgumentType
api["/projects/$slug/avatar/"].put(path={"slug": "a"})  # error: operator | reportCallIssue
api["/projects/$slug/avatar/"].put.request(path={"slug": "a"}, content=7)  # error: arg-type | reportArgumentType

# pages, and how answers are read
api["/projects/"].infinite()  # error: call-arg | reportCallIssue
api["/projects/"].infinite(pages=3, stale_time=30)  # error: arg-type | reportArgumentType
api["/projects/"].infinite(query={"pge": 1}, stale_time=30)  # error: arg-type | reportArgumentType
api["/projects/$slug/"].infinite(stale_time=30)  # error: call-arg | reportCallIssue
api["/restart/"].infinite(stale_time=30)  # error: attr-defined | reportAttributeAccessIssue
api["/projects/"](validate="maybe", stale_time=30)  # error: arg-type | reportArgumentType
api["/projects/"](parse="xml", stale_time=30)  # error: arg-type | reportArgumentType


async def using(client: QueryClient, slug: str | None) -> None:
    health = api["/health/"](stale_time=0)
    creating = MutationObserver(client, api["/projects/"].post())
    await creating.mutate({"nam": "A"})  # error: typeddict-item | reportArgumentType
    await creating.mutate({"name": 1})  # error: typeddict-item | reportArgumentType
    await creating.mutate()  # error: call-arg | reportCallIssue
    project = await client.query(api["/projects/$slug/"](path={"slug": "a"}, stale_time=30))
    print(project["nme"])  # error: typeddict-item | reportGeneralTypeIssues
    projects: list[Project] = await client.query(health)  # error: arg-type | reportAssignmentType
    api["/projects/$slug/"](path={"slug": slug}, stale_time=30)  # error: arg-type | reportArgumentType
    print(projects)


# the other call shape
make = api_options.as_(Project)
make("/project/", stale_time=30)  # error: call-overload | reportArgumentType
make("/projects/$slug/", stale_time=30)  # error: call-overload | reportArgumentType
make("/projects/$slug/", path={"slg": "a"}, stale_time=30)  # error: call-overload | reportArgumentType
make("/projects/", path={"slug": "a"}, stale_time=30)  # error: call-overload | reportArgumentType
make("/projects/")  # error: call-overload | reportCallIssue
make("/projects/", query="page=1", stale_time=30)  # error: call-overload | reportArgumentType
api_options.as_infinite(Project)("/project/", stale_time=30)  # error: call-overload | reportArgumentType
