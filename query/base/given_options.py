"""What all options are: immutable values that hold only what was given, checked when it is written.

Options are made, merged and compared at every call, and of thirty options people give three. So the class attributes
are what is not given, and an instance holds the rest in its ``__dict__``: all work is done on those three.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final, NoReturn, TypeVar, dataclass_transform

from .option_checks import Check, refuse_unknown
from .query_key import QueryKey
from .types import UNSET


@dataclass_transform(eq_default=False, frozen_default=True, kw_only_default=True)
class GivenOptions:
    """The base of options. What is not given reads as ``UNSET``."""

    # beside the options, so that these are all that stands in __dict__
    __slots__ = ("__dict__", "_remembered")

    _checks: ClassVar[Mapping[str, Check]] = {}
    """The check of each option by its name, in the order in which they are shown. None is always right."""

    _remembered: object
    """What was worked out of these options and is kept with them, since they never change.

    None; the hash that the key alone gives; what the defaults of a client made of them; or ``COMPLETE``.
    """

    if not TYPE_CHECKING:

        def __init__(self, **fields: Any) -> None:
            set_fields(self, check_fields(type(self), fields))
            set_remembered(self, None)

    if not TYPE_CHECKING:  # a type checker knows the class as frozen, and says so itself

        def __setattr__(self, name: str, value: object) -> NoReturn:
            raise AttributeError(f"immutable type: {type(self).__name__!r}")

        def __delattr__(self, name: str) -> NoReturn:
            raise AttributeError(f"immutable type: {type(self).__name__!r}")

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self), self.__dict__, self._remembered is COMPLETE)

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in given_options(self).items())
        return f"{type(self).__name__}({shown})"


class Complete:
    """The type of ``COMPLETE``."""


COMPLETE: Final = Complete()
"""Remembered by options into which the defaults were filled: there is nothing left to inherit."""

OptionsT = TypeVar("OptionsT", bound=GivenOptions)


def is_complete(options: GivenOptions) -> bool:
    """Whether the defaults were filled in already.

    Args:
        options: Any.
    """
    return options._remembered is COMPLETE


def check_fields(kind: type[GivenOptions], fields: dict[str, Any]) -> dict[str, Any]:
    """Check what is given, and make it what the house keeps.

    Args:
        kind: The class of the options.
        fields: Their values by name; changed.

    Raises:
        UnknownOptionError: A name that is no option.
        OptionError: A value that cannot be right.
    """
    checks = kind._checks
    left_out = False
    for name, value in fields.items():
        if name not in checks:
            refuse_unknown(kind.__name__, fields, tuple(checks))
        elif value is UNSET:
            left_out = True
        elif value is not None:
            kept = checks[name](name, value)
            if kept is not value:
                fields[name] = kept
    return {name: value for name, value in fields.items() if value is not UNSET} if left_out else fields


def given_options(options: GivenOptions) -> dict[str, Any]:
    """The options that are given, by name, in the order of their class.

    Args:
        options: Any.
    """
    given = options.__dict__
    names = [name for name in type(options)._checks if name in given]
    return {name: given[name] for name in names}


def changed(options: OptionsT, changes: Mapping[str, Any]) -> OptionsT:
    """A copy with some options changed, checked like new ones; ``UNSET`` takes one back.

    Args:
        options: The options before.
        changes: The new ones by name.

    Raises:
        UnknownOptionError: A name that is no option.
        OptionError: A value that cannot be right.
    """
    kind = type(options)
    fields = {**options.__dict__, **kind(**changes).__dict__}
    for name, value in changes.items():
        if value is UNSET:
            fields.pop(name, None)
    return options_of(kind, fields)


def replaced(options: OptionsT, changes: Mapping[str, Any], *, complete: bool) -> OptionsT:
    """A copy with some options changed, not checked: for what was checked elsewhere.

    Args:
        options: The options before.
        changes: The new ones by name, none of them ``UNSET``.
        complete: Whether the copy inherits nothing any more.
    """
    return options_of(type(options), {**options.__dict__, **changes}, complete=complete)


def options_of(kind: type[OptionsT], fields: dict[str, Any], *, complete: bool = False) -> OptionsT:
    """Options of what was checked before.

    Args:
        kind: Their class.
        fields: What is given, by name; the options keep this very dict.
        complete: Whether they inherit nothing any more.
    """
    made: OptionsT = _new(kind)
    set_fields(made, fields)
    set_remembered(made, COMPLETE if complete else None)
    return made


def merge_options(lower: GivenOptions, higher: OptionsT) -> OptionsT:
    """*higher*, with the options that it leaves out taken from *lower*.

    Args:
        lower: Defaults.
        higher: The options on top; the result has its class.
    """
    below, above = lower.__dict__, higher.__dict__
    if not below:
        return higher
    merged = {**below, **above}
    kind = type(higher)
    if not isinstance(higher, type(lower)):
        # the lower ones are of another kind, and may give what the upper ones have no room for
        merged = {name: value for name, value in merged.items() if name in kind._checks}
    return higher if len(merged) == len(above) else options_of(kind, merged, complete=is_complete(higher))


def same_options(a: GivenOptions, b: GivenOptions) -> bool:
    """Whether two options are shallowly equal: identical values, or equal scalars of one type.

    Args:
        a: Options.
        b: Options.

    Source: utils.ts, shallowEqualObjects.
    """
    if a is b:
        return True
    mine, others = a.__dict__, b.__dict__
    if len(mine) != len(others):
        return False
    for name, x in mine.items():
        y = others.get(name, UNSET)
        if x is not y and not (type(x) is type(y) and isinstance(x, (int, float, str, QueryKey)) and x == y):
            return False
    return True


def _again(kind: type[Any], fields: dict[str, Any], complete: bool) -> GivenOptions:
    made: GivenOptions = options_of(kind, dict(fields), complete=complete)
    return made


_new: Final[Any] = object.__new__

# past the __setattr__ that refuses; found once, since options are made at every call
set_fields: Final[Callable[[GivenOptions, dict[str, Any]], None]] = vars(GivenOptions)["__dict__"].__set__
"""Give fresh options what was given, by name; they keep this very dict."""
set_remembered: Final[Callable[[GivenOptions, object], None]] = vars(GivenOptions)["_remembered"].__set__
"""Keep with options what was worked out of them, in place of what was kept before."""
