"""Errors of the network by name: what ``add_error`` takes."""

from __future__ import annotations

import re
from typing import Any, TypeAlias

import httpx

Fault: TypeAlias = str | BaseException | type[BaseException]
"""A name of ``NAMES``, the name of an exception of httpx, an exception, or its class."""

_REASONS = {
    "connect": (httpx.ConnectError, "all connection attempts failed"),
    "refused": (httpx.ConnectError, "connection refused"),
    "dns": (httpx.ConnectError, "name or service not known"),
    "tls": (httpx.ConnectError, "certificate verify failed"),
    "timeout": (httpx.ReadTimeout, "the read operation timed out"),
    "connect_timeout": (httpx.ConnectTimeout, "the connect operation timed out"),
    "read_timeout": (httpx.ReadTimeout, "the read operation timed out"),
    "write_timeout": (httpx.WriteTimeout, "the write operation timed out"),
    "pool_timeout": (httpx.PoolTimeout, "no connection became free in time"),
    "reset": (httpx.ReadError, "connection reset by peer"),
    "disconnect": (httpx.RemoteProtocolError, "server disconnected without sending a response"),
    "malformed": (httpx.RemoteProtocolError, "illegal status line"),
    "proxy": (httpx.ProxyError, "the proxy refused the connection"),
    "redirects": (httpx.TooManyRedirects, "exceeded maximum allowed redirects"),
    "decoding": (httpx.DecodingError, "the content could not be decoded"),
}

NETWORK = tuple(_REASONS)
"""What a network may do, by short names."""

# what servers and networks do; HTTPStatusError is what raise_for_status() makes of a status
_OF_HTTPX: dict[str, type[BaseException]] = {
    name: kind
    for name, kind in vars(httpx).items()
    if isinstance(kind, type) and issubclass(kind, BaseException) and kind is not httpx.HTTPStatusError
}

NAMES = (*_REASONS, *sorted(_OF_HTTPX))
"""What an error may be called; of those in capitals also the form with underscores, such as "read_error"."""


def fault(error: Any) -> BaseException | type[BaseException]:
    """What is raised for an error that was given by name, or as it is.

    Args:
        error: A name, an exception or its class.

    Raises:
        ValueError: No such name; the message has all of them.
        TypeError: Neither a name nor an exception.
    """
    if isinstance(error, str):
        if error in _REASONS:
            kind, text = _REASONS[error]
            return kind(text)
        for name, found in _OF_HTTPX.items():
            if error in (name, re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()):
                return found
        raise ValueError(f"error={error!r} is no error of the network. It may be: {', '.join(NAMES)}.")
    if isinstance(error, BaseException) or (isinstance(error, type) and issubclass(error, BaseException)):
        return error
    raise TypeError(f'error={error!r} is no error; expected a name such as "connect", an exception, or its class.')
