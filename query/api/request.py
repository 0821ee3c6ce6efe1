"""One call of an API, as data, and as the key of the query that makes it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, TypeAlias, TypeVar, cast

import msgspec

from ..base.errors import OptionError, QueryKeyError
from ..base.query_key import AnyQueryKey, QueryKey, as_query_key
from ..base.types import UNSET
from .bodies import Parse, check_parse
from .uploads import Content, Files, check_body

T = TypeVar("T")

QueryScalar: TypeAlias = str | int | float | bool | None
QueryParams: TypeAlias = Mapping[str, QueryScalar | Sequence[QueryScalar]]
"""Query parameters; None leaves one out, a list repeats it."""
Method: TypeAlias = Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]


_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


class ApiRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A call of an API.

    Attributes:
        url: The path or whole URL, parameters filled in.
        method: The method.
        query: Query parameters.
        data: The body, sent as JSON; None for none.
        headers: Headers beside the client's own.
        host: Scheme and host instead of the client's ``base_url``, such as "https://eu.api.test".
        form: The fields of a form, instead of *data*; a list sends a field several times.
        files: Files of a form by the name of their field: each a ``Path``, bytes, text or an open file, or a tuple of
            its name, one of those, and its content type; a list for several.
        content: A raw body, instead of the others: a ``Path``, bytes, text, an open file, or pieces of bytes.
        parse: How to read the answer: "json" by default, "text", "bytes", or "auto" for what its content type says.
    """

    url: str
    method: str = "GET"
    query: Mapping[str, Any] | None = None
    data: Any = None
    headers: Mapping[str, str] | None = None
    host: str | None = None
    form: Mapping[str, Any] | None = None
    files: Files | None = None
    content: Content | None = None
    parse: Parse | None = None

    def __post_init__(self) -> None:
        check_body(self)
        check_parse(self.parse)


INFINITE: Final = "infinite"
"""The mark of an infinite query among the options in its key; its value is True."""

_UPLOADED = ("form", "files", "content")
_NAMES = frozenset(ApiRequest.__struct_fields__) - {"url", *_UPLOADED}


def check_api_url(url: object) -> None:
    """Refuse what is neither a path from the root nor a whole URL.

    Args:
        url: Anything.

    Raises:
        OptionError: It is neither.
    """
    if not isinstance(url, str) or not (url.startswith("/") or is_whole_url(url)):
        raise OptionError(
            f"url={url!r} is no URL of an API; expected a path such as '/projects/$slug/', or a whole URL.",
            option="url",
        )


def is_whole_url(url: str) -> bool:
    """Whether *url* begins with a scheme and host; ``/login?next=https://...`` does not.

    Args:
        url: A URL.
    """
    return _SCHEME.match(url) is not None


def sent_query(request: ApiRequest) -> dict[str, Any]:
    """The query parameters that are sent: without those that are None, and without empty lists.

    Args:
        request: The call.
    """
    sent: dict[str, Any] = {}
    for name, value in (request.query or {}).items():
        if isinstance(value, (list, tuple)):
            items = [item for item in cast("Sequence[Any]", value) if item is not None]
            if items:
                sent[name] = items
        elif value is not None:
            sent[name] = value
    return sent


def api_query_key(request: ApiRequest, *, infinite: bool = False) -> QueryKey[Any]:
    """The key of the query that makes this call: ``("/projects/", {"query": {"page": 2}})``.

    What is not given is left out, so that a call without options has a key of one part. That of an infinite query
    has a mark, for what it caches differs: ``("/projects/", {"infinite": True})``. Both begin with the URL, so
    invalidating ``("/projects/",)`` reaches both.

    Args:
        request: The call.
        infinite: Make the key of the infinite query, whose first page this call is.

    Raises:
        QueryKeyError: Data or parameters without a stable text.
        OptionError: It uploads something, which is no part of a key.
    """
    for name in _UPLOADED:
        if getattr(request, name) is not None:
            raise OptionError(
                f"a query cannot send {name}=, which cannot be part of its key. Upload with fetch_mutation, or read "
                "with data=.",
                option=name,
            )
    query = sent_query(request)
    options: dict[str, Any] = {INFINITE: True} if infinite else {}
    if request.method.upper() != "GET":
        options["method"] = request.method.upper()
    if query:
        options["query"] = query
    if request.data is not None:
        options["data"] = request.data
    if request.headers:
        options["headers"] = dict(request.headers)
    if request.host is not None:
        options["host"] = request.host
    if request.parse not in (None, "json"):
        options["parse"] = request.parse
    return QueryKey(request.url, options) if options else QueryKey(request.url)


def parse_api_query_key(query_key: AnyQueryKey, *, infinite: bool | None = None) -> ApiRequest:
    """The call that a key stands for; the first page's, if it is that of an infinite query.

    Args:
        query_key: A key that ``api_query_key`` made.
        infinite: Which keys to take: True for those of infinite queries, False for the others; by default both.

    Raises:
        QueryKeyError: Another key.
    """
    key: QueryKey[Any] = as_query_key(query_key)
    url: object = key.parts[0] if len(key) else None
    given: object = key.parts[1] if len(key) == 2 else {}
    if isinstance(url, str) and len(key) <= 2 and isinstance(given, dict):
        options = dict(cast("dict[str, Any]", given))
        mark = options.pop(INFINITE, UNSET)
        if (mark is True or mark is UNSET) and _NAMES.issuperset(options):
            if infinite is not None and infinite is not (mark is True):
                raise QueryKeyError(_mixed_up(key, infinite=infinite))
            return ApiRequest(url=url, **options)
    raise QueryKeyError(
        f"{key!r} is no key of an API call. Expected a URL and, if there are any, its options: "
        '("/projects/", {"query": {"page": 2}}).'
    )


def _mixed_up(key: QueryKey[Any], *, infinite: bool) -> str:
    if infinite:
        return (
            f"{key!r} is the key of a plain API call, and an infinite query under it would collide with that. Expected "
            f'the mark {{"{INFINITE}": True}} among its options; api_options.as_infinite() and '
            "api_query_key(request, infinite=True) set it."
        )
    return (
        f"{key!r} is the key of an infinite query, which api_fetch cannot fetch: its data is pages. "
        "Give it api_fetch_infinite, or make its options with api_options.as_infinite()."
    )
