"""The HTTP helpers with a client without an event loop."""

from __future__ import annotations

import pytest

from query import MutationOptions
from query.api import ApiClient, RequestError, api_options, fetch_mutation, get_api_client, set_api_client
from query.sync import MutationObserver


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


def test_a_mutation_of_an_api(client, mock_api_client):
    """The same for writes."""
    mock_api_client.add_mock_response(url="https://api.example.com/projects/", method="POST", status_code=409, body={})
    create = MutationObserver(client, MutationOptions(mutation_fn=fetch_mutation("POST", "/projects/")))
    with pytest.raises(RequestError) as caught:
        create.mutate({"name": "Apollo"})
    assert caught.value.status == 409


def test_the_face_for_threads_and_its_client_have_one_api_client(client):
    """Whichever is asked for."""
    assert get_api_client(client) is get_api_client(client.loop_client) is not get_api_client()
