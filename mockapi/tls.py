"""One default TLS context for all clients that are made while requests are mocked.

A client of httpx loads the certificates of all authorities when it is made, which takes a hundred times as long as a
mocked request. Shared is only the default context (``verify=True``, no certificate of its own), by the environment that
it depends on, and only while a mock client is active. It is the library's own: what is sent for real with it is safe.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

_MAKES = "create_ssl_context"
_ENVIRONMENT = ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE")

_replaced: list[tuple[ModuleType, Callable[..., Any], Callable[..., Any]]] = []
_contexts: dict[tuple[Any, ...], Any] = {}


def share(library: ModuleType, wanted: Callable[[], bool]) -> None:
    """Share the default context among the clients of a library. Does nothing if they are shared already.

    Args:
        library: httpx or httpx2.
        wanted: Whether it shall be shared now: asked each time a client is made.
    """
    room = sys.modules.get(f"{library.__name__}._transports.default")
    original = getattr(room, _MAKES, None)
    if room is None or original is None or getattr(original, "is_of_mockapi", False):
        return

    def create_ssl_context(verify: Any = True, cert: Any = None, trust_env: bool = True, **others: Any) -> Any:
        if verify is not True or cert is not None or others or not wanted():
            return original(verify=verify, cert=cert, trust_env=trust_env, **others)
        key = (library.__name__, trust_env, *(os.environ.get(name) for name in _ENVIRONMENT))
        context = _contexts.get(key)
        if context is None:
            context = _contexts[key] = original(verify=verify, cert=cert, trust_env=trust_env)
        return context

    create_ssl_context.is_of_mockapi = True  # type: ignore[attr-defined]
    setattr(room, _MAKES, create_ssl_context)
    _replaced.append((room, original, create_ssl_context))


def state(library: ModuleType) -> list[tuple[Mapping[str, Any], str, Any]]:
    """Where the library keeps what ``share`` replaces, under which name, and what is there now.

    Args:
        library: httpx or httpx2.
    """
    room = sys.modules.get(f"{library.__name__}._transports.default")
    return [] if room is None else [(vars(room), _MAKES, vars(room).get(_MAKES))]


def release() -> None:
    """Put back what made the contexts, unless somebody else has replaced it since; forget those that were made."""
    while _replaced:
        room, original, replacement = _replaced.pop()
        if getattr(room, _MAKES, None) is replacement:
            setattr(room, _MAKES, original)
    _contexts.clear()
