"""Persisters of single queries, and the storage that those of one run share. oracle/persister.mjs holds the twin."""

from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import Awaitable, Callable
from typing import Any

from query import QueryFilters, QueryPersister, create_query_persister, hash_key

from .driver_protocol import Record
from .hydration import as_json
from .loop_clock import LoopClock
from .snapshots import milliseconds

_PREFIX = "query"


class Storage:
    """A storage in memory, of which persisters have faces that take their time.

    Args:
        clock: Of the run.
    """

    def __init__(self, clock: LoopClock) -> None:
        self._clock = clock
        self._items: dict[str, str] = {}
        self._waits: set[asyncio.Future[None]] = set()
        self._hurried = False

    def persister(self, spec: Record, filters: QueryFilters | None) -> QueryPersister[str]:
        """A persister: ``{max_age, buster, refetch_on_restore, filters, delay}``, see SCENARIO.md.

        Args:
            spec: What the scenario says.
            filters: Its filters, made.
        """
        given = {name: spec[name] for name in ("buster", "refetch_on_restore") if name in spec}
        if "max_age" in spec:
            given["max_age"] = spec["max_age"] / 1000
        face = _Face(self._items, functools.partial(self._wait, spec.get("delay")))
        return create_query_persister(
            storage=face,
            serialize=lambda record: json.dumps(as_json(record)),
            prefix=_PREFIX,
            filters=filters,
            clock=self._clock,
            **given,
        )

    async def _wait(self, ms: int | None) -> None:
        if ms is None or self._hurried:
            return
        wait: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waits.add(wait)
        timer = self._clock.call_later(ms / 1000, _end, wait)
        try:
            await wait
        finally:
            timer.cancel()
            self._waits.discard(wait)

    def hurry(self) -> None:
        """End all waiting: a client that closes waits for what is being written."""
        self._hurried = True
        for wait in list(self._waits):
            _end(wait)

    def put(self, op: Record) -> None:
        """Store a query as if another program had: ``{key, data, age, buster}``."""
        state: Record = {
            "data_update_count": 1,
            "data_updated_at": 0.0,
            "error": None,
            "error_update_count": 0,
            "error_updated_at": 0.0,
            "fetch_failure_count": 0,
            "fetch_failure_reason": None,
            "fetch_meta": None,
            "is_invalidated": False,
            "status": "success",
            "fetch_status": "idle",
        }
        if "data" in op:
            at = self._clock.time() - op.get("age", 0) / 1000
            state |= {"data": op["data"], "data_updated_at": at, "error_updated_at": 5.0}
        record = {"version": 1, "buster": op.get("buster", ""), "query_key": op["key"], "state": state}
        record["query_hash"] = hash_key(op["key"])
        self._items[f"{_PREFIX}-{record['query_hash']}"] = json.dumps(record)

    def show(self) -> list[Record]:
        """What is stored."""
        records = [json.loads(text) for text in self._items.values()]
        return [
            {
                "hash": record["query_hash"],
                "buster": record["buster"],
                "data_updated_at": milliseconds(record["state"]["data_updated_at"]),
                **({"data": record["state"]["data"]} if "data" in record["state"] else {}),
            }
            for record in records
        ]


def _end(wait: asyncio.Future[None]) -> None:
    if not wait.done():
        wait.set_result(None)


class _Face:
    def __init__(self, items: dict[str, str], wait: Callable[[], Awaitable[None]]) -> None:
        self._items, self._wait = items, wait

    async def _access(self, work: Callable[[], Any]) -> Any:
        await self._wait()
        return work()

    def get_item(self, key: str) -> Any:
        return self._access(lambda: self._items.get(key))

    def set_item(self, key: str, value: str) -> Any:
        return self._access(lambda: self._items.__setitem__(key, value))

    def remove_item(self, key: str) -> Any:
        return self._access(lambda: self._items.pop(key, None))

    def entries(self) -> Any:
        return self._access(lambda: list(self._items.items()))
