"""The app: what it shows while things happen, and what it does when it is used. No terminal, no server."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import partial

import httpx
import pytest
from mockapi import MakeTestQueryClient, MockApiClient, match_query
from mockapi.render import Screen, render, wait_for
from query import QueryClient
from query.ui.textual import QueryClientProvider
from textual.widget import Widget
from textual.widgets import Label

from textual_app.app import ProjectsApp
from textual_app.widgets import Activity, Heading, NewProject, ProjectList, Rows

APOLLO = {"slug": "apollo", "name": "Apollo"}
GEMINI = {"slug": "gemini", "name": "Gemini"}
NEXT = {"Link": '</activity/?before=2>; rel="next"'}

Render = Callable[[Widget], AbstractAsyncContextManager[Screen]]


@pytest.fixture
def query_client(make_test_query_client: MakeTestQueryClient) -> QueryClient:
    """The client of the test."""
    return make_test_query_client()


@pytest.fixture
def render_app(query_client: QueryClient) -> Render:
    """``render`` with the client of the test around what is rendered."""
    return partial(render, wrapper=lambda child: QueryClientProvider(child, client=query_client))


def rows(widget: Widget) -> list[str]:
    """The lines of a widget.

    Args:
        widget: The widget.
    """
    return [str(row.render()) for row in widget.query_one(Rows).query(Label)]


async def create(screen: Screen, name: str) -> None:
    """Fill in the form and send it."""
    await screen.type(screen.get_by_role("textbox", name="Name"), name)
    await screen.click(screen.get_by_role("button", name="Create Project"))


# -- the list


async def test_the_projects_are_listed(mock_api_client: MockApiClient, render_app: Render) -> None:
    """Loading first, then a row for each project."""
    answer = mock_api_client.add_mock_response(url="/projects/", body=[APOLLO, GEMINI]).pause()
    projects = ProjectList()

    async with render_app(projects) as screen:
        screen.get_by_text("Loading ...")
        answer.release()
        await screen.find_by_text("Apollo")
        assert rows(projects) == ["Apollo", "Gemini"]
        assert screen.query_by_text("Loading ...") is None


async def test_an_error_can_be_tried_again(mock_api_client: MockApiClient, render_app: Render) -> None:
    """A first load that fails says why, and offers another."""
    mock_api_client.add_mock_response(url="/projects/", status_code=403, body={"detail": "You may not do that"})

    async with render_app(ProjectList()) as screen:
        await screen.find_by_text("Could not load the projects: You may not do that (403)")

        mock_api_client.add_mock_response(url="/projects/", body=[APOLLO])
        await screen.click(screen.get_by_role("button", name="Try again"))
        await screen.find_by_text("Apollo")
        assert screen.query_by_role("button") is None


async def test_a_failed_refetch_keeps_the_rows(
    mock_api_client: MockApiClient, render_app: Render, query_client: QueryClient
) -> None:
    """Old rows with a warning are better than none."""
    mock_api_client.add_mock_response(url="/projects/", body=[APOLLO])
    projects = ProjectList()

    async with render_app(projects) as screen:
        await screen.find_by_text("Apollo")
        mock_api_client.add_mock_response(url="/projects/", body=httpx.ConnectError("no route to host"))
        await query_client.refetch_queries()

        await screen.find_by_text("This may be old: no answer from the server")
        assert rows(projects) == ["Apollo"]


async def test_the_heading_and_the_list_are_one_request(
    mock_api_client: MockApiClient, query_client: QueryClient
) -> None:
    """Two widgets with the same query."""
    projects = mock_api_client.add_mock_response(url="/projects/", body=[APOLLO, GEMINI])
    mock_api_client.add_mock_response(url="/activity/", body=[])

    async with render(ProjectsApp(query_client)) as screen:
        await screen.find_by_text("Projects (2)")
        await screen.find_by_text("Gemini")
    projects.assert_called_once()


async def test_f5_fetches_anew_what_is_shown(mock_api_client: MockApiClient, query_client: QueryClient) -> None:
    """The heading says so meanwhile."""
    mock_api_client.add_mock_response(url="/projects/", body=[APOLLO])
    mock_api_client.add_mock_response(url="/activity/", body=[])

    async with render(ProjectsApp(query_client)) as screen:
        await screen.find_by_text("Projects (1)")
        answer = mock_api_client.add_mock_response(url="/projects/", body=[APOLLO, GEMINI]).pause()
        await screen.press("F5")
        await screen.find_by_text("Projects (1) - updating ...")
        answer.release()
        await screen.find_by_text("Projects (2)")


# -- the form


async def test_a_new_project_is_there_after_the_refetch(
    mock_api_client: MockApiClient, query_client: QueryClient
) -> None:
    """The list is empty; a project is created; the list that is fetched afterwards has it."""
    mock_api_client.add_mock_response(url="/projects/", body=[])
    mock_api_client.add_mock_response(url="/activity/", body=[])
    created = mock_api_client.add_mock_response(url="/projects/", method="POST", body=GEMINI, status_code=201)

    async with render(ProjectsApp(query_client)) as screen:
        await screen.find_by_text("Projects (0)")
        assert screen.query_by_text("Gemini") is None

        # what the server will say from now on
        mock_api_client.add_mock_response(url="/projects/", body=[GEMINI])
        await create(screen, "Gemini")

        await screen.find_by_text("Gemini")
        field = screen.get_by_role("textbox", name="Name")
        assert field.attributes.get("value", "") == ""
    created.assert_called_once()
    created.assert_called_with(data={"name": "Gemini"})


async def test_the_row_is_shown_while_it_is_being_saved(
    mock_api_client: MockApiClient, query_client: QueryClient
) -> None:
    """It is in the list, and counted, before the server has answered."""
    mock_api_client.add_mock_response(url="/projects/", body=[APOLLO])
    mock_api_client.add_mock_response(url="/activity/", body=[])
    answer = mock_api_client.add_mock_response(url="/projects/", method="POST", body=GEMINI).pause()

    async with render(ProjectsApp(query_client)) as screen:
        await screen.find_by_text("Apollo")
        mock_api_client.add_mock_response(url="/projects/", body=[APOLLO, GEMINI])
        await create(screen, "Gemini")
        await screen.find_by_text("Gemini (saving)")
        await screen.find_by_text("Projects (2)")

        answer.release()
        await screen.find_by_text("Gemini")
        assert screen.query_by_text("Gemini (saving)") is None


async def test_a_refused_row_is_taken_back(mock_api_client: MockApiClient, query_client: QueryClient) -> None:
    """The list is what it was, even before it is fetched again, and the reason is shown."""
    mock_api_client.add_mock_response(url="/projects/", body=[APOLLO])
    mock_api_client.add_mock_response(url="/activity/", body=[])
    refusal = mock_api_client.add_mock_response(
        url="/projects/", method="POST", status_code=500, body={"detail": "out of order"}
    ).pause()
    app = ProjectsApp(query_client)

    async with render(app) as screen:
        await screen.find_by_text("Apollo")
        refetch = mock_api_client.add_mock_response(url="/projects/", body=[APOLLO]).pause()
        await create(screen, "Gemini")
        await screen.find_by_text("Gemini (saving)")

        refusal.release()
        await wait_for(lambda: rows(app.query_one(ProjectList)) == ["Apollo"])
        refetch.release()
        await screen.find_by_text("Could not create Gemini: out of order (500)")


async def test_enter_sends_the_form_and_a_blank_name_is_not_sent(
    mock_api_client: MockApiClient, render_app: Render
) -> None:
    """What is around a name is no part of it."""
    created = mock_api_client.add_mock_response(url="/projects/", method="POST", body=GEMINI)

    async with render_app(NewProject()) as screen:
        field = screen.get_by_role("textbox")
        await screen.type(field, "  \n")
        await screen.clear(field)
        await screen.type(field, "Gemini \n")
        await wait_for(lambda: created.called)
    created.assert_called_once()
    created.assert_called_with(data={"name": "Gemini"})


async def test_the_focus_stays_in_the_field(mock_api_client: MockApiClient, query_client: QueryClient) -> None:
    """Through the optimistic row and the refetch: several projects can be typed one after the other."""
    mock_api_client.add_mock_response(url="/projects/", body=[APOLLO])
    mock_api_client.add_mock_response(url="/activity/", body=[])
    created = mock_api_client.add_mock_response(url="/projects/", method="POST", body=GEMINI)

    async with render(ProjectsApp(query_client)) as screen:
        await screen.find_by_text("Apollo")
        await screen.type(screen.get_by_role("textbox"), "Gemini\n")
        await wait_for(lambda: created.call_count == 1)
        await screen.press("M")
        await screen.press("Enter")
        await wait_for(lambda: created.call_count == 2)
    created.assert_called_with(data={"name": "M"})


# -- the activity


async def test_more_is_loaded_until_there_is_no_more(mock_api_client: MockApiClient, render_app: Render) -> None:
    """A page at a time, where the server says that it goes on."""
    mock_api_client.add_mock_response(url="/activity/", body=[{"id": 2, "text": "third"}], headers=NEXT)
    older = mock_api_client.add_mock_response(
        url="/activity/", body=[{"id": 1, "text": "second"}], match=[match_query({"before": "2"})]
    )
    activity = Activity()

    async with render_app(activity) as screen:
        await screen.find_by_text("third")
        assert not older.called

        answer = older.pause()
        await screen.click(screen.get_by_role("button", name="Load more"))
        more = await screen.find_by_role("button", name="Loading more ...")
        assert more.attributes["disabled"]
        answer.release()

        await screen.find_by_text("second")
        assert rows(activity) == ["third", "second"]
        assert screen.get_by_role("button", name="Load more").attributes["disabled"]
    older.assert_called_once()


async def test_a_page_that_fails_leaves_those_before_it(mock_api_client: MockApiClient, render_app: Render) -> None:
    """And can be asked for again."""
    mock_api_client.add_mock_response(url="/activity/", body=[{"id": 2, "text": "third"}], headers=NEXT)
    mock_api_client.add_mock_response(url="/activity/", status_code=500, match=[match_query({"before": "2"})])
    activity = Activity()

    async with render_app(activity) as screen:
        await screen.find_by_text("third")
        await screen.click(screen.get_by_role("button", name="Load more"))
        await screen.find_by_text("Could not load more: the server answered 500")
        assert rows(activity) == ["third"]

        mock_api_client.add_mock_response(
            url="/activity/", body=[{"id": 1, "text": "second"}], match=[match_query({"before": "2"})]
        )
        await screen.click(screen.get_by_role("button", name="Load more"))
        await screen.find_by_text("second")


# -- afterwards


async def test_nothing_is_left_when_the_app_is_closed(
    mock_api_client: MockApiClient, query_client: QueryClient
) -> None:
    """An app that is closed observes nothing, so that its data can be collected."""
    mock_api_client.add_mock_response(url="/projects/", body=[APOLLO])
    mock_api_client.add_mock_response(url="/activity/", body=[])

    async with render(ProjectsApp(query_client)) as screen:
        await screen.find_by_text("Apollo")
        queries = query_client.get_query_cache().get_all()
        assert sorted(query.get_observers_count() for query in queries) == [1, 2]
    assert [query.get_observers_count() for query in queries] == [0, 0]


def test_the_heading_is_one_line(mock_api_client: MockApiClient) -> None:
    """Also in a test without an event loop."""
    mock_api_client.add_mock_response(url="/projects/", body=[APOLLO])
    with render(QueryClientProvider(Heading(), client=QueryClient())) as screen:
        assert screen.find_by_text("Projects (1)")
