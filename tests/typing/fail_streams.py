"""What the type checkers must refuse of streams: a mark gives the code of mypy and the rule of pyright. Never run."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from query import QueryFunctionContext, streamed_query


async def words(context: QueryFunctionContext[Any]) -> AsyncIterator[str]:
    yield str(context.query_key[0])


def longer(total: int, word: str) -> int:
    return total + len(word)


streamed_query(words, reducer=longer)  # error: call-overload | reportCallIssue
streamed_query(words, reducer=longer, initial_value="0")  # error: arg-type | reportArgumentType
streamed_query(words, refetch_mode="extend")  # error: call-overload | reportArgumentType
streamed_query(lambda context: ["a"])  # error: arg-type | reportArgumentType
