"""What no message may show of a URL."""

from __future__ import annotations

import re

MASK = "***"

# a cursor is no secret, and a number of tokens ("max_tokens") is none either
_NO_CURSOR = "".join(f"(?<!{word})(?<!{word}[-_])" for word in ("page", "next", "continuation", "sync", "cursor"))
_SECRET = re.compile(
    r"authorization|passw|secret|credential|signature|session|(?<![a-z])(sid|sig|key)$|jwt|(api|private|access)[-_]?key"
    rf"|(access|refresh|auth|bearer|csrf|id)[-_]?token|{_NO_CURSOR}token$",
    re.IGNORECASE,
)
_USERINFO = re.compile(r"(://)[^/?#@]*@")
_IN_URL = re.compile(r"([?&])([^=&#]+)=([^&#]*)")


def masked_url(url: str) -> str:
    """*url* without its user, and without the values of parameters that look like secrets.

    Args:
        url: A URL.
    """

    def mask(match: re.Match[str]) -> str:
        return f"{match[1]}{match[2]}={MASK if _SECRET.search(match[2]) else match[3]}"

    return _IN_URL.sub(mask, _USERINFO.sub(rf"\1{MASK}@", url))
