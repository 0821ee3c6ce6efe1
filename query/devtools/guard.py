"""Who may see the page: who knows the token, from this machine, and from no page of somebody else."""

from __future__ import annotations

import hmac
from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

LOCAL_HOSTS: Final = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})
TOKEN_HEADER: Final = "x-devtools-token"


class Guard:
    """Says why a request is refused.

    Args:
        token: What a request must know.
        hosts: Names under which the page may be asked for beside those of this machine. Any other is that of a page
            that had its name point to this machine.
    """

    def __init__(self, token: str, hosts: Collection[str]) -> None:
        self._token = token.encode()
        self._hosts = LOCAL_HOSTS | {host.lower() for host in hosts}

    def refusal(self, request: HTTPConnection) -> str:
        """Why a request is refused; empty if it is not.

        Args:
            request: The request.
        """
        headers = request.headers
        host = headers.get("host", "")
        name = _name_of(host)
        if name not in self._hosts:
            return f"The devtools do not answer for the host {name!r}. Name it: devtools(client, hosts=[{name!r}])."
        origin = headers.get("origin")
        if origin is not None and _netloc_of(origin) != host.lower():
            return "The devtools do not answer pages of another origin."
        is_navigation = headers.get("sec-fetch-mode", "navigate") == "navigate"
        if not is_navigation and headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return "The devtools do not answer pages of another site."
        # a header that no form of another page can send; what changes something must come with it
        given = headers.get(TOKEN_HEADER)
        if given is None and request.scope.get("method") in ("GET", "HEAD"):
            given = request.query_params.get("token")
        # in the same time, however much of it is right
        if given is None or not hmac.compare_digest(given.encode("utf-8", "replace"), self._token):
            return "The devtools need their token: open the URL that they printed."
        return ""


def _netloc_of(origin: str) -> str:
    """The host and port in an ``Origin`` header; empty if it is none, such as ``"null"``."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def _name_of(host: str) -> str:
    """The name in a ``Host`` header, without the port."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""
