"""A small server of projects, for trying the programs out and for tests in real front ends.

``python -m projects.backend`` serves it on port 8765, with half a second of delay so that there is something to see.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .options import Event, Project

PAGE_SIZE = 3
"""Events on a page."""
PORT = 8765


class Backend:
    """The projects, in memory.

    Args:
        names: The projects that are there at first.
        delay: Seconds before an answer is sent.

    Attributes:
        app: The server, for ASGI.
        received: All requests so far, such as ``"GET /projects/"``.
        writes_open: While it is not set, requests that write wait.
        fault: What requests that write are told, instead of being done; None to do them.
        delay: Seconds before an answer is sent.
    """

    def __init__(self, names: Sequence[str] = (), *, delay: float = 0) -> None:
        self.delay = delay
        self.received: list[str] = []
        self.writes_open = asyncio.Event()
        self.writes_open.set()
        self.fault: str | None = None
        self._projects: list[Project] = []
        self._events: list[Event] = []
        for name in names:
            self._add(name)
        self.app = Starlette(
            routes=[
                Route("/projects/", self._list, methods=["GET"]),
                Route("/projects/", self._create, methods=["POST"]),
                Route("/activity/", self._activity, methods=["GET"]),
            ]
        )

    async def _arrived(self, request: Request) -> None:
        query = f"?{request.url.query}" if request.url.query else ""
        self.received.append(f"{request.method} {request.url.path}{query}")
        await asyncio.sleep(self.delay)

    async def _list(self, request: Request) -> Response:
        await self._arrived(request)
        return JSONResponse(self._projects)

    async def _create(self, request: Request) -> Response:
        await self._arrived(request)
        name = str((await request.json())["name"])
        await self.writes_open.wait()
        if self.fault is not None:
            return JSONResponse({"detail": self.fault}, 500)
        if any(project["slug"] == _slug(name) for project in self._projects):
            return JSONResponse({"detail": f"there is a project {name} already"}, 409)
        return JSONResponse(self._add(name), 201)

    async def _activity(self, request: Request) -> Response:
        await self._arrived(request)
        before = int(request.query_params.get("before", len(self._events)))
        page = self._events[max(before - PAGE_SIZE, 0) : before]
        last = page[0]["id"] if page else 0
        link = f'<{request.url.replace(query=f"before={last}")}>; rel="next"; results="{str(last > 0).lower()}"'
        return JSONResponse(page[::-1], headers={"Link": link})

    def _add(self, name: str) -> Project:
        project: Project = {"slug": _slug(name), "name": name}
        self._projects.append(project)
        self._events.append({"id": len(self._events), "text": f"{name} was created"})
        return project


def _slug(name: str) -> str:
    return re.sub(r"\W+", "-", name.lower()).strip("-")


FAMOUS = ("Vostok", "Mercury", "Voskhod", "Gemini", "Soyuz", "Apollo", "Salyut", "Skylab")
"""The projects of the server that one starts by hand."""


def main() -> None:
    """Serve them until Ctrl+C."""
    import uvicorn

    uvicorn.run(Backend(FAMOUS, delay=0.5).app, port=PORT, log_level="warning")


if __name__ == "__main__":
    main()
