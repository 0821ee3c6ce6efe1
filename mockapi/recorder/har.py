"""HAR files, as browsers, mitmproxy and Playwright write them, as exchanges.

Left out is what no client of an API would ask for or get: entries without an answer (aborted, blocked), websockets,
what was no HTTP, and the questions that browsers ask before a request to another origin.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

import httpx
import msgspec

from query.base.types import UNSET

from ..body_matchers import data_of
from ..requests import NOT_JSON, RequestView
from .capturing import decoded
from .exchange import Exchange, Reply, header

StructT = TypeVar("StructT")

ReadBeside = Callable[[str], bytes]
"""Gives the content of a file that a HAR names, by that name; raises OSError or KeyError."""

_NO_BASE64 = re.compile(r"[^\sA-Za-z0-9+/=]")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)


class _Named(msgspec.Struct):
    name: str
    value: str | None = None


class _Param(msgspec.Struct, rename="camel"):
    name: str
    value: str | None = None
    file_name: str | None = None


class _PostData(msgspec.Struct, rename="camel"):
    mime_type: str | None = None
    text: str | None = None
    params: list[_Param] | None = None
    encoding: str | None = None


class _Request(msgspec.Struct, rename="camel"):
    method: str
    url: str
    headers: list[_Named] | None = None
    post_data: _PostData | None = None


class _Content(msgspec.Struct, rename="camel"):
    text: str | None = None
    encoding: str | None = None
    mime_type: str | None = None
    size: float | None = None
    file: str | None = msgspec.field(default=None, name="_file")


class _Response(msgspec.Struct):
    status: int
    headers: list[_Named] | None = None
    content: _Content | None = None


class _Entry(msgspec.Struct, rename="camel"):
    request: _Request
    response: _Response
    started_date_time: str | None = None


class _Log(msgspec.Struct):
    entries: list[msgspec.Raw]


class _Har(msgspec.Struct):
    log: _Log


class HarEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry that a mock can answer for.

    Attributes:
        place: Where it stands, such as "log.entries[3]".
        method: The method, in capitals.
        url: The whole URL.
        exchange: Makes the exchange of it; raises ValueError for one that is not whole.
    """

    place: str
    method: str
    url: str
    exchange: Callable[[], Exchange]


def read_har(text: bytes, name: str, read_beside: ReadBeside, base_url: str | None) -> list[HarEntry]:
    """The entries of a HAR file, oldest first.

    Args:
        text: The file.
        name: What to call it in messages.
        read_beside: Reads a file that it names.
        base_url: Where the paths of the mock client belong.

    Raises:
        ValueError: It is no HAR, or an entry is not as it should be; the message has its place.
    """
    har = _decoded(text, _Har, name, "")
    found: list[tuple[str, HarEntry]] = []
    for number, raw in enumerate(har.log.entries):
        place = f"log.entries[{number}]"
        entry = _decoded(bytes(raw), _Entry, name, place)
        if _is_answer(entry):
            found.append((_moment(entry.started_date_time), _entry(entry, f"{name}: {place}", read_beside, base_url)))
    # without a moment that can be read they stay in the order of the file
    if all(moment for moment, _ in found):
        found.sort(key=lambda pair: pair[0])
    return [entry for _, entry in found]


def _decoded(text: bytes, kind: type[StructT], name: str, place: str) -> StructT:
    try:
        return msgspec.json.decode(text.removeprefix(b"\xef\xbb\xbf"), type=kind, strict=False)
    except msgspec.ValidationError as error:
        said, _, path = str(error).partition(" - at ")
        where = place + path.strip("`").removeprefix("$") or "it"
        advice = "Expected a HAR file: an object with log.entries, each with request and response."
        raise ValueError(f"{name}: {where.lstrip('.')}: {said}. {advice}") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{name} is no JSON, so no HAR file: {error}.") from None


def _moment(text: str | None) -> str:
    """A moment as text that can be sorted; empty if it cannot be read."""
    try:
        return "" if text is None else datetime.fromisoformat(text).astimezone(UTC).isoformat(timespec="microseconds")
    except (ValueError, OverflowError):
        return ""


def _is_answer(entry: _Entry) -> bool:
    request = entry.request
    asks_before = any(named.name.lower() == "access-control-request-method" for named in request.headers or ())
    return (
        200 <= entry.response.status <= 599
        and request.url.lower().startswith(("http://", "https://"))
        and not (request.method.upper() == "OPTIONS" and asks_before)
    )


