"""Waiting for several handles at once.

Source: the ``Promise.all`` of queryClient.ts. Differs: after an error the others are not forgotten.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from .handle import Handle, mute


def all_done(handles: Sequence[Handle[Any]], *, throw_on_error: bool = False) -> Handle[None]:
    """A handle that is done when all of *handles* are.

    Args:
        handles: What to wait for.
        throw_on_error: Fail with the first error, as soon as it is there; the others go on.
    """
    pending = [handle for handle in handles if not handle.done()]
    if throw_on_error:
        failed = next((h.exception() for h in handles if h.done() and h.exception() is not None), None)
        if failed is not None:
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            future.set_exception(failed)
            mute(future)
            return Handle(future)
    for handle in handles:
        if handle.done():
            handle.exception()
    if not pending:
        return Handle.of(None)
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    left = len(pending)

    def count(handle: Handle[Any]) -> None:
        nonlocal left
        left -= 1
        error = handle.exception()
        if done.done():
            return
        if throw_on_error and error is not None:
            done.set_exception(error)
            mute(done)
        elif not left:
            done.set_result(None)

    for handle in pending:
        handle.add_done_callback(count)
    return Handle(done)


def without_result(handle: Handle[Any]) -> Handle[None]:
    """A handle that is done, without error or result, when *handle* is.

    Args:
        handle: What to wait for.
    """
    return all_done([handle])
