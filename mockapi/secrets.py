"""What no message may show."""

from __future__ import annotations

import json
import re
from typing import Any, TypeVar
from urllib.parse import unquote

TextT = TypeVar("TextT", str, bytes)

MASK = "***"

# a cursor is no secret, and a number of tokens ("max_tokens") is none either
_NO_CURSOR = "".join(f"(?<!{word})(?<!{word}[-_])" for word in ("page", "next", "continuation", "sync", "cursor"))
_SECRET = re.compile(
    r"authorization|cookie|passw|secret|credential|signature|session|sessid|(?<![a-z])sid$|jwt|(api|private|access)[-_]?key"
    rf"|(access|refresh|auth|bearer|csrf|id)[-_]?token|{_NO_CURSOR}token$",
    re.IGNORECASE,
)
_USERINFO = re.compile(r"(://)[^/@]*@")
_IN_URL = re.compile(r"([?&])([^=&#]+)=([^&#]*)")
# names and values as they stand in broken JSON, in XML, in a part of a form, in a form or a cookie, and in a header
_IN_TEXT = tuple(
    re.compile(f"(?P<before>{before})(?P<value>{value})", re.IGNORECASE | re.MULTILINE | re.DOTALL)
    for before, value in (
        (r'"(?P<name>[^"\\]{1,80})"\s*:\s*', r'"(?:[^"\\]|\\.)*"?|[^\s,}\]]+'),
        (r"<(?P<name>[\w.:-]{1,80})[^<>]*>", r"[^<]+"),
        (r'\bname="(?P<name>[^"]{1,80})"[^\r\n]*(?:\r?\n[^\r\n]+)*\r?\n\r?\n', r".*?(?=\r?\n--)|.*"),
        (r"(?<![^\s?&;,])(?P<name>[\w.%\[\]-]{1,80})=", r"[^&\s;]+"),
        (r"^(?P<name>[\w-]{1,80}):[ \t]*", r"[^\r\n]+"),
    )
)
_BEARER = re.compile(r"\b(Bearer\s+)[\w.~+/=-]{8,}", re.IGNORECASE)


def masked(value: Any, name: str = "") -> Any:
    """*value* with everything that looks like a secret by its name replaced.

    Args:
        value: Any data.
        name: The name under which it stands.
    """
    if name and value is not None and is_secret(name):
        return MASK
    if isinstance(value, dict):
        return {key: masked(item, str(key)) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [masked(item) for item in value]
    if isinstance(value, str):
        return masked_text(value)
    return masked_text(value) if isinstance(value, bytes) else value


def is_secret(name: str) -> bool:
    """Whether what stands under this name is not for everybody's eyes.

    Args:
        name: The name of a header, parameter or key.
    """
    return _SECRET.search(name) is not None


def masked_url(url: str) -> str:
    """*url* without its user, and without the values of parameters that look like secrets.

    Args:
        url: A URL.
    """

    def mask(match: re.Match[str]) -> str:
        return f"{match[1]}{match[2]}={MASK if is_secret(match[2]) else match[3]}"

    return _IN_URL.sub(mask, _USERINFO.sub(rf"\1{MASK}@", url))


def masked_text(text: TextT) -> TextT:
    """*text* without the values that stand beside names of secrets, as in JSON, forms, XML and headers.

    Args:
        text: Any text, or bytes.
    """
    if isinstance(text, bytes):
        return masked_text(text.decode("latin-1")).encode("latin-1")
    if text[:1] in ("{", "["):
        try:
            data = json.loads(text)
        except ValueError:
            pass
        else:
            hidden = masked(data)
            return text if hidden == data else json.dumps(hidden, ensure_ascii=False)
    for pattern in _IN_TEXT:
        text = pattern.sub(_mask, text)
    return _BEARER.sub(rf"\1{MASK}", text)


def _mask(match: re.Match[str]) -> str:
    return f"{match['before']}{MASK}" if is_secret(unquote(match["name"])) else match[0]
