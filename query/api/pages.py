"""How an API tells its pages apart: one small protocol, and what its implementations share.

A strategy turns the first request and a page param into the request for that page, and finds the params of the
neighbours in what came. Those here are records in ``link_pages.py``, ``counted_pages.py`` and ``body_pages.py``; any
object with the four members will do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol, TypeAlias, cast
from urllib.parse import parse_qsl

from msgspec import structs

from ..base.errors import OptionError, QueryError
from .fetch import ApiResponse
from .request import ApiRequest, sent_query

PageParam: TypeAlias = str | int | Mapping[str, str | int] | None
"""What a page is asked for with, as JSON knows it; None asks for the first one."""

Where: TypeAlias = str | Sequence[str | int] | Callable[[ApiResponse[Any]], Any]
"""A place in an answer: a path into its JSON, "meta.next" or ("meta", "next"), "" for all of it; or a function."""


class PageStrategy(Protocol):
    """How an API tells its pages apart. Pure: nothing here waits, and equal arguments give equal answers."""

    @property
    def initial_page_param(self) -> PageParam:
        """What to ask for the first page with."""
        ...

    def request(self, first: ApiRequest, page_param: PageParam) -> ApiRequest:
        """The request for a page.

        Args:
            first: The request that the query's key stands for.
            page_param: What to ask for the page with.

        Raises:
            PageError: It cannot be asked for.
        """
        ...

    def next_page_param(
        self,
        page: ApiResponse[Any],
        pages: list[ApiResponse[Any]],
        page_param: PageParam,
        page_params: list[PageParam],
    ) -> PageParam:
        """What to ask for the page after the last one with; None if there is none.

        Args:
            page: The last page.
            pages: All pages.
            page_param: What the last page was asked for with.
            page_params: What all pages were asked for with.

        Raises:
            PageError: The page is none that this strategy can read.
        """
        ...

    def previous_page_param(
        self,
        page: ApiResponse[Any],
        pages: list[ApiResponse[Any]],
        page_param: PageParam,
        page_params: list[PageParam],
    ) -> PageParam:
        """What to ask for the page before the first one with; None if there is none.

        Args:
            page: The first page.
            pages: All pages.
            page_param: What the first page was asked for with.
            page_params: What all pages were asked for with.

        Raises:
            PageError: The page is none that this strategy can read.
        """
        ...


class PageError(QueryError):
    """A page says nothing, or nothing usable, about its neighbours.

    Attributes:
        found: What was found where a page param, a list or a number should be.
    """

    def __init__(self, message: str, *, found: object = None) -> None:
        super().__init__(message)
        self.found = found


def with_query(first: ApiRequest, added: Mapping[str, str | int]) -> ApiRequest:
    """*first* with query parameters more; those of the same name are replaced, also where the URL itself has them.

    Args:
        first: A request.
        added: The parameters.
    """
    url, _, query = first.url.partition("?")
    sent: dict[str, Any] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        sent[name] = [*sent.get(name, ()), value]
    return structs.replace(first, url=url, query={**sent, **sent_query(first), **added})


def unless_held(page_param: PageParam, page_params: list[PageParam]) -> PageParam:
    """*page_param*, or None if a page that is there was asked for with it: a server that leads in a circle ends there.

    Args:
        page_param: What a page says that its neighbour is asked for with.
        page_params: What the pages were asked for with.
    """
    return None if page_param in page_params else page_param


MISSING: Final = object()
"""There is nothing at a place."""


def look_up(page: ApiResponse[Any], where: Where) -> Any:
    """What is at a place of a page; ``MISSING`` if there is nothing.

    Args:
        page: The page.
        where: The place.
    """
    if callable(where):
        return where(page)
    found: Any = page.json
    for step in _steps(where):
        if isinstance(found, Mapping):
            found = cast("Mapping[object, Any]", found).get(step, MISSING)
        elif isinstance(found, (list, tuple)) and isinstance(step, int):
            rows = cast("Sequence[Any]", found)
            found = rows[step] if -len(rows) <= step < len(rows) else MISSING
        else:
            return MISSING
    return found


def rows_of(page: ApiResponse[Any], items: Where) -> Sequence[Any]:
    """The rows of a page.

    Args:
        page: The page.
        items: Where they are.

    Raises:
        PageError: There is no list.
    """
    found = look_up(page, items)
    if isinstance(found, (list, tuple)):
        return cast("Sequence[Any]", found)
    body: Any = page.json
    there = f" The JSON has {', '.join(map(repr, cast('Any', body)))}." if isinstance(body, Mapping) else ""
    raise PageError(
        f"a page has no list of rows {_at(items)}: {_shown(found)}.{there} Say where the rows are with items=, such as "
        'items="results".',
        found=None if found is MISSING else found,
    )


def count_of(page: ApiResponse[Any], where: Where | None) -> int | None:
    """The number at a place of a page; None if there is none, or null, or no place was given.

    Args:
        page: The page.
        where: The place.

    Raises:
        PageError: There is something else.
    """
    found = MISSING if where is None else look_up(page, where)
    if found is MISSING or found is None:
        return None
    # some write their numbers as text
    if isinstance(found, str) and found.isascii() and found.isdigit() and len(found) <= 18:
        return int(found)
    if isinstance(found, int) and not isinstance(found, bool) and found >= 0:
        return found
    raise PageError(f"a page has no number {_at(where)}: {_shown(found)}.", found=found)


def param_of(page: ApiResponse[Any], where: Where | None) -> str | int | None:
    """The cursor or URL at a place of a page; None if there is none, or null, "" or false, or no place was given.

    Args:
        page: The page.
        where: The place.

    Raises:
        PageError: There is something else.
    """
    found = MISSING if where is None else look_up(page, where)
    if found is MISSING or found is None or found is False or found == "":
        return None
    if isinstance(found, (str, int)) and not isinstance(found, bool):
        return found
    raise PageError(f"a page has no text or number {_at(where)}: {_shown(found)}.", found=found)


def check_where(option: str, where: object) -> None:
    """Refuse what is no place.

    Args:
        option: The option's name.
        where: Its value.

    Raises:
        OptionError: It is no path and no function.
    """
    if callable(where) or isinstance(where, str):
        return
    if isinstance(where, (list, tuple)) and all(type(step) in (str, int) for step in cast("Sequence[Any]", where)):
        return
    raise OptionError(
        f'{option}={where!r} is no place in an answer; expected a path into its JSON, "meta.next" or ("meta", "next"), '
        "or a function of the answer.",
        option=option,
    )


def check_name(option: str, name: object) -> None:
    """Refuse what is no name of a query parameter.

    Args:
        option: The option's name.
        name: Its value.

    Raises:
        OptionError: It is no text, or empty.
    """
    if not isinstance(name, str) or not name:
        raise OptionError(
            f'{option}={name!r} is no name of a query parameter; expected one such as "page".', option=option
        )


def check_number(option: str, number: object, *, least: int) -> None:
    """Refuse what is no number, or too small a one.

    Args:
        option: The option's name.
        number: Its value.
        least: The smallest that will do.

    Raises:
        OptionError: It is none.
    """
    if not isinstance(number, int) or isinstance(number, bool) or number < least:
        raise OptionError(f"{option}={number!r} cannot be; expected an int of at least {least}.", option=option)


def _steps(where: str | Sequence[str | int]) -> Sequence[str | int]:
    if isinstance(where, str):
        return [int(step) if step.isascii() and step.isdigit() else step for step in where.split(".")] if where else ()
    return where


def _at(where: Where | None) -> str:
    if callable(where):
        return "where the function looks"
    return "as its JSON" if not where else f"at {where!r}"


def _shown(found: object) -> str:
    if found is MISSING:
        return "there is nothing"
    text = repr(found)
    return f"there is {text if len(text) <= 60 else text[:60] + '...'}"
