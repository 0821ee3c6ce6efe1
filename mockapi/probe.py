"""A request that nobody sends, to ask which mock would answer it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from query.base.types import UNSET

from .requests import RequestView


def probe(
    method: str,
    url: str,
    base_url: str | None,
    *,
    headers: Mapping[str, str] | None = None,
    json: Any = UNSET,
    data: Mapping[str, Any] | None = None,
    content: bytes | str | None = None,
) -> RequestView:
    """A request with its parts.

    Args:
        method: The method.
        url: A whole URL, or a path.
        base_url: Where paths belong; any host will do by default.
        headers: Its headers.
        json: Its body as JSON.
        data: Its body as a form.
        content: Its body.

    Raises:
        ValueError: Neither a path nor a whole URL.
    """
    if "://" not in url:
        if not url.startswith("/"):
            raise ValueError(f"url={url!r} is neither a path nor a whole URL. Write '/{url}', or 'https://host/{url}'.")
        url = f"{(base_url or 'http://any.host').rstrip('/')}{url}"
    body: dict[str, Any] = {} if json is UNSET else {"json": json}
    return RequestView(httpx.Request(method, url, headers=headers, data=data, content=content, **body), "httpx")
