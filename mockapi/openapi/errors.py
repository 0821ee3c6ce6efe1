"""The errors of descriptions and of those who do not keep to them."""

from __future__ import annotations

from query.openapi.errors import DescriptionError, MissingExtraError

from ..errors import UnmatchedRequestError

__all__ = [
    "AnswerContractError",
    "DescriptionError",
    "ExampleError",
    "MissingExtraError",
    "MockContractError",
    "RequestContractError",
]


class ExampleError(ValueError):
    """No value could be made for ``body=EXAMPLE``. The message says why."""


class MockContractError(ValueError):
    """A mock that the description does not allow, raised where it is registered."""


class RequestContractError(UnmatchedRequestError):
    """A request that the description does not allow. It fails the test like one that no mock answers."""


class AnswerContractError(RequestContractError):
    """An answer, made when it was asked for, that the description does not allow."""
