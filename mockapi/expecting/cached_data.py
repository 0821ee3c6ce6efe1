"""Cached data as people write it: the JSON of API responses, and infinite data as its pages."""

from __future__ import annotations

import sys
from typing import Any

from query import InfiniteData

from ..agreement import agrees
from ..differences import difference
from ..matchers import Mismatch


def plain(data: Any) -> Any:
    """The JSON of an API response, the pages of infinite data, both, or the data itself.

    Args:
        data: What a cache holds, or what is expected of it.
    """
    if isinstance(data, InfiniteData):
        return [plain(page) for page in data.pages]
    return data.json if _is_response(data) else data


def data_agrees(expected: Any, data: Any) -> bool:
    """Whether data is what was expected, written in full or in short.

    Args:
        expected: Data; or the JSON of the response that the cache holds; or the pages of infinite data, or their JSON.
        data: What the cache holds.
    """
    if isinstance(expected, InfiniteData) and isinstance(data, InfiniteData):
        return agrees(plain(expected), plain(data)) and agrees(expected.page_params, data.page_params)
    if isinstance(expected, (dict, list, tuple)) or _is_response(expected) or isinstance(data, InfiniteData):
        return agrees(plain(expected), plain(data))
    # a value with an == of its own may look at the whole of it, or at the JSON
    return agrees(expected, plain(data)) or (plain(data) is not data and agrees(expected, data))


def data_difference(expected: Any, data: Any) -> list[str]:
    """What differs, one row for each place, without secrets and cut where it is long.

    Args:
        expected: As for ``data_agrees``.
        data: What the cache holds.
    """
    if isinstance(expected, InfiniteData) and isinstance(data, InfiniteData):
        both = [{"pages": plain(one), "page_params": one.page_params} for one in (expected, data)]
        return difference(Mismatch("data", "the pages differ", both[0], both[1]))
    return difference(Mismatch("data", "the data differs", plain(expected), plain(data)))


def _is_response(data: Any) -> bool:
    # who has no responses need not load the module that makes them
    module = sys.modules.get("query.api.fetch")
    return module is not None and isinstance(data, module.ApiResponse)
