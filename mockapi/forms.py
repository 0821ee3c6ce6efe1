"""Forms as they are sent: fields and files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

import msgspec

_PARAM = re.compile(r';[ \t]*([\w*-]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))')
_HEAD_END = re.compile(rb"\r?\n\r?\n")
# how browsers, httpx and requests write these three in a quoted name
_QUOTED = re.compile("%22|%0D|%0A", re.IGNORECASE)
_IN_QUOTES = {"%22": '"', "%0D": "\r", "%0A": "\n"}


class SentFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a multipart form.

    Attributes:
        filename: Its name.
        content: Its bytes.
        content_type: What it says that it is; None if it says nothing.
    """

    filename: str
    content: bytes
    content_type: str | None = None


def multipart(content_type: str, content: bytes) -> list[tuple[str, str | SentFile]]:
    """The parts of a multipart form in order, each with its name: a text field, or a file.

    Args:
        content_type: The header, with the boundary.
        content: The body.
    """
    boundary = _params(content_type).get("boundary")
    found: list[tuple[str, str | SentFile]] = []
    if not boundary:
        return found
    for head, body in _parts(boundary.encode("utf-8", "replace"), content):
        headers = dict(_headers(head))
        params = _params(headers.get("content-disposition", ""))
        name, filename = params.get("name"), params.get("filename")
        if name is None:
            continue
        if filename is None:
            found.append((name, body.decode("utf-8", "replace")))
        else:
            found.append((name, SentFile(filename=filename, content=body, content_type=headers.get("content-type"))))
    return found


def _parts(boundary: bytes, content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Head and body of each part. What looks like a boundary but does not end its line belongs to a body."""
    line = re.compile(rb"(?:\A|\r?\n)--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r?\n|\Z)")
    start: int | None = None
    for match in line.finditer(content):
        if start is not None:
            # without its first line break, a part that has no headers begins with the empty line
            part = content[start : match.start()]
            end = _HEAD_END.search(part)
            if end:
                yield part[: end.start()], part[end.end() :]
        if match[1]:
            return
        start = match.end()


def _headers(head: bytes) -> Iterator[tuple[str, str]]:
    for line in head.decode("utf-8", "replace").splitlines():
        name, colon, value = line.partition(":")
        if colon:
            yield name.strip().lower(), value.strip()


def _params(header: str) -> dict[str, str]:
    """The parameters of a header, such as ``boundary``; names in lower case."""
    found: dict[str, str] = {}
    for match in _PARAM.finditer(header):
        name, quoted, plain = match[1].lower(), match[2], match[3]
        if name.endswith("*"):
            # RFC 5987: charset'language'percent-encoded
            charset, _, rest = (quoted or plain or "").partition("'")
            try:
                found[name[:-1]] = unquote(rest.partition("'")[2], charset or "utf-8", "replace")
            except LookupError:
                continue
        elif quoted is None:
            found.setdefault(name, plain)
        else:
            text = re.sub(r"\\([\"\\])", r"\1", quoted)
            found.setdefault(
                name, re.sub("%(?:22|0[DA])", lambda code: _IN_QUOTES[code[0].upper()], text, flags=re.IGNORECASE)
            )
    return found
