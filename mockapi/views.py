"""Mocks and calls as the messages see them: faces from below, so that failures can be worded without a cycle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from .matchers import Matcher, Mismatch
from .requests import RequestView
from .urls import UrlPattern


class CallView(Protocol):
    """A call, to be described."""

    @property
    def method(self) -> str:
        """The method."""
        ...

    @property
    def view(self) -> RequestView:
        """The request with its parts."""
        ...

    @property
    def url(self) -> str:
        """The whole URL."""
        ...

    @property
    def source(self) -> str:
        """Where it was sent from; empty if that is not known."""
        ...

    @property
    def content(self) -> bytes:
        """The body as it was sent."""
        ...

    @property
    def data(self) -> Any:
        """The body as data."""
        ...


class CalledView(Protocol):
    """What calls arrive at, to be described."""

    @property
    def name(self) -> str:
        """Its own name if it has one, method and URL."""
        ...

    @property
    def source(self) -> str:
        """Where it was registered."""
        ...

    @property
    def calls(self) -> Sequence[CallView]:
        """The calls that arrived."""
        ...


class MockView(CalledView, Protocol):
    """A mock, to be described."""

    @property
    def number(self) -> int:
        """Its place in the order of registration."""
        ...

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that it answers."""
        ...

    @property
    def url(self) -> UrlPattern:
        """The URL that it answers."""
        ...

    @property
    def answers(self) -> Sequence[Any]:
        """What it answers, one after another."""
        ...

    @property
    def match(self) -> tuple[Matcher, ...]:
        """Its matchers."""
        ...

    def parts(self, view: RequestView) -> list[tuple[str, Mismatch | None]]:
        """What it looks at beside method and path, each with why a request does not fit; None if it does."""
        ...

    def mismatches(self, view: RequestView) -> list[Mismatch]:
        """Why a request does not fit, leaving method and path aside."""
        ...
