"""What no message may show."""

from __future__ import annotations

import re
from typing import Any

MASK = "***"

# a cursor is no secret, and a number of tokens ("max_tokens") is none either
_NO_CURSOR = "".join(f"(?<!{word})(?<!{word}[-_])" for word in ("page", "next", "continuation", "sync", "cursor"))
_SECRET = re.compile(
    r"authorization|cookie|passw|secret|credential|signature|session|(api|private|access)[-_]?key"
    rf"|(access|refresh|auth|bearer|csrf|id)[-_]?token|{_NO_CURSOR}token$",
    re.IGNORECASE,
)
_USERINFO = re.compile(r"(://)[^/@]*@")
_IN_URL = re.compile(r"([?&])([^=&#]+)=([^&#]*)")


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
    return value


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
