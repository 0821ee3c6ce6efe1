"""The table of a backend's endpoints, by URL: what a generated module holds as ``api``."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeVar, cast

from typing_extensions import TypeForm

from ..base.errors import OptionError, QueryError
from .bodies import Parse
from .endpoint_base import Answer, AnyEndpoint
from .endpoints import Endpoint, FlatEndpoint
from .url import path_params
from .validation import NamedType

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
        answers: What each method of a URL answers, as a type expression: ``{"/projects/": {"GET": "list[Project]"}}``.
            ``"GET:text"`` and ``"GET:bytes"`` say that it is no JSON. None stands for methods that are not known: then
            none is refused.
        types: The module whose names the expressions use. It is loaded when an answer is checked, and not before.
        companion: A TypedDict of endpoints whose keys are URLs, for routes that no document has. It comes on top.

    Raises:
        OptionError: *companion* is no TypedDict.
        UnknownApiUrlError: From ``[]``, for a URL that is not in the table.
    """

    def __init__(
        self,
        answers: Mapping[str, Mapping[str, str] | None],
        *,
        types: str | None = None,
        companion: type[Any] | None = None,
    ) -> None:
        self._answers: dict[str, tuple[Mapping[str, str] | None, str | None]] = {
            url: (of, types) for url, of in {**answers, **dict.fromkeys(_urls_of(companion))}.items()
        }
        self._made: dict[str, AnyEndpoint] = {}

    def __getitem__(self, url: str) -> Any:
        made = self._made.get(url)
        if made is None:
            if url not in self._answers:
                raise UnknownApiUrlError(url, self._answers)
            kind: Any = Endpoint if path_params(url) else FlatEndpoint
            made = self._made[url] = cast("AnyEndpoint", kind(url, _answers(*self._answers[url])))
        return made

    def __contains__(self, url: object) -> bool:
        return url in self._answers

    def __iter__(self) -> Iterator[str]:
        return iter(self._answers)

    def __len__(self) -> int:
        return len(self._answers)

    def __or__(self, other: object) -> EndpointTable:
        if not isinstance(other, EndpointTable):
            return NotImplemented
        joined = EndpointTable({})
        joined._answers = self._answers | other._answers
        return joined

    def __repr__(self) -> str:
        return f"<EndpointTable of {len(self)} URLs>"


def _answers(of: Mapping[str, str] | None, types: str | None) -> dict[str, Answer] | None:
    if of is None:
        return None
    answers: dict[str, Answer] = {}
    for name, expression in of.items():
        method, _, parse = name.partition(":")
        answers[method] = Answer(
            Any if types is None else NamedType(types, expression), cast("Parse", parse) if parse else None
        )
    return answers


def _urls_of(companion: object) -> list[str]:
    if companion is None:
        return []
    if not isinstance(getattr(companion, "__required_keys__", None), frozenset):
        raise OptionError(
            f"companion={companion!r} is no TypedDict; expected one whose keys are URLs and values endpoints: "
            'TypedDict("Manual", {"/health/": FlatEndpoint[NoQuery, Health]}).',
            option="companion",
        )
    return list(getattr(companion, "__annotations__", {}))


class TableApiOptions:
    """``api_options`` for a table's URLs: ``api_options.as_(Project)("/projects/$slug/", path=..., stale_time=30)``.

    Args:
        table: The table.
    """

    def __init__(self, table: EndpointTable) -> None:
        self._table = table

    def as_(self, type_: TypeForm[T], /) -> Any:
        """Say what the endpoint answers; it is believed, unless it is to be checked.

        Args:
            type_: The type of its JSON.

        Returns:
            A function of the URL, and of what its endpoint takes.
        """

        def make(url: str, **given: Any) -> Any:
            return self._table[url].as_(type_)(**given)

        return make

    def as_infinite(self, type_: TypeForm[T], /) -> Any:
        """Say what the pages of the endpoint are; it is believed, unless it is to be checked.

        Args:
            type_: The type of the JSON of one page.

        Returns:
            A function of the URL, and of what ``infinite`` of its endpoint takes.
        """

        def make(url: str, **given: Any) -> Any:
            return self._table[url].as_(type_).infinite(**given)

        return make
