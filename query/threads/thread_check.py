"""In asyncio's debug mode, a client that looks from which thread it is used."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, Final

from ..base.errors import LoopError
from ..client.query_client import QueryClient as CoreClient
from ..runtime.own_loop import OTHER_THREAD

ANYWHERE: Final = frozenset({"discard", "leaks"})
"""Methods that a program may call when it no longer knows where its loop is."""


class Checked:
    """Marks a class whose methods look from where they are called."""


def check_threads(client: CoreClient) -> None:
    """Let the public methods of a client refuse other threads than that of its loop.

    By another class for this one client, so that a client that is not debugged pays nothing.

    Args:
        client: The client.
    """
    kind = type(client)
    if issubclass(kind, Checked):
        return
    methods = {
        name: _refusing(function)
        for name, function in inspect.getmembers(kind, inspect.isfunction)
        if not name.startswith("_") and name not in ANYWHERE
    }
    named = {"__doc__": kind.__doc__, "__module__": kind.__module__, "__qualname__": kind.__qualname__}
    client.__class__ = type(kind.__name__, (kind, Checked), {**methods, **named})


def _refusing(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def checked(self: CoreClient, *args: Any, **kwargs: Any) -> Any:
        if self.environment.is_running_elsewhere():
            raise LoopError(OTHER_THREAD)
        return method(self, *args, **kwargs)

    return checked
