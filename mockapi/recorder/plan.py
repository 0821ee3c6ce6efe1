"""Exchanges as mocks: one for each request that differs, with its answers in order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from unittest.mock import ANY

import msgspec

from query.base.types import UNSET

from .exchange import Breakdown, Exchange
from .kept_headers import kept_headers
from .masking import Masker
from .reply_body import MAX_INLINE, ReplyBody, reply_body

MAX_FILE = 100
"""Bytes of a file in a form that are compared; a larger one may be anything."""
MAX_CONTENT = 1_000
"""The same for a whole body that is neither JSON nor a form."""

_TEMPLATE_SIGNS = re.compile(r"[$*{}]")


class PlannedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One answer of a mock.

    Attributes:
        status_code: The status.
        headers: Those that matter.
        body: JSON data, str, bytes, ``Attached``, or UNSET for an empty one.
        error: The class of httpx's exception that came instead; empty for none.
        size: How many bytes the program read of a body that it did not read to its end; None if it did.
    """

    status_code: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: Any = UNSET
    error: str = ""
    size: int | None = None


class PlannedMock(msgspec.Struct, frozen=True, kw_only=True):
    """One mock to be.

    Attributes:
        method: The method, in capitals.
        url: A path, or a whole URL, without its query.
        query: What ``match_query`` compares; nothing if empty.
        data: What ``match_data`` compares: a dict or list; UNSET for nothing.
        content: What ``match_content`` compares, text or bytes, where there is no data; UNSET for nothing.
        answers: One, or several in their order.
    """

    method: str
    url: str
    query: dict[str, Any]
    data: Any
    answers: tuple[PlannedAnswer, ...]
    content: Any = UNSET

    @property
    def weight(self) -> int:
        """How much it asks of a request. What asks for more must be registered later, or it would never answer."""
        asked = len(self.data) if isinstance(self.data, dict) else int(self.data is not UNSET)
        return len(self.query) + max(asked, int(self.data is not UNSET)) + int(self.content is not UNSET)


def plan(
    exchanges: Sequence[Exchange],
    masker: Masker,
    *,
    is_masked: bool = True,
    paths_only: bool | None = None,
    keep: Sequence[str] = (),
    max_inline: float = MAX_INLINE,
) -> list[PlannedMock]:
    """The mocks that answer as the real service did.

    Args:
        exchanges: What was sent and what came back, in order.
        masker: Tells what is secret: in a request, anything will then do.
        is_masked: Whether secrets in answers and paths are replaced, too.
        paths_only: Whether mocks have paths; by default if all requests go to the client's base_url or to one host.
        keep: Further headers to keep.
        max_inline: Bytes of a body beyond which it becomes a file.
    """
    if paths_only is None:
        paths_only = len({exchange.origin for exchange in exchanges}) <= 1
    found: dict[str, PlannedMock] = {}
    for exchange in exchanges:
        one = PlannedMock(
            method=exchange.method,
            url=_url(exchange, masker if is_masked else None, paths_only=paths_only),
            query=_wanted_query(exchange, masker),
            data=_wanted_data(exchange, masker),
            content=_wanted_content(exchange, masker),
            answers=(_answer(exchange, masker if is_masked else None, keep, max_inline),),
        )
        key = repr((one.method, one.url, _sorted(one.query), _sorted(one.data), one.content))
        held = found.get(key)
        found[key] = one if held is None else msgspec.structs.replace(held, answers=(*held.answers, *one.answers))
    return _ordered([msgspec.structs.replace(mock, answers=_collapsed(mock.answers)) for mock in found.values()])


def _sorted(data: Any) -> Any:
    """Data with the keys in an order of their own: another order is the same request."""
    if isinstance(data, dict):
        return ["{", *sorted((key, repr(_sorted(value))) for key, value in data.items())]
    return [_sorted(item) for item in data] if isinstance(data, list) else repr(data)


def _ordered(mocks: list[PlannedMock]) -> list[PlannedMock]:
    """In the order of the first requests, but of those with one URL what asks for less comes first."""
    by_url: dict[tuple[str, str], list[PlannedMock]] = {}
    for mock in mocks:
        by_url.setdefault((mock.method, mock.url), []).append(mock)
    return [mock for group in by_url.values() for mock in sorted(group, key=lambda mock: mock.weight)]


def _collapsed(answers: tuple[PlannedAnswer, ...]) -> tuple[PlannedAnswer, ...]:
    """Without the repetitions at the end: the last answer is repeated anyway."""
    # by repr: 1 and True are equal
    while len(answers) > 1 and repr(answers[-1]) == repr(answers[-2]):
        answers = answers[:-1]
    return answers


def _url(exchange: Exchange, masker: Masker | None, *, paths_only: bool) -> str:
    path = _TEMPLATE_SIGNS.sub(lambda sign: f"%{ord(sign[0]):02X}", exchange.path)
    path = path if masker is None else masker.path(path)
    if exchange.base_url is None:
        # a path that begins with two slashes would be read as a host
        return path if paths_only and not path.startswith("//") else exchange.origin + path
    url, base = exchange.origin + path, exchange.base_url.rstrip("/")
    return url.removeprefix(base) if url.startswith(f"{base}/") and not url.startswith(f"{base}//") else url


def _single(values: list[str]) -> Any:
    return values[0] if len(values) == 1 else values


def _wanted_query(exchange: Exchange, masker: Masker) -> dict[str, Any]:
    wanted = masker.wanted({name: _single(values) for name, values in exchange.query.items()})
    return {} if wanted is ANY else wanted


def _wanted_data(exchange: Exchange, masker: Masker) -> Any:
    # an object without keys would agree with any other, and with no body at all
    if not isinstance(exchange.data, (dict, list)) or exchange.data == {}:
        return UNSET
    wanted = masker.wanted(_without_files(exchange.data))
    return UNSET if wanted is ANY else wanted


def _without_files(data: Any) -> Any:
    """The fields of a form, with anything in the place of a large file."""
    if isinstance(data, dict):
        return {name: _without_files(value) for name, value in data.items()}
    if isinstance(data, list):
        return [_without_files(item) for item in data]
    return ANY if isinstance(data, bytes) and len(data) > MAX_FILE else data


def _wanted_content(exchange: Exchange, masker: Masker) -> Any:
    """A body that is neither JSON nor a form, or says nothing as such; secrets in it make it any."""
    content = exchange.content
    if (isinstance(exchange.data, (dict, list)) and exchange.data != {}) or not 0 < len(content) <= MAX_CONTENT:
        return UNSET
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return content if masker.content(content) == content else UNSET
    return text if masker.text(text) == text else UNSET


def _answer(exchange: Exchange, masker: Masker | None, keep: Sequence[str], max_inline: float) -> PlannedAnswer:
    reply = exchange.outcome
    if isinstance(reply, Breakdown):
        return PlannedAnswer(error=reply.name)
    bare = exchange.method == "HEAD" or reply.status_code in (204, 304)
    body = ReplyBody(value=UNSET) if bare else reply_body(reply, masker, max_inline=max_inline)
    headers = kept_headers(
        reply.headers,
        status_code=reply.status_code,
        method=exchange.method,
        implied_type=body.implied_type,
        has_body=body.value is not UNSET or exchange.method == "HEAD",
        keep=keep,
    )
    return PlannedAnswer(
        status_code=reply.status_code,
        headers=tuple(headers if masker is None else [(name, masker.header(name, value)) for name, value in headers]),
        body=body.value,
        size=None if reply.is_whole else len(reply.content),
    )
