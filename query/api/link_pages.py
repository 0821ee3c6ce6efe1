"""Pages that lead to one another by URL: in the ``Link`` header, or in the body."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast
from urllib.parse import parse_qsl, quote, urljoin, urlsplit

import msgspec
from msgspec import structs

from ..base.errors import OptionError
from .fetch import ApiResponse
from .link_header import Direction, page_link, query_of
from .pages import PageError, PageParam, PageStrategy, Where, check_where, param_of, unless_held
from .request import ApiRequest, is_whole_url


class LinkPages(msgspec.Struct, frozen=True, kw_only=True):
    """See ``link_pages``."""

    hosts: tuple[str, ...] = ()

    @property
    def initial_page_param(self) -> PageParam:
        """None: the first page is the request as it is."""
        return None

    def request(self, first: ApiRequest, page_param: PageParam) -> ApiRequest:
        """See ``PageStrategy``."""
        return request_of(first, page_param, self.hosts)

    def next_page_param(
        self, page: ApiResponse[Any], pages: list[ApiResponse[Any]], page_param: PageParam, page_params: list[PageParam]
    ) -> PageParam:
        """See ``PageStrategy``."""
        return unless_held(self._leads_to(page, "next"), page_params)

    def previous_page_param(
        self, page: ApiResponse[Any], pages: list[ApiResponse[Any]], page_param: PageParam, page_params: list[PageParam]
    ) -> PageParam:
        """See ``PageStrategy``."""
        return unless_held(self._leads_to(page, "previous"), page_params)

    def _leads_to(self, page: ApiResponse[Any], direction: Direction) -> PageParam:
        link = page_link(page.headers.link, direction)
        if link is None:
            return None
        target = link.target
        if cursor := link.get("cursor"):
            query = query_of(target)
            if all(value != cursor for _, value in parse_qsl(query)):
                # said beside the URL alone
                path = target.partition("#")[0].partition("?")[0]
                target = f"{path}?{query}{'&' if query else ''}cursor={quote(cursor, safe='')}"
        return reference_of(target, self.hosts, f"its Link header has {link.target!r} as the {direction} page")


class NextUrlInBody(msgspec.Struct, frozen=True, kw_only=True):
    """See ``next_url_in_body``."""

    next: Where = "next"
    previous: Where = "previous"
    hosts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_where("next", self.next)
        check_where("previous", self.previous)

    @property
    def initial_page_param(self) -> PageParam:
        """None: the first page is the request as it is."""
        return None

    def request(self, first: ApiRequest, page_param: PageParam) -> ApiRequest:
        """See ``PageStrategy``."""
        return request_of(first, page_param, self.hosts)

    def next_page_param(
        self, page: ApiResponse[Any], pages: list[ApiResponse[Any]], page_param: PageParam, page_params: list[PageParam]
    ) -> PageParam:
        """See ``PageStrategy``."""
        return unless_held(self._leads_to(page, self.next, "next"), page_params)

    def previous_page_param(
        self, page: ApiResponse[Any], pages: list[ApiResponse[Any]], page_param: PageParam, page_params: list[PageParam]
    ) -> PageParam:
        """See ``PageStrategy``."""
        return unless_held(self._leads_to(page, self.previous, "previous"), page_params)

    def _leads_to(self, page: ApiResponse[Any], where: Where, direction: Direction) -> PageParam:
        url = param_of(page, where)
        return None if url is None else reference_of(str(url), self.hosts, f"it has {url!r} as the {direction} page")


def link_pages(*, hosts: Sequence[str] = ()) -> PageStrategy:
    """Pages that name their neighbours in the ``Link`` header, as GitHub, GitLab, Sentry and others do.

    A page is asked for with the first request whose query is that of the link: ``"?cursor=0:100:0"`` is its param. Of
    the target nothing else is used, so that no header, link or proxy can lead the client, and the credentials that it
    sends, to another place. ``results="false"`` means that there is no such page, and a parameter ``cursor`` of the
    link is added where the target lacks it.

    A page that leads to one that is there already, or to itself, has no neighbour: a server that repeats itself ends
    the list, and does not fill the memory.

    Args:
        hosts: Where whole targets may lead, such as ``["https://api.example.com"]``, for an API whose pages differ in
            more than the query. Then the whole target is followed; a relative one is taken to be of the first of
            these. The client sends its headers and login along only to hosts that it trusts.

    Raises:
        OptionError: *hosts* that are no scheme and host.
    """
    return LinkPages(hosts=checked_hosts(hosts))


def next_url_in_body(*, next: Where = "next", previous: Where = "previous", hosts: Sequence[str] = ()) -> PageStrategy:
    """Pages that name their neighbours by URL in their JSON, as Django REST framework does.

    The URLs may be whole or relative, and of them the query is used, as ``link_pages`` does; null, "" or nothing at the
    place means that there is no such page.

    Args:
        next: Where the next page's is: a path into the JSON, "links.next" or ("links", "next"), or a function of the
            answer.
        previous: The same for the previous page.
        hosts: Where they may lead if they are to be followed as a whole; see ``link_pages``.

    Raises:
        OptionError: *next* or *previous* that are no place, or *hosts* that are no scheme and host.
    """
    return NextUrlInBody(next=next, previous=previous, hosts=checked_hosts(hosts))


def reference_of(target: str, hosts: Sequence[str], said: str) -> str:
    """The page param of a page at a URL.

    Args:
        target: The URL, whole or relative.
        hosts: Where it may lead if it is to be followed as a whole.
        said: Where it comes from, for the message.

    Raises:
        PageError: It differs in more than its query, and is not to be followed as a whole.
    """
    target = target.partition("#")[0]
    if hosts:
        return target
    query = query_of(target)
    if not query:
        raise PageError(
            f"the neighbour of a page cannot be asked for: {said}, which has no query, and nothing else of a URL is "
            "used by default. Name the hosts to which such URLs may lead: "
            'pages=link_pages(hosts=["https://api.example.com"]).',
            found=target,
        )
    return f"?{query}"


def request_of(first: ApiRequest, page_param: PageParam, hosts: Sequence[str]) -> ApiRequest:
    """The request for a page at a URL.

    Args:
        first: The request for the first page.
        page_param: None, or what ``reference_of`` gave.
        hosts: Where it may lead.

    Raises:
        PageError: It leads elsewhere, or is none.
    """
    if page_param is None:
        return first
    if not isinstance(page_param, str) or not page_param:
        raise PageError(f"{page_param!r} is no page param of pages that lead to one another by URL.", found=page_param)
    if page_param.startswith("?"):
        return structs.replace(first, url=first.url.partition("?")[0] + page_param, query=None)
    if hosts:
        # it is relative to the first request, and that to its host
        base = first.url if is_whole_url(first.url) else (first.host or hosts[0]).rstrip("/") + first.url
        try:
            url = urljoin(base, page_param)
            if _origin(url) in map(_origin, hosts):
                return structs.replace(first, url=url, query=None, host=None)
        except ValueError:
            pass  # no URL at all
    raise PageError(
        f"the page at {page_param!r} is not asked for: that leads to none of the allowed hosts, "
        f"{', '.join(hosts) or 'of which there are none'}. A link must not lead the client elsewhere. Add the host to "
        "hosts= of the page strategy if it belongs to the API.",
        found=page_param,
    )


def checked_hosts(hosts: object) -> tuple[str, ...]:
    """The option ``hosts``, refused if it is no sequence of scheme and host.

    Args:
        hosts: Its value.

    Raises:
        OptionError: It is none.
    """
    listed = tuple(cast("Sequence[object]", hosts)) if isinstance(hosts, (list, tuple)) else ()
    wrong = [host for host in listed if not (isinstance(host, str) and is_whole_url(host) and _is_bare(host))]
    if wrong or not isinstance(hosts, (list, tuple)):
        raise OptionError(
            f'hosts={hosts!r} is no list of scheme and host; expected a list such as ["https://api.example.com"].',
            option="hosts",
        )
    return cast("tuple[str, ...]", listed)


def _is_bare(host: str) -> bool:
    parts = urlsplit(host)
    return bool(parts.netloc) and parts.path in ("", "/") and not parts.query


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme.lower(), parts.netloc.lower()
