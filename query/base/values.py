"""Options that may be a value or a function of something."""

from __future__ import annotations

import functools
import types
from collections.abc import Callable
from typing import Any, Literal, TypeVar, cast

from .types import UNSET, StaleTime, Unset, seconds
from .views import QueryView

T = TypeVar("T")
ArgT = TypeVar("ArgT")

_FUNCTIONS = (
    types.FunctionType,
    types.MethodType,
    types.BuiltinFunctionType,
    types.MethodWrapperType,
    types.MethodDescriptorType,
    types.WrapperDescriptorType,
    functools.partial,
    functools._lru_cache_wrapper,
)


def is_function(value: object) -> bool:
    """Whether *value* is meant as a function where data is expected too.

    Cached data may be callable itself (a class, a mock, a model): only what nobody caches is called, namely
    functions (cached ones too), methods, builtins and partials.

    Args:
        value: Anything.
    """
    # most data cannot be called at all
    return callable(value) and isinstance(value, _FUNCTIONS)


def functional_update(updater: T | Callable[[ArgT], T], argument: ArgT) -> T:
    """The updater's result for *argument*, or the updater itself if it is a value.

    Args:
        updater: New data, or a function from the present data to it.
        argument: The present data, or ``UNSET``.

    Source: utils.ts, functionalUpdate.
    """
    return updater(argument) if is_function(updater) else updater  # type: ignore[return-value,operator]


def resolve_query_value(value: T | Callable[[Any], T | None] | Unset | None, query: QueryView, default: T) -> T:
    """An option that may be a function of the query, as a plain value.

    Args:
        value: The option; ``UNSET`` or None for not given.
        query: What a function is called with.
        default: The value of an option that is not given, or whose function returns None.

    Source: utils.ts, resolveQueryValue.
    """
    resolved: Any = value(query) if callable(value) else value
    return default if resolved is UNSET or resolved is None else cast("T", resolved)


def resolve_stale_time(
    value: StaleTime | Callable[[Any], StaleTime] | Unset | None, query: QueryView
) -> float | Literal["static"]:
    """A stale time as seconds, or "static".

    Args:
        value: The option.
        query: What a function is called with.
    """
    if isinstance(value, float):
        return value
    if callable(value):
        value = value(query)
    if value is None or isinstance(value, Unset):
        return 0.0
    return value if isinstance(value, str) else seconds(value)


def keep_previous_data(previous_data: T, previous_query: QueryView | None = None) -> T:
    """For ``placeholder_data``: go on showing the data of the key before, until that of the new one is there.

    Args:
        previous_data: The last data that the observer saw, whatever its key.
        previous_query: Where it is from.

    Source: utils.ts, keepPreviousData.
    """
    return previous_data


def should_throw_error(throw_on_error: bool | Callable[..., bool] | Unset | None, *args: object) -> bool:
    """Whether an error is to be raised where a result would show it.

    Args:
        throw_on_error: The option; ``UNSET`` or None for not given, which means no.
        *args: What a function is called with: the error, and the query if it is a query's.

    Source: utils.ts, shouldThrowError.
    """
    return bool(throw_on_error(*args) if callable(throw_on_error) else throw_on_error)


def given(value: T | Unset | None, default: T) -> T:
    """*value*, or *default* if it is not given (``UNSET``) or asks for the built-in one (None).

    Args:
        value: An option's value.
        default: The built-in default.
    """
    return default if value is UNSET or value is None else value
