"""One step of a trace as a check sees it, and the registry of the checks."""

from __future__ import annotations

import functools
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

Query = dict[str, Any]
QueryId = tuple[str, str]
"""(client, key as text)"""


_TEXT = json.JSONEncoder(sort_keys=True, separators=(",", ":"))


def key_id(key: Any) -> str:
    """A key as text."""
    return _TEXT.encode(key)


def partial_match(key: Any, prefix: Any) -> bool:
    """The model of prefix matching: lists by prefix, recursively, dicts as subsets."""
    if isinstance(key, list) and isinstance(prefix, list):
        return len(prefix) <= len(key) and all(partial_match(x, y) for x, y in zip(key, prefix, strict=False))
    if isinstance(key, dict) and isinstance(prefix, dict):
        return all(k in key and partial_match(key[k], v) for k, v in prefix.items())
    return type(key) is type(prefix) and key == prefix


def matches(filters: dict[str, Any], query: Query) -> bool:
    """The model of the query filters."""
    key, wanted = query["key"], filters.get("key")
    if wanted is not None:
        if not (key_id(key) == key_id(wanted) if filters.get("exact") else partial_match(key, wanted)):
            return False
    if filters.get("type", "all") != "all" and query["is_active"] != (filters["type"] == "active"):
        return False
    if isinstance(filters.get("stale"), bool) and query["is_stale"] != filters["stale"]:
        return False
    if filters.get("fetch_status") and query["fetch_status"] != filters["fetch_status"]:
        return False
    predicate = filters.get("predicate")
    if predicate is None:
        return True
    if predicate["$fn"] == "has_data":
        return "data" in query
    part = predicate["args"][0]
    return any(type(x) is type(part) and x == part for x in key)


STATE = (
    *("status", "fetch_status", "data", "data_updated_at", "data_update_count"),
    *("error", "error_updated_at", "error_update_count"),
    *("failure_count", "failure_reason", "is_invalidated", "fetch_direction"),
)


def state_of(query: Query) -> dict[str, Any]:
    """What is state in the record of a query, as opposed to derived from it."""
    return {name: query.get(name, "<undefined>") for name in STATE}


@dataclass
class Step:
    """One step of a trace.

    Attributes:
        scenario: What was run.
        text: The scenario as text, to ask whether it uses something anywhere.
        index: Which step.
        op: The op.
        log: The step itself, with its channels.
        before: The state before the op.
        after: The state after it.
        memory: What checks remember from step to step of one trace.
        name: The check that runs now.
        applied: How often the premise of each check was met.
    """

    scenario: dict[str, Any]
    text: str
    index: int
    op: dict[str, Any]
    log: dict[str, Any]
    before: dict[str, Any]
    after: dict[str, Any]
    memory: dict[str, Any] = field(default_factory=dict)
    name: str = ""
    applied: Counter[str] = field(default_factory=Counter)

    def given(self, premise: Any = True) -> bool:
        """The premise as a bool; counted if met, since a check whose premise never is proves nothing."""
        if premise:
            self.applied[self.name] += 1
        return bool(premise)

    def queries(self, when: dict[str, Any]) -> list[tuple[QueryId, Query]]:
        """All queries of ``before`` or ``after``."""
        # fifty checks ask for the same ones
        known: dict[int, list[tuple[QueryId, Query]]] = self.memory.setdefault("queries", {})
        if id(when) not in known:
            known[id(when)] = [
                ((client, key_id(query["key"])), query)
                for client, content in when.get("clients", {}).items()
                for query in content["queries"]
            ]
        return known[id(when)]

    def target(self) -> tuple[QueryId, Query]:
        """The query that the op names by its key, as it was before; an empty record if there was none."""
        k = (self.client, key_id(self.op["key"]))
        return k, dict(self.queries(self.before)).get(k, {})

    def pairs(self) -> Iterator[tuple[QueryId, Query, Query]]:
        """The queries that were there before and still are, with both states."""
        old = dict(self.queries(self.before))
        for k, query in self.queries(self.after):
            if k in old and not self.events(k, "removed"):
                yield k, old[k], query

    def events(self, k: QueryId, *types: str) -> list[dict[str, Any]]:
        """The cache events of one query in this step: all, or those of some types or actions."""
        return [
            event
            for event in self._events.get(k, ())
            if not types or event["type"] in types or event.get("action") in types
        ]

    @functools.cached_property
    def _events(self) -> dict[QueryId, list[dict[str, Any]]]:
        events: dict[QueryId, list[dict[str, Any]]] = {}
        for event in self.log["events"]:
            events.setdefault((event["client"], key_id(event["key"])), []).append(event)
        return events

    def calls(self, k: QueryId) -> list[dict[str, Any]]:
        """The network calls that one query started in this step."""
        return [call for call in self.log["calls"] if call.get("kind") == "query" and key_id(call["key"]) == k[1]]

    def strand(self, k: QueryId, stranded: bool) -> None:
        """Remember that a query says "fetching" with nothing running, or no longer does, from the next step on."""
        self.memory.setdefault("stranded", {}).setdefault(k, []).append((self.index, stranded))

    def was_stranded(self, k: QueryId) -> bool:
        """Whether it did before this step."""
        known = [stranded for index, stranded in self.memory.get("stranded", {}).get(k, []) if index < self.index]
        return known[-1] if known else False

    @property
    def client(self) -> str:
        """The client that the op is about."""
        name: str = self.op.get("client", "main")
        return name

    @property
    def skipped(self) -> bool:
        """Whether the op did nothing."""
        return "skipped" in self.log or "threw" in self.log

    def uses(self, *words: str) -> bool:
        """Whether the scenario mentions one of these op, option or value names anywhere."""
        return any(f'"{word}"' in self.text for word in words)


Check = Callable[[Step], Iterator[str]]

CHECKS: dict[str, Check] = {}


def invariant(check: Check) -> Check:
    """Register a check: a function of a step that yields what is violated."""
    CHECKS[check.__name__] = check
    return check
