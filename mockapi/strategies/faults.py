"""What goes wrong between a server and its caller: no connection, no end, no JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import httpx
from hypothesis import strategies as st

from ..answers import Answer
from ..faults import NETWORK, fault
from .payloads import json_payloads

_JSON: Final = {"content-type": "application/json"}
_PAGES: Final = (
    "<html><body>502 Bad Gateway</body></html>",
    "",
    "upstream connect error or disconnect/reset before headers",
    "OK",
)


def fault_names() -> st.SearchStrategy[str]:
    """Names that ``add_error`` takes, such as "connect" and "read_timeout"."""
    return st.sampled_from(NETWORK)


def network_faults(payload: st.SearchStrategy[Any] | None = None) -> st.SearchStrategy[Answer]:
    """Answers that are none: the errors of ``fault_names()``, and bodies that are cut short, break off, or are no JSON.

    They shrink to a connection that fails.

    Args:
        payload: A strategy for the JSON that is cut short; any by default.
    """
    return fault_names().map(_raised) | truncated_bodies(payload) | broken_bodies(payload) | non_json_bodies()


def truncated_bodies(payload: st.SearchStrategy[Any] | None = None) -> st.SearchStrategy[Answer]:
    """Good statuses whose JSON ends too early, as a proxy may leave it: reading it as JSON fails.

    Args:
        payload: A strategy for the JSON; any by default.
    """
    return _cut(payload).map(lambda part: Answer(part, headers=_JSON))


def broken_bodies(payload: st.SearchStrategy[Any] | None = None) -> st.SearchStrategy[Answer]:
    """Good statuses whose body breaks off while it is read: the caller gets its library's error of the protocol.

    Args:
        payload: A strategy for the JSON; any by default.
    """
    return _cut(payload).map(lambda part: Answer(_Broken(part), headers=_JSON))


def non_json_bodies() -> st.SearchStrategy[Answer]:
    """Good statuses that promise JSON and bring a page of a proxy, nothing, or a word."""
    return st.sampled_from(_PAGES).map(lambda text: Answer(text.encode(), headers=_JSON))


class _Broken:
    """A body that breaks off, each time that it is read.

    Args:
        part: What arrives before.
    """

    def __init__(self, part: bytes) -> None:
        self._part = part

    def __iter__(self) -> Iterator[bytes]:
        yield self._part
        raise httpx.RemoteProtocolError("peer closed connection without sending complete message body")

    def __repr__(self) -> str:
        return f"{self._part!r}, and then the connection is closed"


def _raised(name: str) -> Answer:
    return Answer(fault(name))


def _cut(payload: st.SearchStrategy[Any] | None) -> st.SearchStrategy[bytes]:
    return _beginnings(json_payloads() if payload is None else payload)


@st.composite
def _beginnings(draw: st.DrawFn, payload: st.SearchStrategy[Any]) -> bytes:
    """The beginning of a JSON text that is no JSON itself: one within a list, whose end is missing."""
    whole = json.dumps([draw(payload)], ensure_ascii=False).encode()
    return whole[: draw(st.integers(1, len(whole) - 1))]
