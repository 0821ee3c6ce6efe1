"""The table of a backend's endpoints, by URL: what a generated module holds as ``api``."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeVar, cast

from typing_extensions import TypeForm

from ..base.errors import OptionError, QueryError
from .endpoints import AnyEndpoint, Endpoint, FlatEndpoint
from .url import path_params

T = TypeVar("T")

MAX_NEAREST: Final = 3
"""Known URLs that the message of an unknown one shows."""


class UnknownApiUrlError(QueryError, KeyError):
    """A URL that is not in the table.

    Attributes:
        url: What was asked for.
        nearest: The known URLs that are most like it, the best first; empty if none is alike.
    """

    def __init__(self, url: object, known: Mapping[str, Any]) -> None:
        self.url = url
        self.nearest: tuple[str, ...] = ()
        if isinstance(url, str):
            self.nearest = tuple(difflib.get_close_matches(url, known, MAX_NEAREST))
        near = f" Nearest: {', '.join(map(repr, self.nearest))}." if self.nearest else ""
        super().__init__(
            f"{url!r} is not one of the {len(known)} URLs of this API.{near} A URL is written as its pattern, with "
            "$name for parameters. Generate the table anew if the backend has it by now, or use a companion table."
        )

    def __str__(self) -> str:
        # a KeyError would show the repr of its message
        return str(self.args[0])


class EndpointTable(Mapping[str, Any]):
    """Endpoints by the patterns of their URLs: ``api["/projects/$slug/"]``.

    Each endpoint is made when it is first asked for, so a table of a thousand URLs costs nothing to import. Tables are
    joined with ``|``; of two endpoints for one URL, the right one is taken.

    Args:
        methods: The methods of each URL: ``{"/projects/": "GET POST"}``. An empty text stands for methods that are not
            known: then none is refused.
        companion: A TypedDict of endpoints whose keys are URLs, for routes that no document has. It comes on top.

    Raises:
        OptionError: *companion* is no TypedDict.
        UnknownApiUrlError: From ``[]``, for a URL that is not in the table.
    """

    def __init__(self, methods: Mapping[str, str], companion: type[Any] | None = None) -> None:
        self._methods: dict[str, str] = {**methods, **_urls_of(companion)}
        self._made: dict[str, AnyEndpoint] = {}

    def __getitem__(self, url: str) -> Any:
        made = self._made.get(url)
        if made is None:
            if url not in self._methods:
                raise UnknownApiUrlError(url, self._methods)
            kind: Any = Endpoint if path_params(url) else FlatEndpoint
            made = self._made[url] = cast("AnyEndpoint", kind(url, self._methods[url].split() or None))
        return made

    def __contains__(self, url: object) -> bool:
        return url in self._methods

    def __iter__(self) -> Iterator[str]:
        return iter(self._methods)

    def __len__(self) -> int:
        return len(self._methods)

    def __or__(self, other: object) -> EndpointTable:
        if not isinstance(other, EndpointTable):
            return NotImplemented
        return EndpointTable(self._methods | other._methods)

    def __repr__(self) -> str:
        return f"<EndpointTable of {len(self)} URLs>"


def _urls_of(companion: object) -> dict[str, str]:
    if companion is None:
        return {}
    names: object = getattr(companion, "__required_keys__", None)
    if not isinstance(names, frozenset):
        raise OptionError(
            f"companion={companion!r} is no TypedDict; expected one whose keys are URLs and values endpoints: "
            'TypedDict("Manual", {"/health/": FlatEndpoint[NoQuery, Health]}).',
            option="companion",
        )
    # __required_keys__ has no order
    return dict.fromkeys(getattr(companion, "__annotations__", {}), "")


class TableApiOptions:
    """``api_options`` for a table's URLs: ``api_options.as_(Project)("/projects/$slug/", path=..., stale_time=30)``.

    Args:
        table: The table.
    """

    def __init__(self, table: EndpointTable) -> None:
        self._table = table

    def as_(self, type_: TypeForm[T], /) -> Any:
        """Say what the endpoint answers; it is believed, not checked.

        Args:
            type_: The type of its JSON.

        Returns:
            A function of the URL, and of what its endpoint takes.
        """

        def make(url: str, **given: Any) -> Any:
            return self._table[url].as_(type_)(**given)

        return make
