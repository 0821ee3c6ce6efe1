"""What no message may show."""

from __future__ import annotations

import re
from typing import Any

MASK = "***"

_SECRET = re.compile(r"authorization|cookie|passw|secret|token|api[-_]?key|credential|session|signature", re.IGNORECASE)
_USERINFO = re.compile(r"(://)[^/@]*@")
_IN_URL = re.compile(r"([?&])([^=&#]+)=([^&#]*)")


def masked(value: Any, name: str = "") -> Any:
    """*value* with everything that looks like a secret by its name replaced.

    Args:
        value: Any data.
        name: The name under which it stands.
    """
    if name and _SECRET.search(name) and value is not None:
        return MASK
    if isinstance(value, dict):
        return {key: masked(item, str(key)) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [masked(item) for item in value]
    return value


def masked_url(url: str) -> str:
    """*url* without its user, and without the values of parameters that look like secrets.

    Args:
        url: A URL.
    """

    def mask(match: re.Match[str]) -> str:
        return f"{match[1]}{match[2]}={MASK if _SECRET.search(match[2]) else match[3]}"

    return _IN_URL.sub(mask, _USERINFO.sub(rf"\1{MASK}@", url))