def _entry(entry: _Entry, place: str, read_beside: ReadBeside, base_url: str | None) -> HarEntry:
    method, url = entry.request.method.upper(), entry.request.url

    def exchange() -> Exchange:
        return _exchange(entry, f"{place} ({method} {url})", read_beside, base_url)

    return HarEntry(place=place, method=method, url=url, exchange=exchange)


def _exchange(entry: _Entry, place: str, read_beside: ReadBeside, base_url: str | None) -> Exchange:
    headers = _pairs(entry.request.headers)
    data, content = _sent(entry.request.post_data, headers, place)
    return exchange_of(
        entry.request.method,
        entry.request.url,
        headers,
        content,
        _reply(entry.response, place, read_beside),
        place=place,
        data=data,
        base_url=base_url,
    )


def exchange_of(
    method: str,
    url: str,
    headers: list[tuple[str, str]],
    content: bytes,
    reply: Reply,
    *,
    place: str,
    data: Any = UNSET,
    base_url: str | None = None,
) -> Exchange:
    """An exchange of the parts that a file has.

    Args:
        method: The method.
        url: The whole URL.
        headers: Those of the request, names in lower case.
        content: The body of the request.
        reply: The response.
        place: Where it stands in the file, for messages.
        data: The body as data, if the file has it like that.
        base_url: Where the paths of the mock client belong.

    Raises:
        ValueError: A URL that is none.
    """
    kept = [(name, value) for name, value in headers if name == "content-type"]
    try:
        request = httpx.Request(method, url, headers=kept, content=content)
    except (httpx.InvalidURL, ValueError) as error:
        raise ValueError(f"{place}: the URL is none: {error}.") from None
    view = RequestView(request, "httpx")
    if data is UNSET and content:
        found = data_of(view)
        data = UNSET if found is NOT_JSON else found
    return Exchange(
        method=view.method,
        origin=view.origin,
        path=view.raw_path,
        query=view.query,
        headers=headers,
        data=data,
        content=content,
        outcome=reply,
        base_url=base_url,
    )


def _pairs(headers: list[_Named] | None) -> list[tuple[str, str]]:
    """Headers without those of HTTP/2 that are none, such as ":status"."""
    return [(one.name.lower(), one.value or "") for one in headers or () if not one.name.startswith(":")]


def _sent(post: _PostData | None, headers: list[tuple[str, str]], place: str) -> tuple[Any, bytes]:
    """The body of a request as data, where the file has only that, and as it was sent."""
    if post is None:
        return UNSET, b""
    if post.mime_type and not header(headers, "content-type"):
        headers.append(("content-type", post.mime_type))
    if post.text:
        return UNSET, _bytes(post.text, post.encoding, post.mime_type or "", place)
    fields: dict[str, Any] = {}
    for param in post.params or ():
        value: Any = param.value or ""
        if param.file_name is not None:
            value = value.encode()
        held = fields.get(param.name, UNSET)
        fields[param.name] = value if held is UNSET else [*held, value] if isinstance(held, list) else [held, value]
    return (fields or UNSET), b""


def _reply(response: _Response, place: str, read_beside: ReadBeside) -> Reply:
    headers = _pairs(response.headers)
    content = response.content or _Content()
    kind = content.mime_type or ""
    if kind and kind != "x-unknown" and not header(headers, "content-type"):
        headers.append(("content-type", kind))
    if content.file is not None:
        try:
            data = read_beside(content.file)
        except (OSError, KeyError) as error:
            raise ValueError(f"{place}: its content should be in {content.file!r} beside the file: {error}.") from None
    elif content.text is not None:
        data = _bytes(content.text, content.encoding, header(headers, "content-type"), place)
    elif (content.size or 0) > 0 and response.status not in (204, 304):
        raise ValueError(
            f"{place}: the body of {content.size:g} bytes is not in the file. Record it with contents, or leave the "
            "entry out by urls= or methods=."
        )
    else:
        data = b""
    # most have it without its compression already
    data, _ = decoded(httpx, headers, data)
    kept = [pair for pair in headers if pair[0] != "content-encoding"]
    return Reply(status_code=response.status, headers=kept, content=data)


def _bytes(text: str, encoding: str | None, content_type: str, place: str) -> bytes:
    # Firefox says so of some texts that are none
    if (encoding or "").lower() == "base64" and not _NO_BASE64.search(text):
        try:
            return base64.b64decode("".join(text.split()), validate=True)
        except (binascii.Error, ValueError) as error:
            raise ValueError(f"{place}: the content says that it is base64, and is not: {error}.") from None
    charset = _CHARSET.search(content_type)
    try:
        return text.encode(charset[1] if charset else "utf-8")
    except (LookupError, UnicodeEncodeError):
        return text.encode("utf-8", "replace")
