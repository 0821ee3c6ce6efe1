"""The server that the real front ends are tried with, and that it speaks the language of the options."""

from __future__ import annotations

import httpx
import pytest
from mockapi import MakeTestQueryClient, MockApiClient
from query import InfiniteQueryObserver, MutationObserver
from query.api import RequestError

from projects.backend import PAGE_SIZE, Backend
from projects.options import activity_options, create_project_options, projects_options

# where paths lead without a base URL
LOCAL = "http://localhost"


async def test_it_answers_what_the_options_ask(
    mock_api_client: MockApiClient, make_test_query_client: MakeTestQueryClient
) -> None:
    """A project that is created is in the list from then on."""
    backend = Backend(["Apollo"])
    mock_api_client.mount(LOCAL, backend.app)
    client = make_test_query_client()

    assert await client.query(projects_options()) == [{"slug": "apollo", "name": "Apollo"}]
    created = await MutationObserver(client, create_project_options()).mutate({"name": "Project Gemini"})
    assert created == {"slug": "project-gemini", "name": "Project Gemini"}
    assert [row["name"] for row in await client.query(projects_options())] == ["Apollo", "Project Gemini"]
    assert backend.received == ["GET /projects/", "POST /projects/", "GET /projects/"]


async def test_the_activity_ends_at_the_first_event(
    mock_api_client: MockApiClient, make_test_query_client: MakeTestQueryClient
) -> None:
    """Newest first, each event once, and the last page is not full."""
    names = [f"P{number}" for number in range(PAGE_SIZE * 2 + 1)]
    mock_api_client.mount(LOCAL, Backend(names).app)
    observer = InfiniteQueryObserver(make_test_query_client(), activity_options())
    unsubscribe = observer.subscribe(lambda result: None)

    result = await observer.wait_for(lambda result: result.is_success)
    while result.is_success and result.has_next_page:
        result = await result.fetch_next_page()
    assert result.data is not None
    assert [len(page) for page in result.data.pages] == [PAGE_SIZE, PAGE_SIZE, 1]
    texts = [event["text"] for page in result.data.pages for event in page]
    assert texts == [f"{name} was created" for name in reversed(names)]
    unsubscribe()


async def test_without_projects_nothing_happened(mock_api_client: MockApiClient) -> None:
    """An empty page, with no next one."""
    mock_api_client.mount(LOCAL, Backend().app)
    async with httpx.AsyncClient(base_url=LOCAL) as http:
        answer = await http.get("/activity/")
    assert answer.json() == []
    assert 'results="false"' in answer.headers["link"]


async def test_a_name_is_there_once(
    mock_api_client: MockApiClient, make_test_query_client: MakeTestQueryClient
) -> None:
    """However it is written."""
    mock_api_client.mount(LOCAL, Backend(["Apollo"]).app)
    create = MutationObserver(make_test_query_client(), create_project_options())

    with pytest.raises(RequestError) as caught:
        await create.mutate({"name": "APOLLO!"})
    assert (caught.value.status, caught.value.detail) == (409, "there is a project APOLLO! already")


async def test_writes_wait_and_fail_on_demand(
    mock_api_client: MockApiClient, make_test_query_client: MakeTestQueryClient
) -> None:
    """So that a test in a browser can look at what is shown meanwhile."""
    backend = Backend()
    mock_api_client.mount(LOCAL, backend.app)
    client = make_test_query_client()
    create = MutationObserver(client, create_project_options())

    backend.writes_open.clear()
    saving = create.mutate({"name": "Gemini"})
    assert await client.query(projects_options()) == []
    assert not saving.done()

    backend.fault = "out of order"
    backend.writes_open.set()
    with pytest.raises(RequestError) as caught:
        await saving
    assert (caught.value.status, caught.value.detail) == (500, "out of order")
