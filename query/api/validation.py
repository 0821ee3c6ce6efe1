"""Does an answer have the type that was said? Asked of pydantic, if somebody wants to know.

What is cached is the parsed JSON, whether it was checked or not: a program sees the same data with every setting. So a
type must be one that JSON has as it is: TypedDicts, lists, unions, literals and so on. Classes whose objects would have
to be made first (dataclasses, models, msgspec Structs) are refused; ``select`` is the place to make them.
"""

from __future__ import annotations

import functools
import json
import warnings
from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final, Literal, TypeAlias, cast, get_args

import msgspec

from ..base.errors import OptionError
from .errors import RequestError
from .masking import masked_url

Validate: TypeAlias = Literal["off", "warn", "raise"]
"""What to do with the type of an answer: believe it, warn if it is wrong, or fail."""

MODES: Final = get_args(Validate)
MAX_SHOWN: Final = 3
"""Mismatches that a message names."""
_MADE: Final = frozenset(
    {
        "model",
        "dataclass",
        "datetime",
        "date",
        "time",
        "timedelta",
        "uuid",
        "decimal",
        "enum",
        "set",
        "frozenset",
        "url",
    }
)


class Mismatch(msgspec.Struct, frozen=True):
    """One place in a body that is not as its type says.

    Attributes:
        place: Where, such as ``"[0].owner.name"``; empty for the whole.
        message: What is wrong there.
    """

    place: str
    message: str


class ResponseValidationWarning(UserWarning):
    """An answer does not have the type that was said, and is used all the same."""


class ResponseValidationError(RequestError):
    """An answer does not have the type that was said. The same call would bring the same, so it is not retried.

    Attributes:
        mismatches: What is wrong, place by place.
    """

    retryable = False
    mismatches: tuple[Mismatch, ...] = ()


class NamedType(msgspec.Struct, frozen=True):
    """A type by its name, for generated code: its module is loaded when an answer is checked, and not before.

    Attributes:
        module: The module whose names the expression uses, such as ``"myapp.backend_types"``.
        expression: The type as it would stand in an annotation there, such as ``"list[Project]"``.
    """

    module: str
    expression: str

    def load(self) -> Any:
        """The type itself.

        Raises:
            OptionError: It cannot be found.
        """
        try:
            # generated code names its own types
            names = vars(import_module(self.module))
            return eval(self.expression, {**names})
        except Exception as error:
            raise OptionError(
                f"the type {self.expression!r} of {self.module} cannot be loaded to check an answer: "
                f"{type(error).__name__}: {error}.",
                option="validate",
            ) from error


def check_mode(validate: object) -> None:
    """Refuse what is no mode of validation, or one that cannot be had.

    Args:
        validate: What was given; None for the default.

    Raises:
        OptionError: It is none of the three, or pydantic is not installed.
    """
    if validate is None:
        return
    if validate not in MODES:
        raise OptionError(f'validate={validate!r} is not known; expected "off", "warn" or "raise".', option="validate")
    if validate != "off" and not _is_installed("pydantic"):
        raise OptionError(
            f"validate={validate!r} needs the package 'pydantic', which is not installed. "
            "Install it with: pip install 'pytest-mockapi[pydantic]'",
            option="validate",
        )


def _is_installed(package: str) -> bool:
    from importlib.util import find_spec

    return find_spec(package) is not None


def validate_answer(response: Any, method: str, body: Any, type_: Any, validate: Validate | str) -> None:
    """Check that the body of an answer has the type that was said.

    Strictly: the text "1" is no int. Keys that a TypedDict does not name may be there.

    Args:
        response: The response of the HTTP library.
        method: The method of the call.
        body: Its body, read.
        type_: The type; ``Any`` and ``object`` fit everything. None is the type of nothing.
        validate: "warn" or "raise"; nothing is done for "off".

    Raises:
        ResponseValidationError: It has not, and "raise" was asked for.
        OptionError: The type cannot be checked.
    """
    if validate == "off" or type_ is Any or type_ is object:
        return
    mismatches = _mismatches(body, type_)
    if not mismatches:
        return
    more = len(mismatches) - MAX_SHOWN
    shown = "; ".join(f"{found.place or 'the body'}: {found.message}" for found in mismatches[:MAX_SHOWN])
    said = f"the body does not fit {_name_of(type_)}: {shown}{f'; and {more} more' if more > 0 else ''}"
    url = str(response.url)
    if validate == "warn":
        warnings.warn(f"{method} {masked_url(url)}: {said}", ResponseValidationWarning, stacklevel=2)
        return
    error = ResponseValidationError(
        method=method,
        url=url,
        status=int(response.status_code),
        reason=response.reason_phrase,
        detail=said,
        headers=response.headers,
        json=body,
        text=response.text,
        response=response,
    )
    error.mismatches = mismatches
    raise error


def _mismatches(body: Any, type_: Any) -> tuple[Mismatch, ...]:
    pydantic: Any = import_module("pydantic")
    try:
        hash(type_)
    except TypeError:
        # something in it, such as in Annotated[int, []]
        adapter = _adapter_of.__wrapped__(type_)
    else:
        adapter = _adapter_of(type_)
    try:
        if isinstance(body, bytes):
            adapter.validate_python(body, strict=True)
        else:
            # as JSON, not as Python: there a tuple is an array, and a float may be written as an int
            adapter.validate_json(json.dumps(body), strict=True)
    except pydantic.ValidationError as error:
        return tuple(Mismatch(_place(found["loc"]), found["msg"]) for found in error.errors(include_url=False))
    return ()


@functools.lru_cache(maxsize=1024)
def _adapter_of(type_: Any) -> Any:
    pydantic: Any = import_module("pydantic")
    known: Any = type_.load() if isinstance(type_, NamedType) else type_
    if isinstance(known, str):
        raise OptionError(
            f"as_({known!r}) names its type in quotes, so that nothing is known of it when an answer is checked. "
            'Import the type and pass it itself, or leave this call out with validate="off".',
            option="validate",
        )
    try:
        adapter = pydantic.TypeAdapter(known)
        made = _made_class(adapter.core_schema)
    except (pydantic.errors.PydanticUserError, NameError) as error:
        raise OptionError(
            f"answers cannot be checked against {_name_of(type_)}: {str(error).splitlines()[0]} "
            "Expected types of JSON: TypedDict, list, dict, str, int, float, bool, None, unions and Literal.",
            option="validate",
        ) from error
    if made is not None:
        raise OptionError(
            f"answers cannot be checked against {_name_of(type_)}: it has {made} in it, and what is cached is the "
            "parsed JSON, in which there is none. Describe the JSON with a TypedDict, and make objects with select=.",
            option="validate",
        )
    return adapter


def _made_class(schema: object) -> str | None:
    """The name of a class in a schema of pydantic whose objects would have to be made."""
    waiting, seen = [schema], set[int]()
    while waiting:
        part = waiting.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        if isinstance(part, Mapping):
            members = cast("Mapping[str, object]", part)
            kind = members.get("type")
            if isinstance(kind, str) and kind in _MADE:
                return getattr(members.get("cls"), "__name__", kind)
            waiting.extend(members.values())
        elif isinstance(part, (list, tuple)):
            waiting.extend(cast("list[object]", part))
    return None


def _place(parts: tuple[str | int, ...]) -> str:
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)
    return place.removeprefix(".")


def _name_of(type_: Any) -> str:
    if isinstance(type_, NamedType):
        return type_.expression
    return type_.__qualname__ if isinstance(type_, type) and not get_args(type_) else str(type_)
