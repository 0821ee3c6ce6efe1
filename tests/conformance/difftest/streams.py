"""Streams: calls that answer with chunks, by themselves. oracle/streams.mjs holds the twin."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator, Callable
from typing import Any

from .network import Network, Record

#: what of a stream is for ``streamed_query``; the rest says which chunks come, and when
HOW = ("refetch_mode", "reducer", "initial_value")


def is_stream(spec: Any) -> bool:
    """Whether a query function of this spec streams."""
    return isinstance(spec, dict) and "stream" in spec


def open_stream(
    network: Network, record: Record, spec: Record, on_abort: Callable[[Callable[[], None]], object] | None
) -> AsyncIterator[Any]:
    """Start a call that answers with chunks.

    Args:
        network: Knows the other calls.
        record: What the trace is to show.
        spec: ``{chunks, delay, fail_at}``, see SCENARIO.md.
        on_abort: Registers what to do on an abort, if the function reads the signal.
    """
    call = network.begin(record)
    chunks = spec["chunks"]
    if isinstance(chunks, int):
        chunks = [{"n": call.ordinal, "i": i} for i in range(chunks)]
    fail_at = spec.get("fail_at", [None])
    last = fail_at[min(call.ordinal, len(fail_at) - 1)]

    def abort() -> None:
        if call.pending:
            call.pending = False
            network.log_abort(call)

    if on_abort is not None:
        on_abort(abort)

    async def arriving() -> AsyncIterator[Any]:
        for i in range(len(chunks) + 1):
            is_over = i == len(chunks) and i != last
            if is_over and i:
                break
            if spec.get("delay") is not None:
                await network.sleep(spec["delay"])
            if is_over:
                break
            if i == last:
                call.pending = False
                raise Exception(f"broke off at {i}")
            yield copy.deepcopy(chunks[i])
        call.pending = False

    return arriving()
