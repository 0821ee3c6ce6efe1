"""Changing the JSON that the cache holds for API queries: what optimistic writes do.

For example::

    def show_already(new, context):
        return update_json(context.client, projects, lambda rows: [*rows, new])


    creating = mutation_options(
        api["/projects/"].post(), on_mutate=show_already, on_error=take_back, on_settled=invalidates(projects)
    )
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ..base.errors import OptionError
from ..base.infinite_data import InfiniteData
from ..base.optimistic import Undo, WritableCache, check_change, update_data
from ..base.options import QueryOptions
from ..base.query_key import QueryKey
from .fetch import ApiResponse

T = TypeVar("T")


def update_json(
    client: WritableCache,
    query: QueryOptions[ApiResponse[T], Any] | QueryKey[ApiResponse[T]],
    change: Callable[[T], T],
    /,
) -> Undo:
    """Change the JSON that is cached for an API query, at once; its headers stay.

    A fetch under way is cancelled, for its answer would not know of the change. Where nothing is cached, nothing is
    done.

    Args:
        client: The client, such as ``context.client``.
        query: The options of the query, or its key.
        change: A function from the JSON to new JSON. It must leave the old as it is.

    Returns:
        A function that takes the change back: return it from ``on_mutate``, and let ``on_error`` be ``take_back``.

    Raises:
        OptionError: *change* is no plain function of one argument, or the query is no API query of this kind.
    """
    check_change("update_json", change)

    def changed(response: ApiResponse[T]) -> ApiResponse[T]:
        _expect("update_json", response, ApiResponse, "update_pages")
        return response.with_json(change(response.json))

    return update_data(client, query, changed)


def update_pages(
    client: WritableCache,
    query: QueryOptions[InfiniteData[ApiResponse[T], Any], Any] | QueryKey[InfiniteData[ApiResponse[T], Any]],
    change: Callable[[T], T],
    /,
) -> Undo:
    """The same for every page of an infinite API query.

    Args:
        client: The client, such as ``context.client``.
        query: The options of the query, or its key.
        change: A function from the JSON of a page to new JSON. It must leave the old as it is.

    Returns:
        A function that takes the changes back.

    Raises:
        OptionError: *change* is no plain function of one argument, or the query is no API query of this kind.
    """
    check_change("update_pages", change)

    def changed(data: InfiniteData[ApiResponse[T], Any]) -> InfiniteData[ApiResponse[T], Any]:
        _expect("update_pages", data, InfiniteData, "update_json")
        return InfiniteData([page.with_json(change(page.json)) for page in data.pages], data.page_params)

    return update_data(client, query, changed)


def _expect(name: str, data: object, kind: type, other: str) -> None:
    if not isinstance(data, kind):
        raise OptionError(
            f"{name} was to change a cached {type(data).__name__}; expected the {kind.__name__} of an API query. Use "
            f"{other} for the other kind of API queries, and update_data for other data.",
            option=name,
        )
