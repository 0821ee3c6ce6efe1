"""What is asked of the API: each option by itself, without any user interface."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from mockapi import MakeTestQueryClient, MockApiClient, match_query
from query import InfiniteData, InfiniteQueryObserver, MutationObserver, QueryObserver
from query.api import RequestError

from projects.options import (
    Project,
    activity_options,
    create_project_options,
    label,
    project_count_options,
    projects_options,
    reason,
)

APOLLO = {"slug": "apollo", "name": "Apollo"}
GEMINI = {"slug": "gemini", "name": "Gemini"}


@contextmanager
def following(observer: QueryObserver[Any, Any] | InfiniteQueryObserver[Any, Any, Any]) -> Iterator[None]:
    """Follow a query within the block: it is fetched at its beginning, and forgotten after its end."""
    unsubscribe = observer.subscribe(lambda result: None)
    try:
        yield
    finally:
        unsubscribe()


def labels(projects: QueryObserver[Any, list[Project]]) -> list[str]:
    """The rows as they are shown."""
    return [label(row) for row in projects.get_current_result().data or ()]


async def test_the_list_and_the_count_are_one_request(
    mock_api_client: MockApiClient, make_test_query_client: MakeTestQueryClient
) -> None:
    """Options that differ in ``select`` alone are the same query."""
    projects = mock_api_client.add_mock_response(url="/projects/", body=[APOLLO, GEMINI])
    client = make_test_query_client()
    rows, count = QueryObserver(client, projects_options()), QueryObserver(client, project_count_options())

    with following(rows), following(count):
        await rows.wait_for(lambda result: result.is_success)
        assert rows.get_current_result().data == [APOLLO, GEMINI]
        assert count.get_current_result().data == 2
    projects.assert_called_once()


async def test_the_activity_goes_on_where_the_link_says(
    mock_api_client: MockApiClient, make_test_query_client: MakeTestQueryClient
) -> None:
    """One request a page; without a next link there is no next page."""
    mock_api_client.add_mock_response(
        url="/activity/", body=[{"id": 1, "text": "new"}], headers={"Link": '</activity/?before=1>; rel="next"'}
    )
    older = mock_api_client.add_mock_response(
        url="/activity/", body=[{"id": 0, "text": "old"}], match=[match_query({"before": "1"})]
    )
    activity = InfiniteQueryObserver(make_test_query_client(), activity_options())

    with following(activity):
        await activity.wait_for(lambda result: result.is_success)
        result = await activity.fetch_next_page()
    assert result.data == InfiniteData([[{"id": 1, "text": "new"}], [{"id": 0, "text": "old"}]], [None, "?before=1"])
    assert not result.has_next_page
    older.assert_called_once()


async def test_the_row_is_there_while_it_is_being_saved(
    mock_api_client: MockApiClient, make_test_query_client: MakeTestQueryClient
) -> None:
    """Whoever shows the projects shows the new one at once."""
    mock_api_client.add_mock_response(url="/projects/", body=[APOLLO])
    created = mock_api_client.add_mock_response(url="/projects/", method="POST", body=GEMINI)
    answer = created.pause()
    client = make_test_query_client()
    projects = QueryObserver(client, projects_options())

    with following(projects):
        await projects.wait_for(lambda result: result.is_success)
        mock_api_client.add_mock_response(url="/projects/", body=[APOLLO, GEMINI])
        saving = MutationObserver(client, create_project_options()).mutate({"name": "Gemini"})
        assert labels(projects) == ["Apollo", "Gemini (saving)"]

        answer.release()
        assert await saving == GEMINI
        assert labels(projects) == ["Apollo", "Gemini"]
    created.assert_called_with(data={"name": "Gemini"})


async def test_the_row_is_taken_back_when_the_server_refuses(
    mock_api_client: MockApiClient, make_test_query_client: MakeTestQueryClient
) -> None:
    """The list is what it was before, even before it is fetched again."""
    mock_api_client.add_mock_response(url="/projects/", body=[APOLLO])
    refused = mock_api_client.add_mock_response(
        url="/projects/", method="POST", status_code=409, body={"detail": "taken"}
    )
    client = make_test_query_client()
    projects = QueryObserver(client, projects_options())

    with following(projects):
        await projects.wait_for(lambda result: result.is_success)
        refetch = mock_api_client.add_mock_response(url="/projects/", body=[APOLLO]).pause()
        saving = MutationObserver(client, create_project_options()).mutate({"name": "Apollo"})
        assert labels(projects) == ["Apollo", "Apollo (saving)"]

        await projects.wait_for(lambda result: labels(projects) == ["Apollo"])
        assert not saving.done()  # the refetch is still waiting
        refetch.release()
        with pytest.raises(RequestError, match="taken"):
            await saving
    refused.assert_called_once()


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ({"status_code": 409, "body": {"detail": "taken"}}, "taken (409)"),
        ({"status_code": 404}, "the server answered 404"),
        ({"body": httpx.ConnectError("no route to host")}, "no answer from the server"),
    ],
    ids=["a detail", "no body", "no answer"],
)
async def test_the_reason_is_for_people(
    mock_api_client: MockApiClient,
    make_test_query_client: MakeTestQueryClient,
    answer: dict[str, object],
    text: str,
) -> None:
    """What the server says, or that it says nothing."""
    mock_api_client.add_mock_response(url="/projects/", **answer)  # type: ignore[arg-type]

    with pytest.raises(RequestError) as caught:
        await make_test_query_client().query(projects_options())
    assert reason(caught.value) == text
