"""A persister fits queries of any type, and its storage keeps what its functions make. Type-checked, never run."""

from __future__ import annotations

import asyncio
from typing import Any, assert_type

from query import (
    MemoryStorage,
    PersistedQuery,
    QueryFunctionContext,
    QueryOptions,
    QueryPersister,
    QueryView,
    create_query_persister,
    query_options,
)


def load_names(context: QueryFunctionContext[list[str]]) -> list[str]:
    return []


async def load_count(context: QueryFunctionContext[int]) -> int:
    return 3


persister = create_query_persister(storage=MemoryStorage[str]())
assert_type(persister, QueryPersister[str])
names = query_options(query_key=("names",), query_fn=load_names, persister=persister.persister_fn)
assert_type(names, QueryOptions[list[str], list[str]])
count = QueryOptions(query_key=("count",), query_fn=load_count, persister=persister.persister_fn, retry=False)
assert_type(count, QueryOptions[int, int])


async def to_bytes(query: PersistedQuery) -> bytes:
    return repr(query).encode()


def from_bytes(value: bytes) -> object:
    return {}


packed = create_query_persister(storage=MemoryStorage[bytes](), serialize=to_bytes, deserialize=from_bytes)
assert_type(packed, QueryPersister[bytes])
create_query_persister(storage=None)


async def own(query_fn: Any, context: QueryFunctionContext[int], query: QueryView) -> int:
    await asyncio.sleep(0)
    return 0 if query.state.data is None else await load_count(context)


query_options(query_key=("count",), query_fn=load_count, persister=own)
