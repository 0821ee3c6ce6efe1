"""Where a call leads, and which servers may know who calls.

Three rules. A path is put behind the base URL, prefix and all: ``https://api.test/api/0/`` and ``/projects/`` give
``https://api.test/api/0/projects/``, with or without the slash at the end of the base. ``host=`` stands for the whole
base URL. A whole URL is left as it is.

Login and headers belong to the origin of the base URL: scheme, host and port. Another origin gets none of them unless
it is trusted, for URLs also come out of answers (links, pages, files), and whoever can write one into an answer could
else collect the password.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final, TypeAlias, cast
from urllib.parse import urlsplit

from ..base.errors import OptionError
from .http_library import load
from .request import ApiRequest, check_api_url, is_whole_url

DEFAULT_BASE_URL: Final = "http://localhost"
"""Where paths lead if no ``base_url`` is set: good for tests, in which a mock answers on any host."""

Origin: TypeAlias = tuple[str, str, int | None]
"""Scheme, host and port."""

_PORTS = {"http": 80, "https": 443}
_TRUSTED = re.compile(
    r"(?:(?P<scheme>https?)://)?(?P<host>(?:\*\.)?[^/@?#:*\s]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>\d+))?/?"
)


def check_base_url(base_url: object, option: str = "base_url") -> str:
    """A base URL without the slash at its end.

    Args:
        base_url: What was given.
        option: As what, for the message.

    Raises:
        OptionError: It has no scheme, or a query or fragment, behind which no path can be put.
    """
    if not isinstance(base_url, str) or not is_whole_url(base_url):
        raise OptionError(
            f'{option}={base_url!r} has no scheme; expected a whole URL such as "https://api.example.com".',
            option=option,
        )
    if "?" in base_url or "#" in base_url:
        raise OptionError(
            f"{option}={base_url!r} has a query or a fragment, behind which no path can be put. Leave it out; "
            "parameters belong to the calls.",
            option=option,
        )
    return base_url.rstrip("/")


def joined_url(request: ApiRequest, base_url: str) -> str:
    """The whole URL of a call.

    Args:
        request: The call.
        base_url: Where its path leads.

    Raises:
        OptionError: Its URL is neither a path from the root nor a whole one, or its *host* has no scheme.
    """
    check_api_url(request.url)
    if is_whole_url(request.url):
        return request.url
    base = base_url.rstrip("/") if request.host is None else check_base_url(request.host, "host")
    # as text: to a URL parser, "//other.test/" would be another host
    return base + request.url


def host_of(request: ApiRequest) -> str:
    """The server of a call: its host with port; empty for that of the base URL.

    Args:
        request: The call.
    """
    url = request.url if is_whole_url(request.url) else request.host or ""
    return urlsplit(url).netloc.rpartition("@")[2].lower()


def origin_of(url: Any) -> Origin:
    """The origin of a URL of the HTTP library: what is compared is what is connected to.

    Args:
        url: An ``httpx.URL`` or ``httpx2.URL``.
    """
    return url.scheme, url.host, url.port or _PORTS.get(url.scheme)


class TrustedHosts:
    """The servers beside the base URL's own that may know who calls.

    Args:
        trusted_hosts: Hosts such as "eu.api.test", "api.test:8443" or "*.api.test", which stand for HTTPS; or with
            another scheme, such as "http://localhost:8000".

    Raises:
        OptionError: What is no host.
    """

    def __init__(self, trusted_hosts: Collection[str]) -> None:
        if isinstance(trusted_hosts, str) or not isinstance(trusted_hosts, Iterable):
            raise OptionError(
                f"trusted_hosts={trusted_hosts!r} is no list of hosts; expected such as ['eu.api.test'].",
                option="trusted_hosts",
            )
        self._origins: list[tuple[bool, Origin]] = []
        for host in cast("Collection[object]", trusted_hosts):
            found = _TRUSTED.fullmatch(host) if isinstance(host, str) else None
            if found is None:
                raise OptionError(
                    f"trusted_hosts= has {host!r}, which is no host; expected such as 'eu.api.test', 'api.test:8443', "
                    "'*.api.test' or 'http://localhost:8000'.",
                    option="trusted_hosts",
                )
            scheme, name = found["scheme"] or "https", found["host"].lower().strip("[]")
            port = int(found["port"]) if found["port"] else _PORTS[scheme]
            self._origins.append((name.startswith("*."), (scheme, name.removeprefix("*"), port)))

    def __contains__(self, origin: Origin) -> bool:
        scheme, host, port = origin
        return any(
            (scheme, port) == (known[0], known[2]) and (host.endswith(known[1]) if below else host == known[1])
            for below, known in self._origins
        )


class Trust:
    """Which servers may know who calls; also the hook of the clients that an ``ApiClient`` makes, for redirects.

    Args:
        library: The HTTP library.
        base_url: The base URL, whose origin is trusted.
        hosts: The hosts that are trusted, too.
        headers: The headers that tell who calls, by name in lower case.
    """

    def __init__(self, library: str, base_url: str, hosts: TrustedHosts, headers: Mapping[str, str]) -> None:
        self._library = library
        self._base_url = base_url
        self._hosts = hosts
        self._headers = headers

    def covers(self, url: Any) -> bool:
        """Whether the server of this URL is one of them.

        Args:
            url: A URL of the HTTP library, or its text.
        """
        make = load(self._library).URL
        scheme, host, port = origin_of(make(url) if isinstance(url, str) else url)
        own = origin_of(make(self._base_url))
        # a base URL without encryption is often answered by the way to the same server with it
        upgraded = (scheme, host, port) == ("https", own[1], 443) and own[2] == 80
        return (scheme, host, port) == own or upgraded or (scheme, host, port) in self._hosts

    def __call__(self, request: Any) -> None:
        """Take out of a request what its server may not know.

        Args:
            request: A request of the HTTP library.
        """
        # httpx takes the login out of a redirect that leads to another origin, and leaves a header such as X-Api-Key
        told = [name for name, value in self._headers.items() if request.headers.get(name) == value]
        if told and not self.covers(request.url):
            for name in told:
                del request.headers[name]
