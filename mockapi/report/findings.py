"""The lint of a suite: what its mocks tell when all tests are looked at together.

A mock that one test does not need is no fault, for a fixture may register it for many. What no test needs is one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from .records import FindingKind, FindingRecord, LineRecord, MockRecord, TestRecord
from .words import number_of

_Row = tuple[TestRecord, MockRecord]


def lines(tests: Iterable[TestRecord]) -> tuple[LineRecord, ...]:
    """The mocks of all tests by the line that registers them, in the order of files and lines.

    Args:
        tests: The tests.
    """
    return tuple(_line(source, rows) for source, rows in sorted(_by_source(tests).items(), key=_in_file))


def findings(tests: Sequence[TestRecord]) -> tuple[FindingRecord, ...]:
    """What to look at: the gravest first, then in the order of files and lines.

    Args:
        tests: The tests.
    """
    found: list[FindingRecord] = []
    by_source = sorted(_by_source(tests).items(), key=_in_file)
    for kind, is_one, words in _RULES:
        for source, rows in by_source:
            if any(finding.source == source for finding in found):
                # one thing for each line, the gravest
                continue
            meant = is_one(rows)
            if meant:
                names = tuple(dict.fromkeys(mock.name for _, mock in meant))
                shown = tuple(dict.fromkeys(test.name for test, _ in meant))
                found.append(FindingRecord(kind=kind, source=source, names=names, text=words(meant), tests=shown))
    return tuple(found)


# -- what is one


def _impossible(rows: Sequence[_Row]) -> list[_Row]:
    return [row for row in rows if row[1].impossible]


def _shadowed(rows: Sequence[_Row]) -> list[_Row]:
    """Those of a line whose mocks never answer, each time because of a newer one."""
    is_one = all(mock.shadowed_by is not None and not mock.hits for _, mock in rows)
    return list(rows) if is_one else []


def _never_used(rows: Sequence[_Row]) -> list[_Row]:
    """Those of a line whose mocks never answer. A test that failed may simply not have come to that."""
    if any(mock.hits or mock.steps_aside for _, mock in rows) or all(test.is_failure for test, _ in rows):
        return []
    return list(rows)


def _used_up(rows: Sequence[_Row]) -> list[_Row]:
    """Those that were used up in a test that missed an answer, and whose text says that this was why."""
    return [
        (test, mock)
        for test, mock in rows
        if mock.is_used_up
        and any(mock.name in request.problem and "used up" in request.problem for request in test.requests)
    ]


def _say_impossible(rows: Sequence[_Row]) -> str:
    return f"No request can ever fit: {rows[0][1].impossible}."


def _say_shadowed(rows: Sequence[_Row]) -> str:
    test, mock = rows[0]
    newer = next((other for other in test.mocks if other.number == mock.shadowed_by), None)
    by = f"the one added at {newer.source}" if newer else "another one"
    return (
        f"Can never answer: a newer mock, {by}, covers the same requests and never steps aside"
        f"{_everywhere(rows)}. Remove it, or register it after the other."
    )


def _say_never_used(rows: Sequence[_Row]) -> str:
    return f"Never answered a request{_everywhere(rows)}. Remove it, or find out why nothing is sent there."


def _say_used_up(rows: Sequence[_Row]) -> str:
    times = rows[0][1].times
    return f"Was used up ({times} of {times}) when another request came that it would have answered. Raise times=."


def _everywhere(rows: Sequence[_Row]) -> str:
    count = len({test.name for test, _ in rows})
    return "" if count == 1 else f" in any of {number_of(count, 'test')}"


_RULES: tuple[tuple[FindingKind, Callable[[Sequence[_Row]], list[_Row]], Callable[[Sequence[_Row]], str]], ...] = (
    ("impossible", _impossible, _say_impossible),
    ("used_up", _used_up, _say_used_up),
    ("shadowed", _shadowed, _say_shadowed),
    ("never_used", _never_used, _say_never_used),
)


# -- by line


def _by_source(tests: Iterable[TestRecord]) -> dict[str, list[_Row]]:
    found: dict[str, list[_Row]] = {}
    for test in tests:
        for mock in test.mocks:
            found.setdefault(mock.source, []).append((test, mock))
    return found


def _line(source: str, rows: Sequence[_Row]) -> LineRecord:
    return LineRecord(
        source=source,
        names=tuple(dict.fromkeys(mock.name for _, mock in rows)),
        tests=len({test.name for test, _ in rows}),
        tests_hit=len({test.name for test, mock in rows if mock.hits}),
        hits=sum(mock.hits for _, mock in rows),
    )


def _in_file(item: tuple[str, Sequence[_Row]]) -> tuple[str, int]:
    file, _, line = item[0].rpartition(":")
    return (file, int(line)) if line.isdigit() else (item[0], 0)
