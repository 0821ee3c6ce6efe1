"""What a request must have to be answered by a mock: matchers, and why one said no."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

import msgspec

from .requests import NOT_JSON, RequestView


class Absent(enum.Enum):
    """The type of ``ABSENT``."""

    ABSENT = "ABSENT"

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent.ABSENT
"""As a wanted value: the key must not be sent."""


class Mismatch(msgspec.Struct, frozen=True):
    """Why a matcher says no. It counts as false.

    Attributes:
        part: Which part of the request was looked at, such as "query" or "data".
        reason: What is wrong with it, in a few words.
        wanted: What was expected there; shown as a diff against *got*.
        got: What was sent.
    """

    part: str
    reason: str
    wanted: Any = ABSENT
    got: Any = ABSENT

    def __bool__(self) -> bool:
        return False


Matcher: TypeAlias = Callable[[Any], "bool | Mismatch"]
"""Takes the caller's request; returns whether it fits, or a ``Mismatch`` that says why not."""


class PartMatcher:
    """A matcher of ours: looks at the parsed parts, so that many mocks parse a request once.

    Args:
        part: Which part it looks at: "query" or "data".
        wanted: The keys that count and their values.
    """

    def __init__(self, part: str, wanted: Mapping[str, Any]) -> None:
        self.part = part
        self.wanted = dict(wanted)

    def check(self, view: RequestView) -> bool | Mismatch:
        """Whether the request fits.

        Args:
            view: The request with its parts.
        """
        raise NotImplementedError

    def __call__(self, request: Any) -> bool | Mismatch:
        """The same for the caller's own request.

        Args:
            request: A request of httpx or httpx2.
        """
        return self.check(RequestView(request, type(request).__module__.split(".")[0]))

    def __repr__(self) -> str:
        return f"match_{self.part}({self.wanted!r})"


class QueryMatcher(PartMatcher):
    """Compares query parameters.

    Args:
        wanted: Names and values.
        exact: Whether no others may be sent.

    Attributes:
        texts: Those that are wanted as plain text: what a request must have at the least. It can be compared without
            a call, when many mocks differ by their query alone.
    """

    def __init__(self, wanted: Mapping[str, Any], *, exact: bool = False) -> None:
        super().__init__("query", wanted)
        self._normal = {name: _as_query_value(value) for name, value in self.wanted.items()}
        self._exact = exact
        as_sent = {name: value if isinstance(value, list) else [value] for name, value in self._normal.items()}
        self.texts: dict[str, list[str]] = {
            name: values for name, values in as_sent.items() if values and all(type(v) is str for v in values)
        }

    def check(self, view: RequestView) -> bool | Mismatch:
        """Whether the request's query fits.

        Args:
            view: The request with its parts.
        """
        sent = view.query
        for name, wanted in self._normal.items():
            values = sent.get(name)
            if wanted is ABSENT:
                if values is not None:
                    break
            elif values is None or not _query_equal(wanted, values):
                break
        else:
            if not self._exact or all(name in self._normal for name in sent):
                return True
        shown = {name: _single(sent[name]) for name in sent if self._exact or name in self.wanted}
        return Mismatch("query", _first_difference(self._normal, shown, _query_fits), self._normal, shown)


class _ListMatcher(PartMatcher):
    """Compares a body that is a list, whole."""

    def __init__(self, wanted: list[Any]) -> None:
        super().__init__("data", {})
        self._list = copied(wanted, _no_absent)

    def check(self, view: RequestView) -> bool | Mismatch:
        if agrees(self._list, view.json):
            return True
        return Mismatch("data", "the body differs", self._list, None if view.json is NOT_JSON else view.json)

    def __repr__(self) -> str:
        return f"match_data({self._list!r})"


class _DataMatcher(PartMatcher):
    def __init__(self, wanted: Mapping[str, Any]) -> None:
        super().__init__("data", wanted)
        self.wanted = {
            name: value if value is ABSENT else copied(value, _no_absent, f"[{name!r}]")
            for name, value in self.wanted.items()
        }

    def check(self, view: RequestView) -> bool | Mismatch:
        sent = data_of(view)
        if not isinstance(sent, dict):
            if not view.request.content and all(value is ABSENT for value in self.wanted.values()):
                return True
            if not view.request.content:
                return Mismatch("data", "the body is empty", self.wanted, b"")
            got: Any = view.request.content if sent is NOT_JSON else sent
            return Mismatch("data", "the body is no JSON object and no form", self.wanted, got)
        for name, wanted in self.wanted.items():
            if wanted is ABSENT:
                if name in sent:
                    break
            elif name not in sent or not agrees(wanted, sent[name]):
                break
        else:
            return True
        shown = {name: sent[name] for name in sent if name in self.wanted}
        return Mismatch("data", _first_difference(self.wanted, shown, agrees), self.wanted, shown)


def match_query(wanted: Mapping[str, Any]) -> QueryMatcher:
    """A matcher of query parameters: those given are compared, others may be there.

    Args:
        wanted: Names and values. A value is compared as the text that it is sent as (``2`` is "2", ``True`` is
            "true"); a list is all values of a repeated name, in order; ``ABSENT`` must not be sent; a value with its
            own ``==``, such as ``unittest.mock.ANY``, is asked, first about the text and then, if that is a number,
            about the number.

    Raises:
        TypeError: Not a mapping.
    """
    return QueryMatcher(_checked("match_query", wanted))


