"""The command line: what is written, and how it ends."""

from __future__ import annotations

import argparse

import pytest
from mockapi import MakeTestQueryClient, MockApiClient, match_data

from project_list.__main__ import run, show

APOLLO = {"id": "1", "name": "Apollo"}
GEMINI = {"id": "2", "name": "Gemini"}


async def test_every_change_is_written(
    mock_api_client: MockApiClient, make_test_query_client: MakeTestQueryClient
) -> None:
    """Loading, the list, the row that is being saved, the row that was."""
    mock_api_client.add_mock_response(url="/projects/", body=[APOLLO, GEMINI])
    mock_api_client.add_mock_response(url="/projects/", body=[APOLLO], times=1)
    mock_api_client.add_mock_response(url="/projects/", method="POST", body=GEMINI)
    frames: list[str] = []

    assert await show(make_test_query_client(), ["Gemini"], write=frames.append)
    assert frames == ["Loading ...\n", "- Apollo\n", "- Apollo\n- Gemini (saving)\n", "- Apollo\n- Gemini\n"]


async def test_a_list_that_cannot_be_loaded_is_a_failure(
    mock_api_client: MockApiClient, make_test_query_client: MakeTestQueryClient
) -> None:
    """The reason is written, and the result says so."""
    mock_api_client.add_mock_response(url="/projects/", status_code=404)
    frames: list[str] = []

    assert not await show(make_test_query_client(), [], write=frames.append)
    assert frames[-1] == "Could not load the projects: the server answered 404\n"


async def test_a_project_that_cannot_be_created_is_a_failure(
    mock_api_client: MockApiClient, make_test_query_client: MakeTestQueryClient
) -> None:
    """The next one is tried all the same."""
    mock_api_client.add_mock_response(url="/projects/", body=[APOLLO])
    create = mock_api_client.add_mock_response(url="/projects/", method="POST", body=GEMINI)
    mock_api_client.add_mock_response(
        url="/projects/",
        method="POST",
        status_code=409,
        body={"detail": "taken"},
        match=[match_data({"name": "Apollo"})],
    )
    frames: list[str] = []

    assert not await show(make_test_query_client(), ["Apollo", "Gemini"], write=frames.append)
    assert "- Apollo\nCould not create 'Apollo': taken (409)\n" in frames
    create.assert_called_with(data={"name": "Gemini"})


@pytest.mark.mockapi(base_url="https://api.example.com")
async def test_the_base_url_and_the_owner_are_those_of_the_command_line(
    mock_api_client: MockApiClient, capsys: pytest.CaptureFixture[str]
) -> None:
    """The whole program, down to the HTTP client. The marker says where paths belong."""
    projects = mock_api_client.add_mock_response(url="/projects/", body=[APOLLO])

    assert await run(argparse.Namespace(base_url="https://api.example.com", names=[], owner="ann"))
    projects.assert_called_with(query={"owner": "ann"})
    assert capsys.readouterr().out.endswith("- Apollo\n\n")
