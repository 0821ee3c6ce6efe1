"""What a mock answers with: checked when it is registered, made into the caller's own response when it is asked for."""

from __future__ import annotations

import dataclasses
import enum
import inspect
import json
import math
from collections.abc import AsyncIterable, Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias

import msgspec

from query.base.types import UNSET

from .requests import NOT_JSON, RequestView
from .streams import Stream

Body: TypeAlias = Any
"""Any of: UNSET (empty), None (JSON null), str or bytes, JSON data, a dataclass, msgspec or pydantic value, a Path, an
iterable or async iterable of bytes or str, an exception or its class, a response of httpx or httpx2, PASS,
EXAMPLE, or a function."""


class Special(enum.Enum):
    """The types of ``NEXT``, ``PASS`` and ``EXAMPLE``."""

    NEXT = "NEXT"
    PASS = "PASS"
    EXAMPLE = "EXAMPLE"

    def __repr__(self) -> str:
        return self.name


NEXT: Final = Special.NEXT
"""What a body function returns to leave a request to the next older mock."""

PASS: Final = Special.PASS
"""As a body: the request is sent for real."""

EXAMPLE: Final = Special.EXAMPLE
"""As a body: an example of the OpenAPI description, or else a value that is made by its schema."""


class Content(msgspec.Struct, frozen=True):
    """A body that is the same each time.

    Attributes:
        data: The bytes.
        content_type: The media type; None for none.
    """

    data: bytes
    content_type: str | None = None


class Failure(msgspec.Struct, frozen=True):
    """A body that is an exception.

    Attributes:
        error: What to raise: an instance, or a class to make one of.
    """

    error: BaseException | type[BaseException]


class Computed(msgspec.Struct, frozen=True):
    """A body that a function makes for each request.

    Attributes:
        function: Called with the request, then by name with those it has of json, query, path_params, data and form.
        names: Which of them it has.
        takes_request: Whether it takes the request at all: a generator function without parameters does not.
    """

    function: Callable[..., Any]
    names: tuple[str, ...]
    takes_request: bool = True


class Ready(msgspec.Struct, frozen=True):
    """A body that is a whole response already.

    Attributes:
        response: A response of httpx or httpx2.
    """

    response: Any


Prepared: TypeAlias = Content | Stream | Failure | Computed | Ready | Special

_NAMES = ("json", "query", "path_params", "data", "form")


def prepare(body: Body) -> Prepared:
    """A body as it was registered, checked and copied.

    Args:
        body: Any of the kinds of ``Body``.

    Raises:
        TypeError: It cannot be a body; the message names the place.
    """
    if body is UNSET:
        return Content(b"")
    if isinstance(body, Special):
        return body
    if isinstance(body, str):
        return Content(body.encode(), "text/plain; charset=utf-8")
    if isinstance(body, (bytes, bytearray)):
        return Content(bytes(body))
    if isinstance(body, BaseException):
        return Failure(body)
    if isinstance(body, type) and issubclass(body, BaseException):
        return Failure(_checked_class(body))
    if isinstance(body, Path):
        return Content(body.read_bytes())
    if _is_response(body):
        return Ready(body)
    if _is_record(body):
        return Content(_json(body), "application/json")
    if callable(body):
        return _computed(body)
    if inspect.isawaitable(body):
        if inspect.iscoroutine(body):
            body.close()
        raise TypeError(f"body is {_cut(body)}, which runs only once; expected the async function, not a call of it.")
    if isinstance(body, AsyncIterable) or (isinstance(body, Iterable) and not isinstance(body, Collection)):
        return Stream(body)
    return Content(_json(body), "application/json")


def described(body: Prepared) -> str:
    """A body in few words, for those who read an ``Answer``: empty if it is empty.

    Args:
        body: The body.
    """
    if isinstance(body, Content):
        text = (
            body.data.decode(errors="replace") if body.content_type is not None else (repr(body.data) * bool(body.data))
        )
    elif isinstance(body, Failure):
        text = f"raises {body.error!r}"
    elif isinstance(body, Computed):
        text = f"made by {getattr(body.function, '__qualname__', body.function)}"
    elif isinstance(body, Ready):
        text = repr(body.response)
    else:
        text = repr(body)
    return text if len(text) <= 200 else f"{text[:200]}..."


def call_with(computed: Computed, view: RequestView, path_params: Mapping[str, str]) -> Any:
    """Ask a function for the body.

    Args:
        computed: The function.
        view: The request.
        path_params: The values of the parameters in the URL.
    """
    chosen = {name: _offered(name, view, path_params) for name in computed.names}
    return computed.function(view.request, **chosen) if computed.takes_request else computed.function(**chosen)


