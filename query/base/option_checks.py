"""Options that cannot be right are refused where they are written, with what was expected and what to do."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from types import CodeType, FunctionType, MethodType
from typing import TYPE_CHECKING, Any, Final, cast

import msgspec

from .errors import OptionError, UnknownOptionError
from .query_key import as_query_key
from .types import Meta, SkipToken, seconds

_ASYNC_MARK: Final = "_is_coroutine_marker"
"""Where ``inspect.markcoroutinefunction`` leaves its mark."""

Check = Callable[[str, Any], Any]
"""Takes an option's name and value; returns the value as the house keeps it, or raises OptionError."""


class OptionsMeta(msgspec.StructMeta):
    """Makes a class of options or filters name the one it does not know, with the nearest it does."""

    if not TYPE_CHECKING:  # pragma: no branch

        def __call__(cls, *args: Any, **fields: Any) -> Any:  # noqa: N805 - of a class, not of an instance
            """Make one."""
            try:
                return super().__call__(*args, **fields)
            except TypeError:
                refuse_unknown(cls.__name__, fields, cls.__struct_fields__)
                raise


def refuse_unknown(owner: str, given: Mapping[str, Any], known: tuple[str, ...]) -> None:
    """Raise if a given name is not an option.

    Args:
        owner: What takes the options, for the message.
        given: The options by name.
        known: The names that exist; those with a leading underscore are not for users.

    Raises:
        UnknownOptionError: A name is not among them.
    """
    names = tuple(name for name in known if not name.startswith("_"))
    for name in given:
        if name not in names:
            raise UnknownOptionError(owner, name, names)


def refuse(option: str, value: object, expected: str) -> OptionError:
    """The error of an option with a wrong value.

    Args:
        option: The option's name.
        value: What was given.
        expected: What it takes, and what to do.
    """
    return OptionError(f"{option}={value!r} is {_kind(value)}; expected {expected}", option=option)


def missing(owner: str, option: str) -> OptionError:
    """The error of an option without which nothing works.

    Args:
        owner: What needs it.
        option: The option's name.
    """
    return OptionError(f"{owner} needs {option}, which is not given. Pass {option}= in the options.", option=option)


def check_arity(option: str, function: Any, count: int, call: str) -> None:
    """Refuse a plain function that cannot take *count* positional arguments.

    Only functions and methods of Python are looked at, by their code object: this runs for every options value.

    Args:
        option: The option's name.
        function: What was given.
        count: How many arguments it will be called with.
        call: The call in words, such as ``"query_fn(context)"``.

    Raises:
        OptionError: It takes fewer, or needs more.
    """
    bound = 0
    if isinstance(function, MethodType):
        bound, function = 1, function.__func__
    code = getattr(function, "__code__", None)
    if not isinstance(code, CodeType):
        return
    most = max(code.co_argcount - bound, 0)
    least = most - len(function.__defaults__ or ())
    keywords = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    needed = [name for name in keywords if name not in (function.__kwdefaults__ or ())]
    takes_rest = bool(code.co_flags & inspect.CO_VARARGS)
    if least > count or (most < count and not takes_rest) or needed:
        takes = f"takes {most} positional argument{'' if most == 1 else 's'}"
        if needed:
            takes = f"needs {', '.join(needed)} by name"
        raise OptionError(
            f"{option} is called as {call}, but {function.__qualname__} {takes}. "
            "Give it those parameters; *_ takes the ones it has no use for.",
            option=option,
        )


def refuse_async(option: str, value: Any) -> None:
    """Refuse a coroutine function where its answer is needed at once.

    Args:
        option: The option's name.
        value: What was given.

    Raises:
        OptionError: It is a coroutine function: its coroutine would count as true, unseen.
    """
    if inspect.iscoroutinefunction(value):
        name = getattr(value, "__qualname__", None) or repr(value)
        raise OptionError(
            f"{option} is the coroutine function {name}, but its answer is needed at once. Pass a plain function.",
            option=option,
        )


def is_number(value: object) -> bool:
    """Whether *value* is an int or float and no bool, nor NaN.

    Args:
        value: Anything.
    """
    return isinstance(value, (int, float)) and not isinstance(value, bool) and not math.isnan(value)


def is_duration(value: object) -> bool:
    """Whether *value* is a duration that is not negative.

    Args:
        value: Anything.
    """
    return (isinstance(value, timedelta) and value >= timedelta(0)) or (is_number(value) and value >= 0)  # type: ignore[operator]


_NUMBERS: Final = frozenset({float, int})
"""What most people write for a duration, and what needs no other look than whether it is negative, or NaN."""

_DURATION = "seconds (an int or float, at least 0), a timedelta, or math.inf"


def duration(option: str, value: Any) -> Any:
    """Check a duration; gives it as seconds."""
    if type(value) in _NUMBERS and value >= 0:
        return value
    if not is_duration(value):
        raise refuse(option, value, f"{_DURATION}.")
    return seconds(value)


def duration_or_function(option: str, value: Any) -> Any:
    """Check a retry delay: a duration, or a function of the failure count and the error."""
    if type(value) in _NUMBERS and value >= 0:
        return value
    if callable(value):
        refuse_async(option, value)
        check_arity(option, value, 2, f"{option}(failure_count, error)")
        return value
    if not is_duration(value):
        raise refuse(option, value, f"{_DURATION}; or a function (failure_count, error) that returns one.")
    return seconds(value)


