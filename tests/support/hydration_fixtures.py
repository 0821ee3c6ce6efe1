"""A second client, and the way between the two."""

from __future__ import annotations

import json

import pytest

from query import QueryClient, dehydrate


@pytest.fixture
async def there(clock, online, focus):
    """The client that a state comes from. It leaves no task behind."""
    client = QueryClient(clock=clock, online_manager=online, focus_manager=focus)
    yield client
    await client.aclose()


@pytest.fixture
def sent(there):
    """What arrives as JSON of the client ``there``, dehydrated with some options."""
    return lambda **options: json.loads(json.dumps(dehydrate(there, **options)))


def always(_):
    """A predicate."""
    return True


def never(_):
    """A predicate."""
    return False
