"""The body of a real response as a mock takes it: data, text, bytes, or a file beside the module."""

from __future__ import annotations

import json
import mimetypes
import re
from typing import Any

import msgspec

from query.base.types import UNSET

from ..bodies import Content, prepare
from .exchange import Reply, as_json, is_json, media_type
from .masking import Masker

MAX_INLINE = 10_000
"""Bytes of a body that stand in the module; a larger one becomes a file."""
MAX_BYTES = 64
"""The same for one that is neither JSON nor text."""

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


class Attached(msgspec.Struct, frozen=True, kw_only=True):
    """A body that goes to a file.

    Attributes:
        data: The bytes.
        suffix: How the file's name ends, such as ".png".
    """

    data: bytes
    suffix: str


class ReplyBody(msgspec.Struct, frozen=True, kw_only=True):
    """A body for a mock.

    Attributes:
        value: JSON data, str, bytes, ``Attached``, or UNSET for an empty one.
        implied_type: The content type that a mock with it has by itself; None for none.
    """

    value: Any
    implied_type: str | None = None


def reply_body(reply: Reply, masker: Masker | None = None, *, max_inline: float = MAX_INLINE) -> ReplyBody:
    """What a mock must be given as its body to answer the same.

    Args:
        reply: The real response.
        masker: Replaces secrets; None if nothing is to be masked.
        max_inline: Bytes beyond which a body becomes a file.
    """
    if not reply.content:
        return ReplyBody(value=UNSET)
    if is_json(reply.content_type) or not reply.content_type:
        data = _mockable(reply.content)
        if data is not UNSET and (reply.content_type or isinstance(data, (dict, list))):
            data = data if masker is None else masker.answer(data)
            if len(reply.content) <= max_inline:
                return ReplyBody(value=data, implied_type="application/json")
            pretty = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
            return ReplyBody(value=Attached(data=pretty.encode(), suffix=".json"))
    text = _as_text(reply.content)
    if text is None:
        content = reply.content if masker is None else masker.content(reply.content)
        if len(content) <= min(MAX_BYTES, max_inline):
            return ReplyBody(value=content)
        return ReplyBody(value=Attached(data=content, suffix=_suffix(reply.content_type, ".bin")))
    text = text if masker is None else masker.text(text)
    if len(text) > max_inline:
        return ReplyBody(value=Attached(data=text.encode(), suffix=_suffix(reply.content_type, ".txt")))
    if not reply.content_type:
        # a str would say that it is text
        return ReplyBody(value=text.encode())
    return ReplyBody(value=text, implied_type="text/plain; charset=utf-8")


def _mockable(content: bytes) -> Any:
    """JSON data that a mock sends as it came; UNSET if there is none."""
    data = as_json(content)
    # a text that is JSON would be a plain text as the body of a mock
    if data is UNSET or isinstance(data, str):
        return UNSET
    try:
        sent = prepare(data)
    except TypeError:
        # half a surrogate pair, or a number that no float holds
        return UNSET
    return data if isinstance(sent, Content) and as_json(sent.data) == data else UNSET


def _as_text(content: bytes) -> str | None:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    return None if _CONTROL.search(text) else text


def _suffix(content_type: str, otherwise: str) -> str:
    return mimetypes.guess_extension(media_type(content_type)) or otherwise
