"""Facts of query-core that do not hold here on purpose: the id, and the reason with its decision."""

from __future__ import annotations

DIFFERING: dict[str, str] = {}
