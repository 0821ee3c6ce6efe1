"""Collecting what nobody has used for a while, with one timer for all that is due at the same time.

A cache sets such a timer for each entry, and sets it anew whenever the entry is let go again: with a timer of the loop
each that is more than all else that a query costs. Here an entry moves from one bucket to another.

Entries that the machine's clock tells the time of share a bucket if they are due within the same 64th of a second, or
the same second from a minute on: some may stay a little longer, none goes early. By any other clock they share one only
if they are due at the same instant, so that what a test sees in virtual time is exact.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from typing import Final, Protocol

from .clock import Clock, SystemClock, TimerHandle
from .reporting import report
from .timeout_manager import TimeoutManager

AT_ONCE: Final = 1_000
"""Entries that are collected before the loop may do something else."""

_FINE: Final = 64.0
_LONG: Final = 60.0
# the machine's clock is never there: as soon as possible
_SOON: Final = -1.0


class Collectable(Protocol):
    """An entry as its bucket sees it."""

    _bucket: Bucket | None

    def _collect(self) -> None:
        """Its time has come."""
        ...


class Bucket:
    """Entries that are due together, each with the delay that was asked for, in the order in which they came.

    Args:
        collector: Whose it is.
        due: When; None for entries that wait for a loop.
    """

    __slots__ = ("_collector", "due", "entries", "handle")

    def __init__(
        self, collector: Collector, due: float | None, entries: dict[Collectable, float] | None = None
    ) -> None:
        self._collector = collector
        self.due: Final = due
        self.entries: Final[dict[Collectable, float]] = {} if entries is None else entries
        self.handle: TimerHandle | None = None

    def take_out(self, entry: Collectable) -> None:
        """Forget an entry, and the timer if it was the last.

        Args:
            entry: One of its entries.
        """
        del self.entries[entry]
        if not self.entries:
            self.emptied()

    def emptied(self) -> None:
        """Its last entry has left: its timer is for nothing."""
        self._collector.emptied(self)

    def fire(self) -> None:
        """Collect the entries."""
        self._collector.forget(self)
        self.handle = None
        entries = self.entries
        try:
            for entry in list(itertools.islice(entries, AT_ONCE)):
                # one may have let go of another
                if entry in entries:
                    if isinstance(entry, Bed):
                        entry.collect()
                        if entry in entries:
                            # the rest of it comes before all others
                            break
                        continue
                    del entries[entry]
                    entry._bucket = None
                    try:
                        entry._collect()
                    except Exception as error:  # noqa: BLE001 - the next entry is somebody else's
                        report(f"{entry!r} could not be collected", error)
        finally:
            # also after a failed test or an exit in a listener
            if entries:
                self._collector.go_on(self)

    @property
    def what(self) -> str:
        """What its timer is for."""
        first, *others = [_purpose(entry) for entry, _ in itertools.islice(_each(self), 2)] or ["garbage collection"]
        count = sum(len(entry.entries) if isinstance(entry, Bed) else 1 for entry in self.entries)
        return f"{first} and {count - 1} more" if others else first


class _NoTimer:
    """Stands for the timer of what is collected by somebody else's."""

    def cancel(self) -> None:
        """Do nothing."""


_NO_TIMER: Final = _NoTimer()


class Bed(Bucket):
    """Entries that are due together and most of which are not made yet. All of them take one place in a bucket.

    An entry that is made may have it for its bucket.

    Args:
        collector: Whose it is.
        entries: Lets go of entries that are made, by ``del``, and tells how many are left.
    """

    __slots__ = ("_bucket",)

    _bucket: Bucket | None
    handle: TimerHandle | None

    def __init__(self, collector: Collector, entries: dict[Collectable, float]) -> None:
        super().__init__(collector, None, entries)
        # so that whoever takes the last one out says so
        self.handle = _NO_TIMER
        self._bucket = None

    def collect(self) -> None:
        """The time of all has come: some leave, not many more than ``AT_ONCE``. When all have, so does the bed."""
        raise NotImplementedError

    def each(self) -> Iterator[Collectable]:
        """All of them, made for a look."""
        raise NotImplementedError

    def _leave(self) -> None:
        """Give up its place."""
        bucket = self._bucket
        if bucket is not None:
            self._bucket = None
            bucket.take_out(self)

    def _collect(self) -> None:
        self.collect()


