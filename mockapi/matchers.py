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


class _QueryMatcher(PartMatcher):
    def __init__(self, wanted: Mapping[str, Any], *, exact: bool = False) -> None:
        super().__init__("query", wanted)
        self._normal = {name: _as_query_value(value) for name, value in self.wanted.items()}
        self._exact = exact

    def check(self, view: RequestView) -> bool | Mismatch:
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
        return Mismatch("query", _first_difference(self._normal, shown), self._normal, shown)


class _ListMatcher(PartMatcher):
    """Compares a body that is a list, whole."""

    def __init__(self, wanted: list[Any]) -> None:
        super().__init__("data", {})
        self._list = wanted

    def check(self, view: RequestView) -> bool | Mismatch:
        if self._list == view.json:
            return True
        return Mismatch("data", "the body differs", self._list, None if view.json is NOT_JSON else view.json)

    def __repr__(self) -> str:
        return f"match_data({self._list!r})"


class _DataMatcher(PartMatcher):
    def __init__(self, wanted: Mapping[str, Any]) -> None:
        super().__init__("data", wanted)

    def check(self, view: RequestView) -> bool | Mismatch:
        sent = data_of(view)
        if not isinstance(sent, dict):
            what = "the body is empty" if not view.request.content else "the body is no JSON object and no form"
            return Mismatch("data", what, self.wanted, None if sent is NOT_JSON else sent)
        for name, wanted in self.wanted.items():
            if wanted is ABSENT:
                if name in sent:
                    break
            elif name not in sent or not wanted == sent[name]:  # noqa: SIM201 - the wanted value's own __eq__ rules
                break
        else:
            return True
        shown = {name: sent[name] for name in sent if name in self.wanted}
        return Mismatch("data", _first_difference(self.wanted, shown), self.wanted, shown)


def match_query(wanted: Mapping[str, Any]) -> PartMatcher:
    """A matcher of query parameters: those given are compared, others may be there.

    Args:
        wanted: Names and values. A value is compared as the text that it is sent as (``2`` is "2", ``True`` is
            "true"); a list is all values of a repeated name, in order; ``ABSENT`` must not be sent; a value with its
            own ``==``, such as ``unittest.mock.ANY``, is asked.

    Raises:
        TypeError: Not a mapping.
    """
    return _QueryMatcher(_checked("match_query", wanted))


def match_exact_query(wanted: Mapping[str, Any]) -> PartMatcher:
    """A matcher of query parameters that allows no others.

    Args:
        wanted: Names and values, as ``match_query`` takes them.
    """
    return _QueryMatcher(wanted, exact=True)


def match_data(wanted: Mapping[str, Any] | list[Any]) -> PartMatcher:
    """A matcher of the body, JSON object or form: the keys given are compared, others may be there.

    Args:
        wanted: Keys and values. A value is compared whole; ``ABSENT`` must not be sent; a value with its own ``==``
            is asked, at any depth. A file in a multipart form is its bytes. A list is compared with a JSON list,
            whole.

    Raises:
        TypeError: Neither a mapping nor a list.
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
        return len(wanted) == len(values) and all(w == v for w, v in zip(wanted, values, strict=True))
    return bool(wanted == _single(values))


def _first_difference(wanted: Mapping[str, Any], got: Mapping[str, Any]) -> str:
    for name, value in wanted.items():
        if value is ABSENT:
            if name in got:
                return f"{name} was sent"
        elif name not in got:
            return f"{name} is missing"
        elif not value == got[name]:  # noqa: SIM201
            return f"{name} differs"
    return "other keys were sent"
