"""The errors of the mock client."""

from __future__ import annotations

from typing import Any


class UnmatchedRequestError(AssertionError):
    """A request was sent that no mock answers.

    An AssertionError and nothing else: retry loops for HTTP errors let it through, and it also fails the test in which
    the program swallowed it.

    Attributes:
        request: The caller's own request, of httpx or httpx2.
    """

    def __init__(self, message: str, request: Any) -> None:
        super().__init__(message)
        self.request = request


class SeveralClientsError(AssertionError):
    """A request came from a thread or task that belongs to no client, while several are active."""


class MarkerError(TypeError):
    """The ``mockapi`` marker has an option that it does not know, or a value that cannot be."""


class QueryPackageError(ImportError):
    """The package ``query`` of this distribution is hidden by another module of that name."""
