"""The errors of the mock client.

What fails a test even when the program swallows it is an ``UnmatchedRequestError``; there is a subclass for each other
reason than a missing mock. The rest are mistakes in the use of the fixtures and the marker.
"""

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

    def __reduce__(self) -> tuple[type[UnmatchedRequestError], tuple[str, Any]]:
        return type(self), (str(self), self.request)


class MatcherError(UnmatchedRequestError):
    """A matcher raised an error, so nobody knows whether its mock is meant. The error is the cause."""


class BodyError(UnmatchedRequestError, TypeError):
    """A mock's function gave a body that cannot be sent. The message names the place in it."""


class SeveralClientsError(UnmatchedRequestError):
    """A request came from a thread or task that belongs to no client, while several are active."""


class MarkerError(TypeError):
    """The ``mockapi`` marker has an option that it does not know, or a value that cannot be."""


class ScopeError(RuntimeError):
    """A fixture was used where what it makes would not last: outside a test, or in a fixture of wider scope."""


class QueryPackageError(ImportError):
    """The package ``query`` of this distribution is hidden by another module of that name."""
