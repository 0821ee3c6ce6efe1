"""Where errors go that belong to nobody's call: a listener or callback that raised."""

from __future__ import annotations

import asyncio
import logging

logger: logging.Logger = logging.getLogger("query")


def report(message: str, error: BaseException) -> None:
    """Hand *error* to the running loop's exception handler, or to the log if no loop runs.

    One listener's mistake must neither turn a good fetch into a failed one nor keep others from being told.

    Args:
        message: What was going on.
        error: What was raised.
    """
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        logger.error(message, exc_info=error)
    else:
        loop.call_exception_handler({"message": message, "exception": error})
