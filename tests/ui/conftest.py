"""Each test of this folder that asks for a ``stage`` runs on a page of every framework."""

from __future__ import annotations

import pytest
from client_fixtures import answering, client, focus, infinite, online, paging
from ui_pages import PAGES, staged

__all__ = ["answering", "client", "focus", "infinite", "online", "paging"]


@pytest.fixture(params=sorted(PAGES))
def framework(request):
    """The name of a framework; what one prints when it is imported for the first time is its own affair."""
    return request.param


@pytest.fixture
async def stage(framework, client):
    """A page with the client of the test at its root, and no component yet."""
    async with staged(framework, client) as stage:
        yield stage