def match_exact_query(wanted: Mapping[str, Any]) -> QueryMatcher:
    """A matcher of query parameters that allows no others.

    Args:
        wanted: Names and values, as ``match_query`` takes them.
    """
    return QueryMatcher(wanted, exact=True)


def match_data(wanted: Mapping[str, Any] | list[Any]) -> PartMatcher:
    """A matcher of the body, JSON object or form: the keys given are compared, others may be there.

    Args:
        wanted: Keys and values. A value is compared whole, and ``True`` is not 1; ``ABSENT`` as a value says that the
            key must not be sent; a value with its own ``==`` is asked, at any depth. A file in a multipart form is
            its bytes. A list is compared with a JSON list, whole.

    Raises:
        TypeError: Neither a mapping nor a list, or ``ABSENT`` below the top level.
    """
    if isinstance(wanted, list):
        return _ListMatcher(wanted)
    return _DataMatcher(_checked("match_data", wanted))


def data_of(view: RequestView) -> Any:
    """The body as data: a form, JSON, or ``NOT_JSON``.

    Args:
        view: The request with its parts.
    """
    form = view.form
    return view.json if form is None else form


def agrees(wanted: Any, got: Any) -> bool:
    """Whether a wanted value agrees with one that was sent.

    ``True`` is not 1, while 1 is 1.0. At any depth a value with an ``==`` of its own, such as ``unittest.mock.ANY`` or
    ``pytest.approx(0.3)``, is asked.

    Args:
        wanted: What was expected.
        got: JSON data or parts of a form.
    """
    if isinstance(wanted, dict) and isinstance(got, dict):
        names: Any = wanted
        return len(names) == len(got) and all(name in got and agrees(names[name], got[name]) for name in names)
    if isinstance(wanted, (list, tuple)) and isinstance(got, (list, tuple)):
        items: Any = wanted
        return len(items) == len(got) and all(map(agrees, items, got))
    if isinstance(wanted, bool) or (isinstance(got, bool) and isinstance(wanted, (int, float))):
        return wanted is got
    return bool(wanted == got)


def copied(value: Any, check: Callable[[Any, str], None], place: str = "") -> Any:
    """*value* with the dicts and lists in it copied, so that a later change of them changes nothing here.

    Args:
        value: Any value.
        check: Called with each value inside, and its place; raises if it cannot be there.
        place: Where *value* stands.
    """
    if place:
        check(value, place)
    if isinstance(value, Mapping):
        items: Any = value.items()
        return {name: copied(item, check, f"{place}[{name!r}]") for name, item in items}
    if isinstance(value, (list, tuple)):
        return [copied(item, check, f"{place}[{i}]") for i, item in enumerate(value)]
    return value


def check_matchers(match: object) -> tuple[Matcher, ...]:
    """The matchers of a registration, refused if they cannot be some.

    Args:
        match: What was given as ``match=``.

    Raises:
        TypeError: Not a list or tuple of callables.
    """
    if callable(match) or isinstance(match, (str, bytes, Mapping)) or not isinstance(match, Sequence):
        raise TypeError(
            f"match={match!r} is {'a single matcher' if callable(match) else type(match).__name__}; expected a list "
            "of matchers. Write match=[match_query({...}), match_data({...})]."
        )
    for position, matcher in enumerate(match):
        if not callable(matcher):
            raise TypeError(
                f"match[{position}] is {matcher!r}, which cannot be called; expected a matcher such as "
                "match_query({...}), match_data({...}), or a function of the request that returns a bool."
            )
    return tuple(match)


def _checked(name: str, wanted: object) -> Mapping[str, Any]:
    if not isinstance(wanted, Mapping):
        raise TypeError(f'{name} takes a dict of the keys to compare, got {wanted!r}. Write {name}({{"key": value}}).')
    return wanted


def _as_query_value(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_as_query_value(item) for item in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    return "" if value is None else value


def _single(values: list[str]) -> Any:
    return values[0] if len(values) == 1 else values


def _query_equal(wanted: Any, values: list[str]) -> bool:
    if isinstance(wanted, list):
        return len(wanted) == len(values) and all(map(_text_agrees, wanted, values))
    return _text_agrees(wanted, _single(values))


def _query_fits(wanted: Any, got: Any) -> bool:
    return _query_equal(wanted, got if isinstance(got, list) else [got])


def _text_agrees(wanted: Any, got: Any) -> bool:
    if isinstance(wanted, str) or bool(wanted == got):
        return bool(wanted == got)
    if not isinstance(got, str):
        return False
    # what is neither text nor one of the types that _as_query_value turns into text: a date, a UUID, IsInt, approx(3)
    if str(wanted) == got:
        return True
    for number in (int, float):
        try:
            return bool(wanted == number(got))
        except ValueError:
            continue
    return False


def _no_absent(value: Any, place: str) -> None:
    if value is ABSENT:
        raise TypeError(
            f"match_data has ABSENT at {place}; it can stand at the top level only, because values are compared whole. "
            "Leave the key out there."
        )


def _first_difference(wanted: Mapping[str, Any], got: Mapping[str, Any], fits: Callable[[Any, Any], bool]) -> str:
    for name, value in wanted.items():
        if value is ABSENT:
            if name in got:
                return f"{name} was sent"
        elif name not in got:
            return f"{name} is missing"
        elif not fits(value, got[name]):
            return f"{name} differs"
    return "other keys were sent"
