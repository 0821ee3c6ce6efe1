"""The server: one query client for the whole process, so all tabs of all browsers share what it knows.

That is right for data that everybody may see. What belongs to one user wants a client of its own, made where the
session is known.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from query import DefaultOptions, QueryClient, QueryOptions
from query.api import ApiClient, api_retry, set_api_client
from query.ui.reactpy import QueryClientProvider
from reactpy import component, html
from reactpy.executors.asgi import ReactPy
from reactpy.types import Component
from starlette.applications import Starlette
from starlette.routing import Mount

from .components import Page

STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 36rem; padding: 0 1rem; }
header { align-items: baseline; display: flex; gap: 1rem; }
form, [role=alert] { margin: 1rem 0; }
input, button { font: inherit; margin: 0 .5rem; padding: .25rem .75rem; }
[role=alert] { background: #fdecea; border-left: 4px solid #b3261e; padding: .5rem 1rem; }
"""


def make_app(api_url: str) -> Starlette:
    """The program, for any server of ASGI.

    Args:
        api_url: Where the API of projects is.

    Returns:
        The app; its query client is ``app.state.query_client``.
    """
    client = QueryClient(default_options=DefaultOptions(queries=QueryOptions(**api_retry(1))))

    @component
    def Root() -> Component:
        return QueryClientProvider(Page(), client=client)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncGenerator[None]:
        async with ApiClient(base_url=api_url) as api, client:
            set_api_client(api, query_client=client)
            yield

    # without an icon of its own a browser asks for one
    head = html.head(html.title("Projects"), html.link({"rel": "icon", "href": "data:,"}), html.style(STYLE))
    app = Starlette(routes=[Mount("/", ReactPy(Root, html_head=head))], lifespan=lifespan)
    app.state.query_client = client
    return app
