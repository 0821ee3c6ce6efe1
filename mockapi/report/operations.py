"""Which operations of an OpenAPI description were asked for."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import msgspec

from .records import OperationRecord
from .words import number_of

MAX_NAMED = 8
"""Operations that the terminal names."""


def described_operations() -> list[OperationRecord]:
    """The operations of the descriptions that were read in this process; none if none was."""
    if "mockapi.openapi.coverage" not in sys.modules:
        return []
    from ..openapi.coverage import all_records

    return [
        OperationRecord(
            id=record["operation_id"],
            method=record["method"],
            path=record["path"],
            hits=record["requested"],
            description=record["description"],
            mocks=record["mocked"],
            responses={status: counts["answered"] for status, counts in record["statuses"].items()},
        )
        for record in all_records()
    ]


def added_up(one: OperationRecord, other: OperationRecord) -> OperationRecord:
    """What two processes know of an operation, as one.

    Args:
        one: What one knows.
        other: What another knows.
    """
    statuses = dict.fromkeys((*one.responses, *other.responses))
    return msgspec.structs.replace(
        one,
        hits=one.hits + other.hits,
        mocks=one.mocks + other.mocks,
        responses={status: one.responses.get(status, 0) + other.responses.get(status, 0) for status in statuses},
    )


def coverage_lines(operations: Iterable[OperationRecord]) -> list[str]:
    """What the terminal says: a line for each description, and one for what was not asked for.

    Args:
        operations: The operations.
    """
    by_description: dict[str, list[OperationRecord]] = {}
    for operation in operations:
        by_description.setdefault(operation.description, []).append(operation)
    lines: list[str] = []
    for name, rows in by_description.items():
        counts = [count for row in rows for count in row.responses.values()]
        missing = [f"{row.method} {row.path}" for row in rows if not row.hits]
        lines.append(
            f"{name or 'OpenAPI'}: {len(rows) - len(missing):,} of {number_of(len(rows), 'operation')} asked for, "
            f"{sum(count > 0 for count in counts):,} of {number_of(len(counts), 'response')} given"
        )
        if missing:
            more = f" and {len(missing) - MAX_NAMED:,} more" if len(missing) > MAX_NAMED else ""
            lines.append(f"  not asked for: {', '.join(missing[:MAX_NAMED])}{more}")
    return lines
