"""Which mocks of a test cannot do anything: one that a newer mock covers, or whose matchers contradict themselves.

Only what is certain is said. A matcher of the user's own, or a value with an ``==`` of its own, may say anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..bodies import Computed
from ..matchers import ABSENT, Matcher, PartMatcher
from ..responses import ResponseMock
from ..urls import UrlPattern

_PLAIN = (str, int, float, bool, type(None))


def shadows(mocks: Sequence[ResponseMock]) -> dict[int, int]:
    """The mocks that a newer one covers: their places, each with that of the newest such mock.

    Args:
        mocks: All mocks of a test, oldest first.
    """
    found: dict[int, int] = {}
    by_url: dict[str, list[int]] = {}
    for place in reversed(range(len(mocks))):
        newer = by_url.setdefault(_identity(mocks[place].url), [])
        covering = next((other for other in newer if covers(mocks[other], mocks[place])), None)
        if covering is not None:
            found[place] = covering
        newer.append(place)
    return found


def covers(newer: ResponseMock, older: ResponseMock) -> bool:
    """Whether *newer* answers every request that *older* could, and always will.

    Args:
        newer: The mock that is asked first.
        older: The mock that is asked after it.
    """
    return (
        _answers_for_good(newer)
        and set(older.methods) <= set(newer.methods)
        and _covers_url(newer.url, older.url)
        and all(_is_among(matcher, older.match) for matcher in newer.match)
    )


def impossible(mock: ResponseMock) -> str:
    """Why no request can ever fit a mock; empty if one can, as far as can be told.

    Args:
        mock: The mock.
    """
    wanted = [
        (matcher.part, keys)
        for matcher in mock.match
        if isinstance(matcher, PartMatcher) and (keys := wanted_keys(matcher)) is not None
    ]
    for part, keys in wanted:
        for name, value in keys.items():
            if part == "query" and value in ([], ()):
                return f"the query parameter {name} is wanted with no value at all; write ABSENT for that"
            if isinstance(value, (set, frozenset)):
                return f"{part} wants {name} to be a set, and what is sent never is one"
    exact = mock.url.query
    if exact is not None:
        for part, keys in wanted:
            for name, value in keys.items():
                if part == "query" and value is not ABSENT and name not in exact.wanted:
                    return f"the URL allows no query parameter {name}, which a matcher wants"
        wanted.append(("query", exact.wanted))
    for number, (part, keys) in enumerate(wanted):
        for other_part, others in wanted[number + 1 :]:
            for name in keys.keys() & others.keys() if part == other_part else ():
                if _contradict(part, keys[name], others[name]):
                    return f"{part} wants {name} to be two different things at once"
    return ""


def steps_aside(mock: ResponseMock) -> bool:
    """Whether a function of the mock may let an older one answer, going by the names in it.

    Args:
        mock: The mock.
    """
    bodies = [answer.body for answer in mock.answers]
    codes = [getattr(body.function, "__code__", None) for body in bodies if isinstance(body, Computed)]
    return any(code is not None and "NEXT" in code.co_names for code in codes)


def wanted_keys(matcher: PartMatcher) -> Mapping[str, Any] | None:
    """What a matcher wants by name; None for one that compares a whole.

    Args:
        matcher: The matcher.
    """
    wanted: Any = matcher.wanted
    return wanted if isinstance(wanted, Mapping) else None


def _identity(url: UrlPattern) -> str:
    return f"re:{url.regex.pattern}" if url.regex is not None else url.path or "/"


def _answers_for_good(mock: ResponseMock) -> bool:
    """Whether it never steps aside: not used up one day, not bound to a state, not asking an older mock."""
    return (
        mock.times is None
        and mock.when is None
        and mock.ending != "fall_through"
        and not any(isinstance(answer.body, Computed) for answer in mock.answers)
    )


def _covers_url(newer: UrlPattern, older: UrlPattern) -> bool:
    return (
        newer.regex == older.regex
        and newer.path == older.path
        and newer.origin in (None, older.origin)
        and (newer.query is None or (older.query is not None and _same(newer.query.wanted, older.query.wanted)))
    )


def _is_among(matcher: Matcher, others: Iterable[Matcher]) -> bool:
    """Whether one of *others* lets nothing through that *matcher* would not."""
    return any(other is matcher or _is_narrower(other, matcher) for other in others)


def _is_narrower(narrow: Matcher, wide: Matcher) -> bool:
    if not isinstance(narrow, PartMatcher) or not isinstance(wide, PartMatcher) or type(narrow) is not type(wide):
        return False
    keys, wide_keys = wanted_keys(narrow), wanted_keys(wide)
    if keys is None or not wide_keys:
        return False
    switches = [[pair for pair in vars(matcher).items() if isinstance(pair[1], bool)] for matcher in (narrow, wide)]
    return switches[0] == switches[1] and all(
        name in keys and _same(value, keys[name]) for name, value in wide_keys.items()
    )


def _contradict(part: str, one: Any, other: Any) -> bool:
    if (one is ABSENT) != (other is ABSENT):
        return True
    if type(one) not in _PLAIN or type(other) not in _PLAIN:
        return False
    if part == "data":
        return bool(one != other) or (type(one) is bool) != (type(other) is bool)
    return _as_text(one) != _as_text(other)


def _as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)


def _same(one: Any, other: Any) -> bool:
    """Whether two wanted values are the same for certain: plain data that is equal, or the very same object."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, Mapping):
        return one.keys() == other.keys() and all(_same(one[name], other[name]) for name in one)
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(_same, one, other))
    return isinstance(one, _PLAIN) and bool(one == other)
