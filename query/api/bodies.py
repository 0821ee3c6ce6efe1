"""The body of an answer: as JSON, as text or as bytes; and the errors that are in one."""

from __future__ import annotations

import json
import re
from typing import Any, Final, Literal, TypeAlias, cast, get_args

from ..base.errors import OptionError
from ..base.types import UNSET
from .errors import RequestError
from .problem import read_problem

Parse: TypeAlias = Literal["json", "text", "bytes", "auto"]
"""How to read a body: as JSON, whatever it is said to be; as text; as bytes; or as its content type says."""

PARSES: Final = get_args(Parse)
EMPTY: Final = frozenset({204, 205})
"""Statuses of answers that have no body, whatever was asked for."""

_JSON = re.compile(r"application/(?:[\w.+-]+\+)?json|text/json", re.IGNORECASE)
_TEXT = re.compile(
    r"text/.*|application/(?:[\w.+-]+\+)?(?:xml|yaml)|application/(?:javascript|x-ndjson)", re.IGNORECASE
)
_CHARSET = re.compile(r';\s*charset="?([\w.:-]+)', re.IGNORECASE)


def check_parse(parse: object) -> None:
    """Refuse another way of reading.

    Args:
        parse: What was given; None for the default.

    Raises:
        OptionError: It is none of the four.
    """
    if parse is not None and parse not in PARSES:
        raise OptionError(
            f'parse={parse!r} is not known; expected "json", "text", "bytes" or "auto".',
            option="parse",
        )


def read_body(response: Any, method: str, parse: Parse | str | None = None) -> Any:
    """The body of an answer. None for one of a status that has none, and for an empty one where JSON is asked for.

    JSON is read as UTF-8, -16 or -32, with or without a byte order mark; as what the answer says only if it is none of
    these. Text is read as the answer says, by default as UTF-8.

    Args:
        response: A response of the HTTP library, read to its end.
        method: The method of the call, for the message.
        parse: How to read it; as JSON by default.

    Raises:
        RequestError: The body is no JSON, where JSON was asked for or promised by the content type.
    """
    content: bytes = response.content
    if response.status_code in EMPTY:
        return None
    kind = response.headers.get("content-type", "")
    if parse == "auto":
        media = kind.partition(";")[0].strip()
        parse = "json" if not content or _JSON.fullmatch(media) else "text" if _TEXT.fullmatch(media) else "bytes"
    if parse == "bytes":
        return content
    if parse == "text":
        return read_text(content, kind)
    if not content:
        return None
    try:
        return read_json(content, kind)
    except ValueError as error:
        detail = f"the body is no JSON ({kind or 'no content-type'})"
        raise _error(response, method, detail, text=read_text(content, kind), cause=error) from error


def read_json(content: bytes, content_type: str = "") -> Any:
    """JSON from its bytes.

    Args:
        content: The bytes.
        content_type: What they are said to be.

    Raises:
        ValueError: They are no JSON.
    """
    try:
        return json.loads(content)
    except UnicodeDecodeError:
        charset = _CHARSET.search(content_type)
        if charset is None:
            raise
        try:
            return json.loads(content.decode(charset[1]))
        except LookupError as error:
            raise ValueError(f"the charset {charset[1]!r} is not known") from error


def read_text(content: bytes, content_type: str = "") -> str:
    """Text from its bytes; what is no character of its charset becomes a replacement character.

    Args:
        content: The bytes.
        content_type: What they are said to be.
    """
    charset = _CHARSET.search(content_type)
    name = "utf-8-sig" if charset is None or charset[1].lower() in ("utf-8", "utf8") else charset[1]
    try:
        return content.decode(name, "replace")
    except LookupError:
        return content.decode("utf-8-sig", "replace")


def answered_error(response: Any, method: str) -> RequestError:
    """The error of an answer that is no success.

    Args:
        response: A response of the HTTP library, read to its end.
        method: The method of the call.
    """
    kind = response.headers.get("content-type", "")
    content: bytes = response.content
    text = read_text(content, kind)
    try:
        body: Any = read_json(content, kind) if content else UNSET
    except ValueError:
        body = UNSET
    detail = body if body is not UNSET else text or None
    if isinstance(body, dict):
        members = cast("dict[str, Any]", body)
        problem = read_problem(kind, members)
        if "detail" in members:
            detail = members["detail"]
        elif problem is not None and problem.title is not None:
            detail = problem.title
    return _error(response, method, detail, text=text, json=body)


def _error(
    response: Any, method: str, detail: Any, *, text: str, json: Any = UNSET, cause: BaseException | None = None
) -> RequestError:
    return RequestError(
        method=method,
        url=str(response.url),
        status=int(response.status_code),
        reason=response.reason_phrase,
        detail=detail,
        headers=response.headers,
        json=json,
        text=text,
        response=response,
        cause=cause,
    )
