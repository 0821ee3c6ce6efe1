"""A client of its own for each test, in the loop of that test."""

from client_fixtures import answering, client, focus, online

__all__ = ["answering", "client", "focus", "online"]
