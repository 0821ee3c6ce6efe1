"""Which operations of a description were mocked and requested: plain records, for a report to show."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable
from typing import Any

FIELDS = ("description", "method", "path", "operation_id")
"""What tells the record of an operation from others."""


MAX_COVERAGES = 100
"""Descriptions that are remembered; a suite that makes one for each test has no use for all of them."""

_all: deque[Coverage] = deque(maxlen=MAX_COVERAGES)


class Coverage:
    """Counts of mocks and requests, by operation and by status.

    Args:
        description: What the description is called.
    """

    def __init__(self, description: str) -> None:
        self.description = description
        self._rows: dict[tuple[str, str], dict[str, Any]] = {}
        self._lock = threading.Lock()
        _all.append(self)

    def declare(self, method: str, path: str, operation_id: str, statuses: Iterable[str]) -> None:
        """Name an operation that could be mocked and requested.

        Args:
            method: In capitals.
            path: The template.
            operation_id: Its operationId; empty if it has none.
            statuses: Those of its responses, such as "200", "4XX", "default".
        """
        row: dict[str, Any] = dict(zip(FIELDS, (self.description, method, path, operation_id), strict=True))
        counts = {status: {"mocked": 0, "answered": 0} for status in statuses}
        self._rows[method, path] = {**row, "mocked": 0, "requested": 0, "statuses": counts}

    def count_mock(self, method: str, path: str, status: str | None) -> None:
        """Count a mock.

        Args:
            method: In capitals.
            path: The template.
            status: The response that it gives, as the description names it; None for an error of the network.
        """
        self._count(method, path, status, "mocked", "mocked")

    def count_request(self, method: str, path: str) -> None:
        """Count a request.

        Args:
            method: In capitals.
            path: The template.
        """
        with self._lock:
            self._rows[method, path]["requested"] += 1

    def count_answer(self, method: str, path: str, status: str) -> None:
        """Count an answer.

        Args:
            method: In capitals.
            path: The template.
            status: The response, as the description names it.
        """
        with self._lock:
            self._rows[method, path]["statuses"][status]["answered"] += 1

    def _count(self, method: str, path: str, status: str | None, total: str, part: str) -> None:
        row = self._rows[method, path]
        with self._lock:
            row[total] += 1
            if status is not None:
                row["statuses"][status][part] += 1

    def records(self) -> list[dict[str, Any]]:
        """One record for each operation, in the order of the description.

        ::

        {"description": "shop.yaml", "method": "GET", "path": "/orders", "operation_id": "listOrders",
         "mocked": 1, "requested": 2, "statuses": {"200": {"mocked": 1, "answered": 2}}}
        """
        with self._lock:
            return [_copied(row) for row in self._rows.values()]


def all_records() -> list[dict[str, Any]]:
    """The records of every description that was read in this process. One that was read twice counts as one."""
    return merged(record for coverage in _all for record in coverage.records())


def merged(records: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Records of several processes as those of one run.

    Args:
        records: The records.
    """
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for record in records:
        key = tuple(record[field] for field in FIELDS)
        held = found.get(key)
        if held is None:
            found[key] = _copied(record)
            continue
        held["mocked"] += record["mocked"]
        held["requested"] += record["requested"]
        for status, counts in record["statuses"].items():
            sums = held["statuses"].setdefault(status, {"mocked": 0, "answered": 0})
            for name, count in counts.items():
                sums[name] += count
    return list(found.values())


def _copied(record: dict[str, Any]) -> dict[str, Any]:
    return {**record, "statuses": {status: dict(counts) for status, counts in record["statuses"].items()}}
