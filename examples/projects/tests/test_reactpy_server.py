"""The server of the page: what a browser gets before it opens its websocket."""

from __future__ import annotations

import re

import httpx
from mockapi import MockApiClient
from query import QueryClient

from projects.options import projects_options
from reactpy_app.server import make_app

PAGE = "https://page.test"


async def test_the_page_needs_nothing_from_elsewhere(mock_api_client: MockApiClient) -> None:
    """Scripts come from ReactPy's own package, by this server."""
    mock_api_client.mount(PAGE, make_app("http://api.test"))
    async with httpx.AsyncClient(base_url=PAGE) as http:
        page = (await http.get("/")).text
        assert "<title>Projects</title>" in page
        assert re.findall(r"https?:|src=.//", page) == []

        [script] = set(re.findall(r'from "(/[^"]+[.]js)"', page))
        assert (await http.get(script)).status_code == 200


async def test_the_client_asks_the_api_of_the_command_line(mock_api_client: MockApiClient) -> None:
    """From the start of the server on."""
    projects = mock_api_client.add_mock_response(url="http://api.test/projects/", body=[])
    app = make_app("http://api.test")
    client: QueryClient = app.state.query_client
    async with app.router.lifespan_context(app):
        assert await client.query(projects_options()) == []
    projects.assert_called_once()