def stale_time(option: str, value: Any) -> Any:
    """Check a stale time."""
    if type(value) in _NUMBERS and value >= 0:
        return value
    if callable(value):
        refuse_async(option, value)
        check_arity(option, value, 1, f"{option}(query)")
        return value
    if value == "static":
        return value
    if not is_duration(value):
        raise refuse(option, value, f'{_DURATION}; "static"; or a function of the query that returns one of them.')
    return seconds(value)


def interval(option: str, value: Any) -> Any:
    """Check a refetch interval."""
    if value is False or (type(value) in _NUMBERS and value >= 0):
        return value
    if callable(value):
        refuse_async(option, value)
        check_arity(option, value, 1, f"{option}(query)")
        return value
    if not is_duration(value):
        raise refuse(option, value, f"{_DURATION}; False for none; or a function of the query that returns one.")
    return seconds(value)


def flag(option: str, value: Any) -> Any:
    """Check a plain yes or no."""
    if not isinstance(value, bool):
        raise refuse(option, value, "True or False.")
    return value


def flag_or_function(option: str, value: Any) -> Any:
    """Check a yes or no that may be a function of the query."""
    if callable(value):
        refuse_async(option, value)
        check_arity(option, value, 1, f"{option}(query)")
    elif not isinstance(value, bool):
        raise refuse(option, value, "True, False, or a function of the query that returns one of them.")
    return value


def flag_or_error_function(option: str, value: Any) -> Any:
    """Check ``throw_on_error``."""
    if callable(value):
        refuse_async(option, value)
    elif not isinstance(value, bool):
        raise refuse(option, value, "True, False, or a function of the error that returns one of them.")
    return value


def refetch_on(option: str, value: Any) -> Any:
    """Check a refetch-on-something policy."""
    if callable(value):
        refuse_async(option, value)
        check_arity(option, value, 1, f"{option}(query)")
    elif not isinstance(value, bool) and value != "always":
        raise refuse(option, value, 'True, False, "always", or a function of the query that returns one of them.')
    return value


def retry(option: str, value: Any) -> Any:
    """Check a retry policy."""
    if isinstance(value, bool) or (type(value) is int and value >= 0):
        return value
    if callable(value):
        refuse_async(option, value)
        check_arity(option, value, 2, f"{option}(failure_count, error)")
    elif not (is_number(value) and value >= 0):
        expected = "the number of retries, True for ever, False for none, or a function (failure_count, error) -> bool."
        raise refuse(option, value, expected)
    return value


def network_mode(option: str, value: Any) -> Any:
    """Check a network mode."""
    if value not in ("online", "always", "offline_first"):
        raise refuse(option, value, '"online", "always" or "offline_first".')
    return value


def key(option: str, value: Any) -> Any:
    """Check a key."""
    return as_query_key(value)


def text(option: str, value: Any) -> Any:
    """Check a text."""
    if not isinstance(value, str):
        raise refuse(option, value, "a str.")
    return value


def meta(option: str, value: Any) -> Any:
    """Check what is attached to a query or mutation."""
    if not isinstance(value, dict):
        raise refuse(option, value, "a dict.")
    return cast("Meta", value)


def anything(option: str, value: Any) -> Any:
    """Accept any value: it is the user's data."""
    return value


def instant_or_function(option: str, value: Any) -> Any:
    """Check an instant in seconds since the epoch, or a function that returns one."""
    if not callable(value) and not (is_number(value) and math.isfinite(value)):
        raise refuse(option, value, "seconds since the epoch, or a function that returns them.")
    return value


def function_of(count: int, call: str, *, sync: bool = False, skippable: bool = False) -> Check:
    """A check for an option that is a function of *count* arguments.

    Args:
        count: How many positional arguments it is called with.
        call: The call in words, such as ``"query_fn(context)"``.
        sync: Its answer is needed at once: coroutine functions are refused.
        skippable: ``skip_token`` is allowed.
    """

    def check(option: str, value: Any) -> Any:
        function, takes = value, count
        if type(function) is MethodType:
            function, takes = function.__func__, count + 1
        if type(function) is FunctionType:
            # what nearly all are: the questions below would say nothing else
            code = function.__code__
            if (
                code.co_argcount == takes
                and not code.co_kwonlyargcount
                and not (sync and (code.co_flags & inspect.CO_COROUTINE or hasattr(function, _ASYNC_MARK)))
            ):
                return value
        if skippable and isinstance(value, SkipToken):
            return value
        if not callable(value):
            raise refuse(option, value, f"a function, called as {call}{', or skip_token' if skippable else ''}.")
        if sync:
            refuse_async(option, value)
        check_arity(option, value, count, call)
        return value

    return check


def sharing(option: str, value: Any) -> Any:
    """Check ``structural_sharing``."""
    if callable(value):
        refuse_async(option, value)
        check_arity(option, value, 2, f"{option}(previous, next)")
    elif not isinstance(value, bool):
        raise refuse(option, value, "True, False, or a function (previous, next) that returns the data to keep.")
    return value


def change_props(option: str, value: Any) -> Any:
    """Check ``notify_on_change_props``."""
    if callable(value) or value == "all":
        return value
    if not isinstance(value, (list, tuple, set, frozenset)):
        raise refuse(option, value, 'a list of names of result fields, "all", or a function that returns one of them.')
    return tuple(cast("Iterable[str]", value))


def count(option: str, value: Any) -> int:
    """Check a number of things, such as ``max_pages``."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise refuse(option, value, "a whole number, 0 or more.")
    return value


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "a bool"
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
