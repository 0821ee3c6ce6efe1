"""The HTTP helpers with a client without an event loop."""

from __future__ import annotations

import importlib

import httpx
import pytest

from query import MutationOptions, query_options
from query.api import ApiClient, ApiRequest, RequestError, api_options, fetch_mutation, get_api_client, set_api_client
from query.sync import InfiniteQueryObserver, MutationObserver


@pytest.fixture
def client(sync_client):
    """A client with an API of its own."""
    set_api_client(ApiClient(base_url="https://api.example.com"), query_client=sync_client)
    return sync_client


def test_options_of_an_api_are_fetched_in_the_loop_of_the_client(client, mock_api_client):
    """Through the API client that was set for it; its connections are closed with the loop."""
    mock_api_client.add_mock_response(url="https://api.example.com/projects/", body=["Apollo"])
    assert client.query(api_options.as_(list[str])("/projects/", stale_time=30)) == ["Apollo"]
    client.close()


def test_the_pages_of_an_api(client, mock_api_client):
    """One after the other, and without a loop in sight."""
    link = {"Link": "<?page=2>; rel=next"}
    mock_api_client.get("https://api.example.com/projects/?page=2", ["Gemini"])
    mock_api_client.get("https://api.example.com/projects/", ["Apollo"], headers=link, times=1)
    observer = InfiniteQueryObserver(client, api_options.as_infinite(list[str])("/projects/", stale_time=30))
    unsubscribe = observer.subscribe(lambda result: None)
    observer.wait_for(lambda result: result.is_success)
    assert observer.fetch_next_page().data.pages == [["Apollo"], ["Gemini"]]
    unsubscribe()
    client.close()


def test_a_mutation_of_an_api(client, mock_api_client):
    """The same for writes."""
    mock_api_client.add_mock_response(url="https://api.example.com/projects/", method="POST", status_code=409, body={})
    create = MutationObserver(client, MutationOptions(mutation_fn=fetch_mutation("POST", "/projects/")))
    with pytest.raises(RequestError) as caught:
        create.mutate({"name": "Apollo"})
    assert caught.value.status == 409


@pytest.mark.parametrize("library", ["httpx", "httpx2"])
def test_an_http_client_that_blocks_serves_the_whole_client(sync_client, mock_api_client, library):
    """Options and mutations of an API run in threads then, and plain functions call it themselves. The mock answers."""
    for method in ("GET", "POST"):
        mock_api_client.add_mock_response(url="https://api.test/v1/x/", method=method, body=[method])
    with importlib.import_module(library).Client(base_url="https://api.test/v1") as http:
        set_api_client(ApiClient(http=http), query_client=sync_client)
        assert sync_client.query(api_options.as_(list[str])("/x/", stale_time=0)) == ["GET"]
        create = MutationObserver(sync_client, MutationOptions(mutation_fn=fetch_mutation("POST", "/x/")))
        assert create.mutate({}) == ["POST"]

        def load(context):
            return get_api_client(context.client).send_sync(ApiRequest(url="/x/")).json()

        assert sync_client.query(query_options(query_key=("plain",), query_fn=load)) == ["GET"]
        sync_client.close()


def test_the_loop_is_free_during_a_call_that_blocks(sync_client, mock_api_client):
    """Another query is answered while it waits."""
    slow = mock_api_client.add_mock_response(url="https://api.test/slow/", body=1)
    mock_api_client.add_mock_response(url="https://api.test/fast/", body=2)
    gate = slow.pause()
    with httpx.Client(base_url="https://api.test") as http:
        set_api_client(ApiClient(http=http), query_client=sync_client)
        first = api_options.as_(int)("/slow/", stale_time=0)
        sync_client.prefetch_query(first, timeout=0)
        assert sync_client.query(api_options.as_(int)("/fast/", stale_time=0)) == 2
        gate.release()
        assert sync_client.query(first) == 1
        sync_client.close()


def test_the_face_for_threads_and_its_client_have_one_api_client(client):
    """Whichever is asked for."""
    assert get_api_client(client) is get_api_client(client.loop_client) is not get_api_client()