class Collector:
    """The buckets of one client.

    Args:
        timeout_manager: Who tells the time and sets timers.

    Attributes:
        waiting: The entries that wait for a loop.
    """

    def __init__(self, timeout_manager: TimeoutManager) -> None:
        self._timeout_manager = timeout_manager
        self._clock: Clock = timeout_manager.clock
        self._is_coarse = type(self._clock) is SystemClock
        # by the clock in use
        self._by_due: dict[float, Bucket] = {}
        # those of a clock that was replaced, too
        self._buckets: dict[Bucket, None] = {}
        self._without_loop = Bucket(self, None)
        # those that are in use, without a timer
        self._held = Bucket(self, None)
        # those that the end of a loop stopped, and that the next one is to take up again
        self._resting = Bucket(self, None)
        self.waiting: Final = self._without_loop.entries

    def schedule(self, entry: Collectable, delay: float) -> None:
        """Collect *entry* after *delay* seconds, and not before. Within the running loop.

        Args:
            entry: The entry; if it was scheduled, that counts no more.
            delay: Seconds, finite.
        """
        clock = self._timeout_manager._clock
        if clock is not self._clock:
            self._clock, self._is_coarse, self._by_due = clock, type(clock) is SystemClock, {}
        if not self._is_coarse:
            now = clock.monotonic()
            due = now + delay
        else:
            # as the machine's clock does, without the call: every fetch comes by here, and every new entry
            now = time.monotonic() if delay else _SOON
            if delay >= _LONG:
                due = (now + delay) // 1.0 + 1.0
            elif delay:
                due = ((now + delay) * _FINE // 1.0 + 1.0) / _FINE
            else:
                due = _SOON
        bucket = self._by_due.get(due)
        present = entry._bucket
        if bucket is not None and bucket is present:
            if due == _SOON or not self._is_coarse:
                # to the end; those of the same second come in no order
                del bucket.entries[entry]
            bucket.entries[entry] = delay
            return
        if present is not None:
            # take_out(), without the calls
            del present.entries[entry]
            if not present.entries and present.handle is not None:
                present.emptied()
        if bucket is None:
            bucket = self._by_due[due] = Bucket(self, due)
            self._arm(bucket, delay if due == _SOON or not self._is_coarse else due - now)
        bucket.entries[entry] = delay
        entry._bucket = bucket

    @property
    def is_coarse(self) -> bool:
        """Whether entries that are due within some time of each other share a bucket, in no order."""
        return type(self._timeout_manager._clock) is SystemClock

    def hold(self, entry: Collectable, delay: float) -> None:
        """The same for a new entry that is in use, and is scheduled again when it no longer is.

        By the machine's clock it waits for that without a timer, which would fire for nothing.

        Args:
            entry: The entry; it was not scheduled.
            delay: Seconds, finite.
        """
        if self._is_coarse and self._timeout_manager._clock is self._clock:
            entry._bucket = held = self._held
            held.entries[entry] = delay
        else:
            self.schedule(entry, delay)

    def keep_waiting(self, entry: Collectable, delay: float) -> None:
        """Collect *entry* after *delay* seconds from when there is a loop.

        Args:
            entry: The entry; if it was scheduled, that counts no more.
            delay: Seconds, finite.
        """
        if entry._bucket is not None:
            entry._bucket.take_out(entry)
        self.waiting[entry] = delay
        entry._bucket = self._without_loop

    def wake(self) -> None:
        """There is another loop: what the end of the one before stopped waits for it."""
        self._move(self._resting, self._without_loop)

    def resume(self) -> None:
        """Schedule what waits for a loop. Within the running loop."""
        for entry, delay in list(self.waiting.items()):
            self.schedule(entry, delay)

    def rest(self) -> None:
        """Stop all timers until there is another loop."""
        for bucket in (*self._buckets, self._held, self._without_loop):
            if bucket.handle is not None:
                bucket.handle.cancel()
                bucket.handle = None
            self._move(bucket, self._resting)
        self._by_due.clear()
        self._buckets.clear()

    def lines(self) -> Iterator[str]:
        """A line for each entry that is to be collected."""
        for bucket in (*self._buckets, self._held, self._without_loop):
            for entry, delay in _each(bucket):
                yield f"timer: {_purpose(entry)}, set for {delay:g} s"

    # -- what its buckets tell it

    def emptied(self, bucket: Bucket) -> None:
        """Its last entry has left: its timer is for nothing.

        Args:
            bucket: The bucket.
        """
        # a coarse one is soon used again; its timer keeps nothing alive
        if bucket.handle is not None and not self._is_coarse:
            bucket.handle.cancel()
            bucket.handle = None
            self.forget(bucket)

    def forget(self, bucket: Bucket) -> None:
        """File nothing more in a bucket.

        Args:
            bucket: One that is due, or empty.
        """
        self._buckets.pop(bucket, None)
        if bucket.due is not None and self._by_due.get(bucket.due) is bucket:
            del self._by_due[bucket.due]

    def go_on(self, bucket: Bucket) -> None:
        """Collect the rest of a bucket when the loop has had its turn.

        Args:
            bucket: One that is due.
        """
        self._arm(bucket, 0.0)

    def _move(self, bucket: Bucket, other: Bucket) -> None:
        for entry in bucket.entries:
            entry._bucket = other
        other.entries.update(bucket.entries)
        bucket.entries.clear()

    def _arm(self, bucket: Bucket, wait: float) -> None:
        self._buckets[bucket] = None
        bucket.handle = self._timeout_manager.set_timeout(bucket.fire, wait)


def _each(bucket: Bucket) -> Iterator[tuple[Collectable, float]]:
    for entry, delay in list(bucket.entries.items()):
        if isinstance(entry, Bed):
            yield from ((made, delay) for made in entry.each())
        else:
            yield entry, delay


def _purpose(entry: Collectable) -> str:
    return f"garbage collection of {entry!r}"
