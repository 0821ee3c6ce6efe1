"""Sees where a test sleeps in real time: in ``time.sleep``, or in an event loop that has nothing to do but wait.

An event loop that waits for a socket or a thread is woken by it, and is not meant: only one that wakes up because its
time is over has slept. What is measured is the wait itself, so a timeout that is set and never reached is none.
"""

from __future__ import annotations

import selectors
import time
import traceback
from contextlib import contextmanager

LONGEST = 0.05
"""Seconds that a test may sleep at a time: less than anybody writes who means to wait."""


@contextmanager
def watched():
    """Collects the real sleeps within the block, each with its length and place."""
    slept = []
    sleep = time.sleep
    kinds = [
        kind
        for name in ("EpollSelector", "KqueueSelector", "PollSelector", "SelectSelector")
        if (kind := getattr(selectors, name, None)) is not None
    ]
    selects = {kind: kind.select for kind in kinds if "select" in vars(kind)}

    def watched_sleep(seconds):
        if seconds > LONGEST:
            caller = traceback.extract_stack(limit=2)[0]
            slept.append(f"time.sleep({seconds:g}) in {caller.filename}:{caller.lineno}")
        sleep(seconds)

    def watching(select):
        def watched_select(self, timeout=None):
            if timeout is None or timeout <= LONGEST:
                return select(self, timeout)
            began = time.perf_counter()
            events = select(self, timeout)
            if not events and time.perf_counter() - began >= LONGEST:
                slept.append(f"an event loop that waited {timeout:.3g} s for a timer")
            return events

        return watched_select

    time.sleep = watched_sleep
    for kind, select in selects.items():
        kind.select = watching(select)
    try:
        yield slept
    finally:
        time.sleep = sleep
        for kind, select in selects.items():
            kind.select = select
