"""A client of its own for each test: one in the loop of the test, and one without a loop."""

from client_fixtures import answering, client, focus, online
from thread_fixtures import gate, make_client, no_thread_left, others, sync_client

__all__ = [
    "answering",
    "client",
    "focus",
    "gate",
    "make_client",
    "no_thread_left",
    "online",
    "others",
    "sync_client",
]
