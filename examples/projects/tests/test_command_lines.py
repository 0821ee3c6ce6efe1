"""The command lines: what is served, and where. Nothing is."""

from __future__ import annotations

import sys
from typing import Any

import httpx
import pytest
import uvicorn
from mockapi import MockApiClient
from query import QueryClient

import projects.backend
import reactpy_app.__main__
from projects.options import projects_options


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, int]]:
    """What uvicorn was told to serve, and on which port."""
    served: list[tuple[Any, int]] = []
    monkeypatch.setattr(uvicorn, "run", lambda app, *, port, **options: served.append((app, port)))
    return served


async def test_the_server_of_projects_has_some(mock_api_client: MockApiClient, served: list[tuple[Any, int]]) -> None:
    """So that there is something to see."""
    projects.backend.main()
    [(app, port)] = served
    assert port == projects.backend.PORT
    mock_api_client.mount("http://projects.test", app)
    async with httpx.AsyncClient() as http:
        rows = (await http.get("http://projects.test/projects/")).json()
    assert {"slug": "apollo", "name": "Apollo"} in rows


async def test_the_page_asks_the_api_that_it_is_told(
    mock_api_client: MockApiClient, served: list[tuple[Any, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And is where it is told to be."""
    mock_api_client.add_mock_response(url="http://api.test/projects/", body=[])
    monkeypatch.setattr(sys, "argv", ["reactpy_app", "http://api.test", "--port", "8123"])
    reactpy_app.__main__.main()
    [(app, port)] = served
    assert port == 8123
    client: QueryClient = app.state.query_client
    async with app.router.lifespan_context(app):
        assert await client.query(projects_options()) == []
