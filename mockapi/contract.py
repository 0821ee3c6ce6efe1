"""What a mock and its requests have to keep to: the face of a description, which is loaded only where there is one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from .requests import RequestView
from .urls import UrlPattern


class AnswerView(Protocol):
    """An answer of a mock, as a contract sees it. It is a struct, so that a copy with another body can be made."""

    @property
    def body(self) -> Any:
        """The body, prepared; or ``EXAMPLE``."""
        ...

    @property
    def status_code(self) -> int:
        """The status."""
        ...

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """The headers."""
        ...


class RegisteredView(Protocol):
    """A mock, as a contract sees it."""

    @property
    def name(self) -> str:
        """Method and URL."""
        ...

    @property
    def source(self) -> str:
        """Where it was registered."""
        ...

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that it answers."""
        ...

    @property
    def url(self) -> UrlPattern:
        """The URL that it answers."""
        ...


class MockContract(Protocol):
    """What one mock has to keep to."""

    def check_answers(self, answers: Sequence[Any]) -> tuple[Any, ...]:
        """The answers of the mock, those that are examples made.

        Raises:
            MockContractError: One of them is not as it should be.
        """
        ...

    def check_request(self, view: RequestView) -> None:
        """Look at a request that the mock is about to answer.

        Raises:
            RequestContractError: It is not as it should be.
        """
        ...

    def check_answer(self, view: RequestView, answer: Any, body: Any) -> tuple[Any, Any]:
        """Look at an answer that the mock is about to give.

        Returns:
            The answer and its body, both made anew if the body is an example.

        Raises:
            AnswerContractError: It is not as it should be.
        """
        ...


class Contract(Protocol):
    """What all mocks of a client have to keep to."""

    def check_mock(self, mock: RegisteredView) -> MockContract | None:
        """What a new mock has to keep to; None if the contract does not concern it.

        Raises:
            MockContractError: There is nothing that it could answer.
        """
        ...
