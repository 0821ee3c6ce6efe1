"""mock_api_client in plain tests: a sync query client, and functions that call httpx and block."""

from __future__ import annotations

import httpx
import pytest

from query import MutationOptions, QueryOptions
from query.sync import MutationObserver, QueryClient

URL = "https://api.example.com"


def load(context):
    response = httpx.get(f"{URL}{context.query_key[0]}")
    response.raise_for_status()
    return response.json()


def save(name, context):
    return httpx.post(f"{URL}/projects/", json={"name": name}).json()


def test_a_blocking_query_fn_is_answered(mock_api_client):
    """The request is made in a worker thread of the client, and is the test's."""
    mock = mock_api_client.add_mock_response(url="/projects/", body=["Apollo"])
    options = QueryOptions(query_key=("/projects/",), query_fn=load, stale_time=60)
    with QueryClient() as client:
        assert [client.query(options), client.query(options)] == [["Apollo"], ["Apollo"]]
    mock.assert_called_once()


def test_an_async_query_fn_is_answered_too(mock_api_client):
    """It runs in the client's own loop."""
    mock_api_client.add_mock_response(url="/projects/", body=["Apollo"])

    async def load_async(context):
        async with httpx.AsyncClient(base_url=URL) as http:
            return (await http.get("/projects/")).json()

    with QueryClient() as client:
        assert client.query(QueryOptions(query_key=("projects",), query_fn=load_async)) == ["Apollo"]


def test_a_blocking_mutation_fn_is_answered(mock_api_client):
    """The mock knows what was sent."""
    mock = mock_api_client.add_mock_response(url="/projects/", method="POST", body={"id": 1})
    with QueryClient() as client:
        assert MutationObserver(client, MutationOptions(mutation_fn=save)).mutate("Apollo") == {"id": 1}
    mock.assert_called_with(data={"name": "Apollo"})


def test_an_error_status_is_the_error_of_the_query(mock_api_client):
    """As any other failure."""
    mock_api_client.add_mock_response(url="/projects/", status_code=503)
    with QueryClient() as client, pytest.raises(httpx.HTTPStatusError, match="503"):
        client.query(QueryOptions(query_key=("/projects/",), query_fn=load))


def test_a_request_that_nothing_answers_fails_the_test(pytester):
    """Also if the query's error is swallowed."""
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function")
    pytester.makepyfile(
        """
        import httpx
        from query import QueryOptions
        from query.sync import QueryClient

        def test_it(mock_api_client):
            with QueryClient() as client:
                client.prefetch_query(QueryOptions(
                    query_key=(1,), query_fn=lambda context: httpx.get("https://api.example.com/nothing/").json()
                ))
        """
    )
    result = pytester.runpytest("-p", "no:cacheprovider")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["no mock answers GET https://api.example.com/nothing/"])
