"""The page: what it shows while things happen, and what it does when it is used. No browser, no server."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import partial

import httpx
import pytest
from mockapi import MockApiClient, match_query
from mockapi.render import Screen, render, wait_for
from query import QueryClient
from query.ui.reactpy import QueryClientProvider
from reactpy.types import Component

from reactpy_app.components import Activity, Heading, NewProject, Page, ProjectList

APOLLO = {"slug": "apollo", "name": "Apollo"}
GEMINI = {"slug": "gemini", "name": "Gemini"}
NEXT = {"Link": '</activity/?before=2>; rel="next"'}

Render = Callable[[Component], AbstractAsyncContextManager[Screen]]


@pytest.fixture
def render_app(query_client: QueryClient) -> Render:
    """``render`` with the client of the test around what is rendered."""
    return partial(render, wrapper=lambda child: QueryClientProvider(child, client=query_client))


def rows(screen: Screen, name: str) -> list[str]:
    """The items of a list.

    Args:
        screen: The screen.
        name: What the list is called.
    """
    return [row.text for row in screen.within(screen.get_by_role("list", name=name)).get_all_by_role("listitem")]


async def create(screen: Screen, name: str) -> None:
    """Fill in the form and send it."""
    await screen.type(screen.get_by_role("textbox", name="Name"), name)
    await screen.click(screen.get_by_role("button", name="Create Project"))


# -- the list


async def test_the_projects_are_listed(mock_api_client: MockApiClient, render_app: Render) -> None:
    """Loading first, then a row for each project."""
    answer = mock_api_client.add_mock_response(url="/projects/", body=[APOLLO, GEMINI]).pause()

    async with render_app(ProjectList()) as screen:
        screen.get_by_text("Loading ...")
        answer.release()
        await screen.find_by_text("Apollo")
        assert rows(screen, "Projects") == ["Apollo", "Gemini"]
        assert screen.query_by_text("Loading ...") is None


async def test_an_error_can_be_tried_again(mock_api_client: MockApiClient, render_app: Render) -> None:
    """A first load that fails says why, and offers another."""
    mock_api_client.add_mock_response(url="/projects/", status_code=403, body={"detail": "You may not do that"})

    async with render_app(ProjectList()) as screen:
        alert = await screen.find_by_role("alert")
        assert alert.text == "Could not load the projects: You may not do that (403)"

        mock_api_client.add_mock_response(url="/projects/", body=[APOLLO])
        await screen.click(screen.get_by_role("button", name="Try again"))
        await screen.find_by_text("Apollo")
        assert screen.query_by_role("alert") is None


async def test_a_failed_refetch_keeps_the_rows(
    mock_api_client: MockApiClient, render_app: Render, query_client: QueryClient
) -> None:
    """Old rows with a warning are better than none."""
    mock_api_client.add_mock_response(url="/projects/", body=[APOLLO])

    async with render_app(ProjectList()) as screen:
        await screen.find_by_text("Apollo")
        mock_api_client.add_mock_response(url="/projects/", body=httpx.ConnectError("no route to host"))
        await query_client.refetch_queries()

        assert (await screen.find_by_role("alert")).text == "This may be old: no answer from the server"
        assert rows(screen, "Projects") == ["Apollo"]


async def test_the_heading_and_the_list_are_one_request(mock_api_client: MockApiClient, render_app: Render) -> None:
    """Two components with the same query."""
    projects = mock_api_client.add_mock_response(url="/projects/", body=[APOLLO, GEMINI])
    mock_api_client.add_mock_response(url="/activity/", body=[])

    async with render_app(Page()) as screen:
        await screen.find_by_role("heading", name="Projects (2)")
        await wait_for(lambda: rows(screen, "Projects") == ["Apollo", "Gemini"])
    projects.assert_called_once()


async def test_the_heading_says_that_the_list_is_being_updated(
    mock_api_client: MockApiClient, render_app: Render, query_client: QueryClient
) -> None:
    """While it is fetched again, and only then."""
    mock_api_client.add_mock_response(url="/projects/", body=[APOLLO])

    async with render_app(Heading()) as screen:
        await screen.find_by_text("Projects (1)")
        assert screen.query_by_role("status") is None

        answer = mock_api_client.add_mock_response(url="/projects/", body=[APOLLO, GEMINI]).pause()
        query_client.invalidate_queries()
        assert (await screen.find_by_role("status")).text == "Updating ..."
        answer.release()
        await screen.find_by_text("Projects (2)")
        assert screen.query_by_role("status") is None


# -- the form


async def test_a_new_project_is_there_after_the_refetch(mock_api_client: MockApiClient, render_app: Render) -> None:
    """The list is empty; a project is created; the list that is fetched afterwards has it."""
    mock_api_client.add_mock_response(url="/projects/", body=[])
    mock_api_client.add_mock_response(url="/activity/", body=[])
    created = mock_api_client.add_mock_response(url="/projects/", method="POST", body=GEMINI, status_code=201)

    async with render_app(Page()) as screen:
        await screen.find_by_role("heading", name="Projects (0)")
        assert screen.query_by_text("Gemini") is None

        # what the server will say from now on
        mock_api_client.add_mock_response(url="/projects/", body=[GEMINI])
        await create(screen, "Gemini")

        await screen.find_by_text("Gemini")
        assert screen.get_by_role("textbox", name="Name").attributes.get("value", "") == ""
    created.assert_called_once()
    created.assert_called_with(data={"name": "Gemini"})


async def test_the_row_is_shown_while_it_is_being_saved(mock_api_client: MockApiClient, render_app: Render) -> None:
    """It is in the list, and counted, before the server has answered."""
    mock_api_client.add_mock_response(url="/projects/", body=[APOLLO])
    mock_api_client.add_mock_response(url="/activity/", body=[])
    answer = mock_api_client.add_mock_response(url="/projects/", method="POST", body=GEMINI).pause()

    async with render_app(Page()) as screen:
        await screen.find_by_text("Apollo")
        mock_api_client.add_mock_response(url="/projects/", body=[APOLLO, GEMINI])
        await create(screen, "Gemini")
        await wait_for(lambda: rows(screen, "Projects") == ["Apollo", "Gemini (saving)"])
        await screen.find_by_role("heading", name="Projects (2)")

        answer.release()
        await wait_for(lambda: rows(screen, "Projects") == ["Apollo", "Gemini"])


async def test_a_refused_row_is_taken_back(mock_api_client: MockApiClient, render_app: Render) -> None:
    """The list is what it was, even before it is fetched again, and the reason is shown."""
    mock_api_client.add_mock_response(url="/projects/", body=[APOLLO])
    mock_api_client.add_mock_response(url="/activity/", body=[])
    refusal = mock_api_client.add_mock_response(
        url="/projects/", method="POST", status_code=500, body={"detail": "out of order"}
    ).pause()

    async with render_app(Page()) as screen:
        await screen.find_by_text("Apollo")
        refetch = mock_api_client.add_mock_response(url="/projects/", body=[APOLLO]).pause()
        await create(screen, "Gemini")
        await wait_for(lambda: rows(screen, "Projects") == ["Apollo", "Gemini (saving)"])

        refusal.release()
        await wait_for(lambda: rows(screen, "Projects") == ["Apollo"])
        assert screen.query_by_role("alert") is None

        refetch.release()
        assert (await screen.find_by_role("alert")).text == "Could not create Gemini: out of order (500)"


async def test_enter_sends_the_form_and_a_blank_name_is_not_sent(
    mock_api_client: MockApiClient, render_app: Render
) -> None:
    """As forms do. What is around a name is no part of it."""
    created = mock_api_client.add_mock_response(url="/projects/", method="POST", body=GEMINI)

    async with render_app(NewProject()) as screen:
        await create(screen, "  ")
        await screen.type(screen.get_by_role("textbox"), "Gemini \n")
        await wait_for(lambda: created.called)
    created.assert_called_once()
    created.assert_called_with(data={"name": "Gemini"})


# -- the activity


async def test_more_is_loaded_until_there_is_no_more(mock_api_client: MockApiClient, render_app: Render) -> None:
    """A page at a time, where the server says that it goes on."""
    mock_api_client.add_mock_response(url="/activity/", body=[{"id": 2, "text": "third"}], headers=NEXT)
    older = mock_api_client.add_mock_response(
        url="/activity/", body=[{"id": 1, "text": "second"}], match=[match_query({"before": "2"})]
    )

    async with render_app(Activity()) as screen:
        await screen.find_by_text("third")
        assert not older.called

        answer = older.pause()
        await screen.click(screen.get_by_role("button", name="Load more"))
        assert "disabled" in screen.get_by_role("button", name="Loading more ...").attributes
        answer.release()

        await screen.find_by_text("second")
        assert rows(screen, "Activity") == ["third", "second"]
        assert "disabled" in screen.get_by_role("button", name="Load more").attributes
    older.assert_called_once()


async def test_a_page_that_fails_leaves_those_before_it(mock_api_client: MockApiClient, render_app: Render) -> None:
    """And can be asked for again."""
    mock_api_client.add_mock_response(url="/activity/", body=[{"id": 2, "text": "third"}], headers=NEXT)
    mock_api_client.add_mock_response(url="/activity/", status_code=500, match=[match_query({"before": "2"})])

    async with render_app(Activity()) as screen:
        await screen.click(await screen.find_by_role("button", name="Load more"))
        assert (await screen.find_by_role("alert")).text == "Could not load more: the server answered 500"
        assert rows(screen, "Activity") == ["third"]

        mock_api_client.add_mock_response(
            url="/activity/", body=[{"id": 1, "text": "second"}], match=[match_query({"before": "2"})]
        )
        await screen.click(screen.get_by_role("button", name="Load more"))
        await screen.find_by_text("second")
        assert screen.query_by_role("alert") is None


# -- afterwards


async def test_nothing_is_left_when_the_page_is_closed(
    mock_api_client: MockApiClient, render_app: Render, query_client: QueryClient
) -> None:
    """A page that is closed observes nothing, so that its data can be collected."""
    mock_api_client.add_mock_response(url="/projects/", body=[APOLLO])
    mock_api_client.add_mock_response(url="/activity/", body=[])

    async with render_app(Page()) as screen:
        await screen.find_by_text("Apollo")
        queries = query_client.get_query_cache().get_all()
        assert sorted(query.get_observers_count() for query in queries) == [1, 2]
    assert [query.get_observers_count() for query in queries] == [0, 0]
