"""The errors of the mock client.

What fails a test even when the program swallows it is an ``UnmatchedRequestError``; there is a subclass for each other
reason than a missing mock. The rest are mistakes in the use of the fixtures and the marker.
"""

from __future__ import annotations

from collections.abc import Sequence
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

    def __reduce__(self) -> tuple[type[Any], tuple[Any, ...]]:
        return type(self), (str(self), self.request)


class MatcherError(UnmatchedRequestError):
    """A matcher raised an error, so nobody knows whether its mock is meant. The error is the cause."""


class BodyError(UnmatchedRequestError, TypeError):
    """A mock's function gave a body that cannot be sent. The message names the place in it."""


class UsedUpError(UnmatchedRequestError):
    """A request came after the last answer of a sequence that ends in a failure."""


class GateError(UnmatchedRequestError):
    """A sync request would wait at a gate in the very thread that has to release it, for ever."""


class LeakError(UnmatchedRequestError):
    """A client got past the mock, and the network is closed. The message names it.

    Attributes:
        host: The host that it was about to reach.
        port: The port.
    """

    def __init__(self, message: str, host: str, port: Any) -> None:
        super().__init__(message, None)
        self.host = host
        self.port = port

    def __reduce__(self) -> tuple[type[Any], tuple[Any, ...]]:
        return type(self), (str(self), self.host, self.port)


class UnmatchedRequestAbort(BaseException):
    """What ``unmatched="abort"`` raises: nothing that catches ``Exception`` can hold it up.

    Attributes:
        error: The error that fails the test.
    """

    def __init__(self, error: UnmatchedRequestError) -> None:
        super().__init__(str(error))
        self.error = error

    def __reduce__(self) -> tuple[type[UnmatchedRequestAbort], tuple[UnmatchedRequestError]]:
        return type(self), (self.error,)


class UnusedMockError(AssertionError):
    """A mock that has to be called was not.

    Attributes:
        sources: Where those mocks were registered, as "file:line".
    """

    def __init__(self, message: str, sources: Sequence[str]) -> None:
        super().__init__(message)
        self.sources = tuple(sources)

    def __reduce__(self) -> tuple[type[UnusedMockError], tuple[str, tuple[str, ...]]]:
        return type(self), (str(self), self.sources)


class UnusedMockWarning(UserWarning):
    """A mock was not called, and ``unused="warn"`` asks to hear of it."""


class SeveralClientsError(UnmatchedRequestError):
    """A request came from a thread or task that belongs to no client, while several are active."""


class MarkerError(TypeError):
    """The ``mockapi`` marker has an option that it does not know, or a value that cannot be."""


class ScopeError(RuntimeError):
    """A fixture was used where what it makes would not last: outside a test, or in a fixture of wider scope."""


class QueryPackageError(ImportError):
    """The package ``query`` of this distribution is hidden by another module of that name."""
