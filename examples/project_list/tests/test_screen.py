"""The screen: what it shows while things happen."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mockapi import MakeTestQueryClient, MockApiClient
from query.api import RequestError

from project_list.screen import ProjectListScreen

APOLLO = {"id": "1", "name": "Apollo"}
MY_PROJECT = {"id": "2", "name": "My Project"}


async def shows(screen: ProjectListScreen, *lines: str) -> None:
    """Wait until the screen shows just these lines; fail with what it does show if that never happens."""
    try:
        async with asyncio.timeout(5):
            await screen.wait_until(lambda screen: screen.lines == [*lines])
    except TimeoutError:
        assert screen.lines == [*lines]


async def test_the_projects_are_listed(
    mock_api_client: MockApiClient, make_test_query_client: MakeTestQueryClient
) -> None:
    """Loading first, then a row for each project."""
    mock_api_client.add_mock_response(url="/projects/", body=[APOLLO, MY_PROJECT])

    with ProjectListScreen(make_test_query_client()) as screen:
        assert screen.lines == ["Loading ..."]
        await screen.loaded()
        assert screen.lines == ["- Apollo", "- My Project"]


async def test_an_error_is_shown_in_place_of_the_list(
    mock_api_client: MockApiClient, make_test_query_client: MakeTestQueryClient
) -> None:
    """A first load that fails says why."""
    mock_api_client.add_mock_response(url="/projects/", status_code=403, body={"detail": "You may not do that"})

    with ProjectListScreen(make_test_query_client()) as screen:
        await screen.loaded()
        assert screen.lines == ["Could not load the projects: You may not do that (403)"]


async def test_a_new_project_is_there_after_the_refetch(
    mock_api_client: MockApiClient, make_test_query_client: MakeTestQueryClient
) -> None:
    """The list is empty; a project is created; the list that is fetched afterwards has it."""
    mock_api_client.add_mock_response(url="/projects/", body=[])
    create = mock_api_client.add_mock_response(url="/projects/", method="POST", body=MY_PROJECT, status_code=201)

    with ProjectListScreen(make_test_query_client()) as screen:
        await screen.loaded()
        assert screen.lines == ["No projects yet."]

        # what the server will say from now on
        mock_api_client.add_mock_response(url="/projects/", body=[MY_PROJECT])
        await screen.create("My Project")

        assert screen.lines == ["- My Project"]
    create.assert_called_once()
    create.assert_called_with(data={"name": "My Project"})


async def test_the_new_row_is_shown_while_it_is_being_saved(
    mock_api_client: MockApiClient, make_test_query_client: MakeTestQueryClient
) -> None:
    """The row is there at once, marked, and loses its mark when the server has answered."""
    mock_api_client.add_mock_response(url="/projects/", body=[APOLLO])
    create = mock_api_client.add_mock_response(url="/projects/", method="POST", body=MY_PROJECT)
    gate = create.pause()

    with ProjectListScreen(make_test_query_client()) as screen:
        await screen.loaded()
        mock_api_client.add_mock_response(url="/projects/", body=[APOLLO, MY_PROJECT])
        saving = screen.create("My Project")

        await shows(screen, "- Apollo", "- My Project (saving)")

        gate.release()
        await saving
        assert screen.lines == ["- Apollo", "- My Project"]
    create.assert_called_once()


async def test_a_refused_row_is_taken_back(
    mock_api_client: MockApiClient, make_test_query_client: MakeTestQueryClient
) -> None:
    """After a 500 the list is what it was before, even before it is fetched again, and the error is shown."""
    mock_api_client.add_mock_response(url="/projects/", body=[APOLLO])
    create = mock_api_client.add_mock_response(
        url="/projects/", method="POST", status_code=500, body={"detail": "out of order"}
    )
    refusal = create.pause()

    with ProjectListScreen(make_test_query_client()) as screen:
        await screen.loaded()
        refetch = mock_api_client.add_mock_response(url="/projects/", body=[APOLLO]).pause()
        saving = screen.create("My Project")
        await shows(screen, "- Apollo", "- My Project (saving)")

        refusal.release()
        await shows(screen, "- Apollo")
        assert not saving.done()  # the refetch is still waiting at its gate

        refetch.release()
        with pytest.raises(RequestError, match="out of order"):
            await saving
        assert screen.lines == ["- Apollo", "Could not create 'My Project': out of order (500)"]


async def test_the_server_has_the_last_word(
    mock_api_client: MockApiClient, make_test_query_client: MakeTestQueryClient
) -> None:
    """The list is fetched again after a failure too: others may have changed it meanwhile."""
    mock_api_client.add_mock_response(url="/projects/", body=[APOLLO])
    mock_api_client.add_mock_response(url="/projects/", method="POST", status_code=409, body={"detail": "taken"})

    with ProjectListScreen(make_test_query_client()) as screen:
        await screen.loaded()
        mock_api_client.add_mock_response(url="/projects/", body=[APOLLO, MY_PROJECT])
        with pytest.raises(RequestError):
            await screen.create("My Project")
        assert screen.lines == ["- Apollo", "- My Project", "Could not create 'My Project': taken (409)"]


async def test_an_answer_that_is_under_way_does_not_wipe_out_the_new_row(
    mock_api_client: MockApiClient, make_test_query_client: MakeTestQueryClient
) -> None:
    """A refetch that began before the row was added is cancelled, not believed."""
    mock_api_client.add_mock_response(url="/projects/", body=[APOLLO])
    saved = mock_api_client.add_mock_response(url="/projects/", method="POST", body=MY_PROJECT).pause()

    with ProjectListScreen(make_test_query_client()) as screen:
        await screen.loaded()
        late = mock_api_client.add_mock_response(url="/projects/", body=[APOLLO])
        answer = late.pause()
        refetching = asyncio.create_task(screen.refetch())
        await late.wait_called()

        mock_api_client.add_mock_response(url="/projects/", body=[APOLLO, MY_PROJECT])
        saving = screen.create("My Project")
        await shows(screen, "- Apollo", "- My Project (saving)")
        answer.release()
        await refetching
        assert screen.lines == ["- Apollo", "- My Project (saving)"]

        saved.release()
        await saving
        assert screen.lines == ["- Apollo", "- My Project"]


async def test_a_failed_refetch_keeps_the_old_rows(
    mock_api_client: MockApiClient, make_test_query_client: MakeTestQueryClient
) -> None:
    """Old rows with a warning are better than none."""
    mock_api_client.add_mock_response(url="/projects/", body=[APOLLO])

    with ProjectListScreen(make_test_query_client()) as screen:
        await screen.loaded()
        mock_api_client.add_mock_response(url="/projects/", body=httpx.ConnectError("no route to host"))
        await screen.refetch()
        assert screen.lines == ["- Apollo", "This may be old: no answer from the server"]


async def test_two_screens_share_one_request(
    mock_api_client: MockApiClient, make_test_query_client: MakeTestQueryClient
) -> None:
    """What one of them fetches, both show."""
    projects = mock_api_client.add_mock_response(url="/projects/", body=[APOLLO])
    client = make_test_query_client()

    with ProjectListScreen(client) as left, ProjectListScreen(client) as right:
        await left.loaded()
        assert left.lines == right.lines == ["- Apollo"]
    projects.assert_called_once()


async def test_nothing_is_left_when_the_screen_is_closed(
    mock_api_client: MockApiClient, make_test_query_client: MakeTestQueryClient
) -> None:
    """A closed screen observes nothing, so that its data can be collected."""
    mock_api_client.add_mock_response(url="/projects/", body=[APOLLO])
    client = make_test_query_client()

    with ProjectListScreen(client) as screen:
        await screen.loaded()
        [query] = client.get_query_cache().get_all()
        assert query.get_observers_count() == 1
    assert query.get_observers_count() == 0


@settings(max_examples=25, deadline=None)
@given(name=st.text(min_size=1, max_size=30))
async def test_any_name_is_sent_and_shown_as_it_is(
    mock_api_client: MockApiClient, make_test_query_client: MakeTestQueryClient, name: str
) -> None:
    """Whatever people call their projects. Each example has mocks and clients of its own."""
    mock_api_client.add_mock_response(url="/projects/", body=[])
    create = mock_api_client.add_mock_response(url="/projects/", method="POST", body={"id": "1", "name": name})

    with ProjectListScreen(make_test_query_client()) as screen:
        await screen.loaded()
        mock_api_client.add_mock_response(url="/projects/", body=[{"id": "1", "name": name}])
        await screen.create(name)
        assert screen.lines == [f"- {name}"]
    create.assert_called_once()
    create.assert_called_with(data={"name": name})
