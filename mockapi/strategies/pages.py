"""Pages that lead to one another by the ``Link`` header (RFC 8288), as servers write it."""

from __future__ import annotations

from typing import Any, Final

from hypothesis import strategies as st

from query.base.types import UNSET

from ..answers import Answer
from .payloads import json_payloads

URL: Final = "https://api.test/items/"


def link_headers(
    url: str = URL,
    *,
    next: st.SearchStrategy[str | None] | str | None = UNSET,  # type: ignore[assignment]
    previous: st.SearchStrategy[str | None] | str | None = UNSET,  # type: ignore[assignment]
) -> st.SearchStrategy[dict[str, str]]:
    """Headers of answers with a ``Link`` to the next and the previous page, as ``responses(headers=)`` takes them.

    A page that is not there is left out, or is there with ``results="false"``; the cursor is a parameter of the link,
    or only in the query of its URL; the previous page is called "previous" or "prev"; quotes and spaces come and go.

    Args:
        url: The URL of the pages, without a cursor. The links are whole URLs, or begin with its path.
        next: The cursor of the next page, or a strategy for it; None for no such page. Drawn if not given.
        previous: The same for the previous page.

    Returns:
        Headers: ``{"link": '<https://api.test/items/?cursor=2>; rel="next"; results="true"; cursor="2"'}``, or none at
        all.
    """
    return _headers(url, _cursor(next), _cursor(previous))


@st.composite
def _headers(
    draw: st.DrawFn, url: str, next: st.SearchStrategy[str | None], previous: st.SearchStrategy[str | None]
) -> dict[str, str]:
    links = [draw(_link(url, name, draw(cursor))) for name, cursor in (("previous", previous), ("next", next))]
    text = draw(st.sampled_from([", ", ","])).join(filter(None, links))
    return {"link": text} if text else {}


def pages(n: int, items: st.SearchStrategy[Any] | None = None, *, url: str = URL) -> st.SearchStrategy[list[Answer]]:
    """All pages of a list, one after another, as a program that follows ``next`` asks for them.

    ``mock_api_client.add_sequence("/items/", *drawn)`` answers with them. They shrink to one page without items.

    Args:
        n: How many pages at the most.
        items: A strategy for one item; any JSON if not given.
        url: The URL to which the links lead, with ``?cursor=``.

    Raises:
        ValueError: *n* is below 1.
    """
    if n < 1:
        raise ValueError(f"n={n} is no number of pages; expected at least 1.")
    one = st.lists(json_payloads() if items is None else items, max_size=3)
    return _chained(st.lists(one, min_size=1, max_size=n), url)


@st.composite
def _chained(draw: st.DrawFn, lists: st.SearchStrategy[list[list[Any]]], url: str) -> list[Answer]:
    bodies = draw(lists)
    answers: list[Answer] = []
    for number, body in enumerate(bodies):
        previous = str(number - 1) if number else None
        following = str(number + 1) if number + 1 < len(bodies) else None
        answers.append(Answer(body, headers=draw(link_headers(url, next=following, previous=previous))))
    return answers


def _cursor(given: Any) -> st.SearchStrategy[str | None]:
    if isinstance(given, st.SearchStrategy):
        return given
    if given is UNSET:
        return st.none() | st.builds("0:{}:0".format, st.integers(0, 1000))
    return st.just(given)


@st.composite
def _link(draw: st.DrawFn, url: str, relation: str, cursor: str | None) -> str | None:
    if cursor is None and not draw(st.booleans()):
        return None
    base = draw(st.sampled_from([url, "/" + url.split("/", 3)[3]] if url.count("/") >= 3 and "://" in url else [url]))
    target = f"<{base}{'&' if '?' in base else '?'}cursor={cursor or '0:0:1'}>"
    name = draw(st.sampled_from(["previous", "prev"])) if relation == "previous" else relation
    says_results = cursor is None or draw(st.booleans())
    params = [f'rel="{name}"' if says_results or draw(st.booleans()) else f"rel={name}"]
    if says_results:
        params.append(f'results="{"false" if cursor is None else "true"}"')
    if draw(st.booleans()):
        params.append(f'cursor="{cursor or "0:0:1"}"')
    return draw(st.sampled_from(["; ", ";"])).join([target, *params])
