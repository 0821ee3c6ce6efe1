"""Records that the cache may hold, and how a dehydrated state writes them: as plain data under a name.

A floor above that brings a record registers it here, so that those who write and read states need not know it. What is
not registered is written as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple, TypeVar, cast

from .infinite_data import InfiniteData

T = TypeVar("T")


class PlainType(NamedTuple):
    """How one type of record is written and read.

    Attributes:
        type: The class itself; its subclasses are not meant.
        name: Its name in a dehydrated state.
        write: Makes plain data of a record.
        read: Undoes that; raises a ``ValueError`` for what is none.
    """

    type: type[Any]
    name: str
    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


_BY_TYPE: Final[dict[type[Any], PlainType]] = {}
_BY_NAME: Final[dict[str, PlainType]] = {}


def register_plain_type(type: type[T], name: str, *, write: Callable[[T], Any], read: Callable[[Any], T]) -> None:
    """Let dehydrated states hold records of *type*.

    Args:
        type: The class itself; its subclasses are not meant.
        name: Its name in a dehydrated state. States that were stored know it, so it must stay.
        write: Makes plain data of a record.
        read: Undoes that; raises a ``ValueError`` that says what is wrong with other data.
    """
    _BY_TYPE[type] = _BY_NAME[name] = PlainType(type, name, write, read)


def plain_type_of(data: object) -> PlainType | None:
    """The type of the record that the data of a query is, or that each of its pages is; None if it is none.

    Args:
        data: The data.
    """
    if isinstance(data, InfiniteData):
        pages = cast("InfiniteData[object, object]", data).pages
        kinds = {type(page) for page in pages}
        # pages of several kinds were written by hand, and are their writer's to read
        return _BY_TYPE.get(kinds.pop()) if len(kinds) == 1 else None
    return _BY_TYPE.get(type(data))


def plain_type_named(name: str) -> PlainType | None:
    """The type of record that states hold under a name; None if it is not known.

    Args:
        name: The name.
    """
    return _BY_NAME.get(name)


def each_page(data: Any, change: Callable[[Any], Any]) -> Any:
    """*data* with *change* done to it; to each page, if it is that of an infinite query.

    Args:
        data: The data.
        change: The function.
    """
    if not isinstance(data, InfiniteData):
        return change(data)
    infinite = cast("InfiniteData[object, object]", data)
    return InfiniteData([change(page) for page in infinite.pages], infinite.page_params)