def _offered(name: str, view: RequestView, path_params: Mapping[str, str]) -> Any:
    if name == "query":
        return {key: values[0] if len(values) == 1 else values for key, values in view.query.items()}
    if name == "path_params":
        return dict(path_params)
    if name == "form" or (name == "data" and view.form is not None):
        return view.form
    return None if view.json is NOT_JSON else view.json


def _computed(function: Callable[..., Any]) -> Computed:
    """A function as a body, its parameters checked."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        # a function of C that does not tell
        return Computed(function, ())
    kinds = (
        inspect.Parameter.POSITIONAL_ONLY,
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
        inspect.Parameter.VAR_POSITIONAL,
    )
    takes_request = bool(parameters) and parameters[0].kind in kinds and parameters[0].name not in _NAMES
    rest = parameters[1:] if takes_request else parameters
    known = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    unknown = [p.name for p in rest if p.default is p.empty and p.kind not in known and p.name not in _NAMES]
    unknown += [p.name for p in rest if p.kind is p.POSITIONAL_ONLY and p.default is p.empty and p.name in _NAMES]
    if unknown:
        raise TypeError(
            f"the body function {function!r} asks for {', '.join(unknown)}; it gets the request first, and then by "
            f"name any of {', '.join(_NAMES)}."
        )
    return Computed(function, tuple(p.name for p in rest if p.name in _NAMES), takes_request)


def _checked_class(kind: type[BaseException]) -> type[BaseException]:
    """An exception class that can be raised without more ado."""
    name, family = kind.__name__, kind.__module__.split(".")[0] in ("httpx", "httpx2", "httpcore", "httpcore2")
    if family and name == "HTTPStatusError":
        raise TypeError(
            "body is HTTPStatusError, which raise_for_status() raises, not a server. Give the status: status_code=500."
        )
    if not family:
        try:
            kind()
        except Exception as error:  # noqa: BLE001 - it is put into words
            text = f"body is the class {name}, and {name}() raises {error!r}. Give an instance of it."
            raise TypeError(text) from None
    return kind


def _json(body: Any) -> bytes:
    plain = _plain(body, "body", ())
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        wrong = text[error.start : error.end]
        raise TypeError(f"body holds the text {wrong!r}, half of a surrogate pair, which UTF-8 cannot hold.") from None


def _plain(value: Any, place: str, around: tuple[int, ...]) -> Any:
    """*value* as JSON data, all of it checked; *around* are the containers that it stands in."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise _no_json(value, place)
        return value
    if id(value) in around:
        raise TypeError(f"{place} is the very {type(value).__name__} that it stands in; JSON has an end.")
    around = (*around, id(value))
    if isinstance(value, Mapping):
        for name in value:
            if not isinstance(name, str):
                raise TypeError(
                    f"{place} has the key {name!r}, a {type(name).__name__}; JSON objects have str keys. "
                    f"Write {str(name)!r}."
                )
        return {name: _plain(item, f"{place}[{name!r}]", around) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item, f"{place}[{i}]", around) for i, item in enumerate(value)]
    if isinstance(value, msgspec.Struct):
        try:
            return json.loads(msgspec.json.encode(value))
        except (TypeError, ValueError, RecursionError) as error:
            raise TypeError(f"{place} is {_cut(value)}, which msgspec cannot make JSON of: {error}.") from None
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name), f"{place}.{f.name}", around) for f in dataclasses.fields(value)}
    if _is_record(value):
        model: Any = value
        return _plain(model.model_dump(mode="json"), place, around)
    raise _no_json(value, place)


def _is_record(body: Any) -> bool:
    """Whether it is a dataclass, msgspec or pydantic value. Those may be iterable or callable, and mean JSON."""
    if isinstance(body, type):
        return False
    # looked up in the class: a unittest.mock.Mock has any attribute
    has_dump = callable(getattr(type(body), "model_dump", None))
    return has_dump or isinstance(body, msgspec.Struct) or dataclasses.is_dataclass(body)


def _cut(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 200 else f"{text[:200]}..."


def _no_json(value: Any, place: str) -> TypeError:
    if value is ...:
        return TypeError(f"{place} is the ... of a pasted mock. Write what the server should answer in its place.")
    return TypeError(
        f"{place} is {_cut(value)}, a {type(value).__name__}, which JSON has no form for. Give str, int, float, bool, "
        "None, lists and dicts of them (a date as its isoformat()), or str or bytes for a body that is not JSON."
    )


def _is_response(body: Any) -> bool:
    return type(body).__name__ == "Response" and type(body).__module__.split(".")[0] in ("httpx", "httpx2")
