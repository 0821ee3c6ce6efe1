"""Routes and patterns of respx, for those who have them: a router whose routes answer what no mock does."""

from __future__ import annotations

from typing import Any, TypeAlias

import httpx
from respx import Router
from respx.models import AllMockedAssertionError, PassThrough
from respx.patterns import Pattern

from .answers import Answer
from .bodies import NEXT, PASS
from .matchers import PartMatcher
from .requests import RequestView
from .responses import ResponseMock, Rule
from .urls import UrlPattern

RespxRouter: TypeAlias = Router


class RespxMatcher(PartMatcher):
    """A pattern of respx as a matcher.

    Args:
        pattern: What ``respx.patterns.M`` returns.
    """

    def __init__(self, pattern: Pattern) -> None:
        super().__init__("respx", {})
        self._pattern = pattern

    def check(self, view: RequestView) -> bool:
        """Whether the request fits.

        Args:
            view: The request with its parts.
        """
        return bool(self._pattern.match(_as_httpx(view.request)))

    def __repr__(self) -> str:
        return f"{self._pattern!r}"


def with_patterns(match: Any) -> Any:
    """Matchers, with matchers in the place of respx's patterns; anything else as it is, to be checked.

    Args:
        match: What was given as ``match=``.
    """
    if not isinstance(match, (list, tuple)):
        return match
    return [RespxMatcher(one) if isinstance(one, Pattern) else one for one in match]


def routes() -> tuple[RespxRouter, ResponseMock]:
    """A router, and a mock that answers with its routes and leaves to others what they do not know."""
    router = Router(assert_all_called=False)

    async def ask(request: Any) -> Any:
        try:
            return await router.async_handler(_as_httpx(request))
        except AllMockedAssertionError:
            return NEXT
        except PassThrough:
            return PASS

    rule = Rule(url=UrlPattern(text="whatever its routes know"), methods=("*",))
    mock = ResponseMock(
        number=0, rule=rule, answers=(Answer(ask).prepared,), label="respx routes", source="mock.respx", remove=_stay
    )
    return router, mock


def _stay(mock: ResponseMock) -> None:
    raise TypeError("the routes of respx are taken out one by one: mock_api_client.respx.pop(name), or .clear().")


def _as_httpx(request: Any) -> httpx.Request:
    """A request of httpx or httpx2 as respx knows it."""
    if isinstance(request, httpx.Request):
        return request
    return httpx.Request(
        request.method,
        str(request.url),
        headers=request.headers.raw,
        content=request.content,
        extensions=request.extensions,
    )
