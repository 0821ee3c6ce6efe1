"""The data type of a streamed query follows from its chunks and its reducer. Type-checked, never run."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator
from typing import Any, assert_type

from query import QueryFunctionContext, QueryOptions, in_thread, query_options, streamed_query


async def words(context: QueryFunctionContext[Any]) -> AsyncIterator[str]:
    yield str(context.query_key[0])


async def opens(context: QueryFunctionContext[Any]) -> AsyncIterable[str]:
    return words(context)


def longer(total: int, word: str) -> int:
    return total + len(word)


def load(context: QueryFunctionContext[int]) -> int:
    return 3


listed = query_options(query_key=("words",), query_fn=streamed_query(words))
assert_type(listed, QueryOptions[list[str], list[str]])
opened = query_options(query_key=("words",), query_fn=streamed_query(opens, refetch_mode="append", initial_value=["a"]))
assert_type(opened, QueryOptions[list[str], list[str]])
counted = query_options(query_key=("length",), query_fn=streamed_query(words, reducer=longer, initial_value=0))
assert_type(counted, QueryOptions[int, int])

blocking = query_options(query_key=("count",), query_fn=in_thread(load))
assert_type(blocking, QueryOptions[int, int])
