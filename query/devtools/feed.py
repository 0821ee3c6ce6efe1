"""What one viewer is sent: those parts of the page that have changed, as often as it reads and the program can spare.

Nothing waits in a queue for a viewer. One that reads slowly gets fewer pictures, each of them the newest; one that does
not read at all gets none, and costs nothing but its socket.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final, TypeAlias

PERIOD: Final = 0.1
"""Seconds between two looks whether something has happened."""
SPACE: Final = 0.4
"""Seconds between two pictures at least: one event is seen soon, and a thousand cost no more pictures than ten."""
LONGEST: Final = 1.0
"""Seconds after which the page is made anew in any case: data gets stale without an event."""
REST: Final = 50.0
"""How much longer than making the page took to wait before the next time: it may cost a fiftieth of the loop."""

ALIVE: Final = 15.0
"""Seconds after which something is sent in any case, so that proxies keep the connection."""

Parts: TypeAlias = dict[str, str]
"""Pieces of HTML by the names of their places."""


async def feed(
    make: Callable[[], Awaitable[Parts]],
    latest: Callable[[], object],
    *,
    is_over: Callable[[], bool] = bool,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    clock: Callable[[], float] = time.perf_counter,
) -> AsyncIterator[dict[str, str]]:
    """Events of a stream, until it is over.

    Args:
        make: Makes the parts of the page.
        latest: Gives another object once something has happened.
        is_over: Whether to end: the program is about to.
        sleep: Waits for some seconds.
        clock: Seconds that pass.

    Yields:
        Arguments of a ``ServerSentEvent``: its name and its data, or a comment.
    """
    sent: Parts = {}
    quiet = 0.0
    while not is_over():
        seen = latest()
        began = clock()
        parts = await make()
        rest = max(SPACE, (clock() - began) * REST)
        for name, text in parts.items():
            if sent.get(name) != text:
                sent[name] = text
                quiet = 0.0
                yield {"event": name, "data": text}
        await sleep(rest)
        waited = rest
        while latest() is seen and waited < LONGEST - PERIOD / 2 and not is_over():
            await sleep(PERIOD)
            waited += PERIOD
        quiet += waited
        if quiet >= ALIVE - PERIOD / 2:
            quiet = 0.0
            yield {"comment": "alive"}
