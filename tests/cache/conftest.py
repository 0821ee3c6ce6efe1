"""A client of its own for each test, and helpers to look at it."""

from client_fixtures import (
    answering,
    build,
    client,
    events,
    focus,
    infinite,
    mutation_of,
    online,
    paging,
    states,
    watch,
)

__all__ = [
    "answering",
    "build",
    "client",
    "events",
    "focus",
    "infinite",
    "mutation_of",
    "online",
    "paging",
    "states",
    "watch",
]
