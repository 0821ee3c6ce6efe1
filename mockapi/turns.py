"""Who answers a request: the clients that are active, and the stretch of time for which each is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from types import ModuleType
from typing import Any, Protocol

from . import messages
from .errors import SeveralClientsError, UnmatchedRequestError
from .requests import RequestView


class Below:
    """What a responder answers to let respx answer a request, if it can.

    Args:
        refuse: Makes the error, and records it, for a request that respx does not know either.
    """

    def __init__(self, refuse: Callable[[], UnmatchedRequestError]) -> None:
        self.refuse = refuse


class PassedOn:
    """What a responder answers to let a request through and see what comes of it.

    Args:
        on_response: Called with the real response, before the caller gets it and before its body is read.
        on_error: Called with what the transport raised, which is then raised at the caller.
    """

    def __init__(self, on_response: Callable[[Any], None], on_error: Callable[[BaseException], None]) -> None:
        self.on_response = on_response
        self.on_error = on_error


class Recorder(Protocol):
    """Who records what is sent for real, in a session that was asked to."""

    def passing(self, view: RequestView, base_url: str | None) -> PassedOn:
        """How to send a request that no mock answers, and record what comes of it."""
        ...

    def wrote(self, source: str) -> bool:
        """Whether a mock registered at "file:line" comes from a recording. Such a one does not answer meanwhile."""
        ...


class Responder(Protocol):
    """Who answers requests: a mock client.

    Attributes:
        unmatched: Errors that fail its test.
        late: Errors that came after the end of their test.
    """

    unmatched: list[UnmatchedRequestError]
    late: list[UnmatchedRequestError]

    @property
    def layers(self) -> Iterable[Responder]:
        """Itself, and the responders whose mocks answer what its own do not."""
        ...

    @property
    def level(self) -> str:
        """Where it wants requests to be caught: "transport" or "client"."""
        ...

    @property
    def blocks_network(self) -> bool:
        """Whether other ways to the network are closed while it is active."""
        ...

    def lets_through(self, host: str) -> bool:
        """Whether a host may be reached while they are closed."""
        ...

    def respond(self, view: RequestView, library: ModuleType) -> Any:
        """The response to a sync caller; or ``PassedOn``, or ``Below``."""
        ...

    async def arespond(self, view: RequestView, library: ModuleType) -> Any:
        """The response to an async caller; or ``PassedOn``, or ``Below``."""
        ...


class Turn:
    """One stretch for which a client answers: a test, one Hypothesis example of it, or a ``with`` block.

    A task or thread keeps the turn in which it was started, so a request that comes too late can be told from one of
    the test that runs now.

    Args:
        client: The client.
        name: Which test; empty for a ``with`` block.
    """

    __slots__ = ("client", "is_over", "name")

    def __init__(self, client: Responder, name: str = "") -> None:
        self.client = client
        self.name = name
        self.is_over = False


current: ContextVar[Turn | None] = ContextVar("mockapi_turn", default=None)
"""The turn of this context, for choosing a client. It may be old: some runners keep one context for many tests."""

inside: ContextVar[Turn | None] = ContextVar("mockapi_inside", default=None)
"""The turn from within whose test function this context was copied: if that is over, a request comes too late."""

active: list[Responder] = []
"""All clients that are active, oldest first."""


def chosen() -> Responder | None:
    """The client that answers in this context, if there is one that can be told."""
    turn = current.get()
    if turn is not None and not turn.is_over:
        return turn.client
    # the top of them, if the others are its layers
    for client in reversed(active):
        layers = list(client.layers)
        if all(other in layers for other in active):
            return client
    return None


def responder_of(request: Any) -> Responder | None:
    """The client that answers here: that of the context, else the only one there is."""
    turn = current.get()
    if turn is not None and not turn.is_over:
        return turn.client
    client = chosen()
    if client is not None:
        return client
    if active:
        error: UnmatchedRequestError = SeveralClientsError(messages.several_clients(request, len(active)), request)
        for client in active:
            client.unmatched.append(error)
        raise error
    late = late_turn()
    if late is not None:
        error = UnmatchedRequestError(messages.after_its_test(request, late.name), request)
        late.client.late.append(error)
        raise error
    return None


def late_turn() -> Turn | None:
    """The turn from which a request comes here, if that turn is over."""
    turn = inside.get()
    return turn if turn is not None and turn.is_over else None
