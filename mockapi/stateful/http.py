"""Real HTTP calls: what the functions of users send is caught by a mock client, and waits for the machine."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import httpx

from ..client import MockApiClient
from .requests import Request

caller: ContextVar[str] = ContextVar("caller", default="")
"""What the machine calls the query or mutation whose function is running."""


class HeldServer:
    """A server whose answers the machine holds.

    Args:
        begin: Called with the name of the caller and what is asked for; returns the request to wait for.
        mock: Called with the mock client, to register mocks of the user's own: those answer by themselves.
    """

    def __init__(self, begin: Callable[[str, str], Request], mock: Callable[[MockApiClient], object]) -> None:
        self._begin = begin
        self._client = MockApiClient(unused="ignore")
        self._client.add_mock_response(re.compile(".*"), method="*", body=self._answer)
        mock(self._client)
        self._client.start()

    async def _answer(self, request: Any) -> Any:
        what = f"{request.method} {request.url.raw_path.decode()}"
        held = self._begin(caller.get() or what, what)
        try:
            return await held.future
        except Exception:  # noqa: BLE001 - the machine let it fail
            return httpx.Response(500, json={"detail": f"request {held.number} failed"})

    def stop(self) -> None:
        """Catch no more."""
        self._client.stop()


class OwnFunction:
    """A function of the user's own, followed by the machine.

    Args:
        name: What the machine calls the query or mutation.
        function: The function.
        begin: Called with its first argument when it is called; returns what to note the outcome in.
    """

    def __init__(self, name: str, function: Callable[..., Any], begin: Callable[[Any], Request]) -> None:
        self._name = name
        self._function = function
        self._begin = begin

    async def __call__(self, *arguments: Any) -> Any:
        """Call it.

        Args:
            *arguments: What a query or mutation function is called with.
        """
        call = self._begin(arguments[0])
        before = caller.set(self._name)
        try:
            made = self._function(*arguments)
            result = await made if inspect.isawaitable(made) else made
        except Exception as error:
            call.end_with(error)
            raise
        except BaseException:
            call.cancel()
            raise
        finally:
            caller.reset(before)
        call.answer(result)
        return result
