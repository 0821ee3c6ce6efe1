"""The calls of the API: what is sent, and what comes of the answers."""

from __future__ import annotations

import httpx
import pytest
from mockapi import MakeTestQueryClient, MockApiClient, match_data, match_query
from query import MutationObserver
from query.api import RequestError

from project_list.api import create_project_options, projects_options, reason

APOLLO = {"id": "1", "name": "Apollo"}
GEMINI = {"id": "2", "name": "Gemini"}


async def test_the_projects_are_the_json_of_the_answer(
    mock_api_client: MockApiClient, make_test_query_client: MakeTestQueryClient
) -> None:
    """Mocking success: a body is all it takes."""
    projects = mock_api_client.add_mock_response(url="/projects/", body=[APOLLO])

    assert await make_test_query_client().query(projects_options()) == [APOLLO]
    projects.assert_called_once()


@pytest.mark.parametrize(
    ("status_code", "body", "text"),
    [
        (403, {"detail": "You may not do that"}, "You may not do that (403)"),
        (404, "", "the server answered 404"),
        (500, "<h1>Oops</h1>", "<h1>Oops</h1> (500)"),
    ],
    ids=["a detail in JSON", "no body", "text"],
)
async def test_an_error_status_is_told_with_its_detail(
    mock_api_client: MockApiClient,
    make_test_query_client: MakeTestQueryClient,
    status_code: int,
    body: object,
    text: str,
) -> None:
    """Mocking errors: a status, with or without a body."""
    mock_api_client.add_mock_response(url="/projects/", status_code=status_code, body=body)

    with pytest.raises(RequestError) as caught:
        await make_test_query_client().query(projects_options())
    assert caught.value.status == status_code
    assert reason(caught.value) == text


async def test_a_network_error_is_no_answer(
    mock_api_client: MockApiClient, make_test_query_client: MakeTestQueryClient
) -> None:
    """Mocking the network: an exception as the body is raised at the caller."""
    mock_api_client.add_mock_response(url="/projects/", body=httpx.ConnectError("no route to host"))

    with pytest.raises(RequestError, match="no route to host") as caught:
        await make_test_query_client().query(projects_options())
    assert caught.value.status is None
    assert reason(caught.value) == "no answer from the server"


async def test_a_server_that_hangs_is_no_answer(
    mock_api_client: MockApiClient, make_test_query_client: MakeTestQueryClient
) -> None:
    """A delay beyond the client's own timeout ends in that timeout, and nobody waits for it."""
    mock_api_client.add_mock_response(url="/projects/", body=[], async_delay=3600)

    with pytest.raises(RequestError, match="ReadTimeout"):
        await make_test_query_client().query(projects_options())


async def test_the_owner_is_a_parameter_of_the_query(
    mock_api_client: MockApiClient, make_test_query_client: MakeTestQueryClient
) -> None:
    """Matching the query: two mocks of one URL, told apart."""
    everyone = mock_api_client.add_mock_response(url="/projects/", body=[APOLLO, GEMINI])
    ann = mock_api_client.add_mock_response(url="/projects/", body=[GEMINI], match=[match_query({"owner": "ann"})])
    client = make_test_query_client()

    assert await client.query(projects_options(owner="ann")) == [GEMINI]
    assert await client.query(projects_options()) == [APOLLO, GEMINI]
    ann.assert_called_once()
    everyone.assert_called_once()


async def test_the_server_refuses_a_name_that_is_taken(
    mock_api_client: MockApiClient, make_test_query_client: MakeTestQueryClient
) -> None:
    """Matching the data: one name is refused, the others are accepted."""
    client = make_test_query_client()
    create = MutationObserver(client, create_project_options(projects_options()))
    mock_api_client.add_mock_response(url="/projects/", method="POST", body=GEMINI, status_code=201)
    mock_api_client.add_mock_response(
        url="/projects/",
        method="POST",
        body={"detail": "taken"},
        status_code=409,
        match=[match_data({"name": "Apollo"})],
    )

    assert await create.mutate({"name": "Gemini"}) == GEMINI
    with pytest.raises(RequestError, match="taken"):
        await create.mutate({"name": "Apollo"})
