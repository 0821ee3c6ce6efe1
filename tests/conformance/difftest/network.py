"""The network: calls that wait for a resolve or reject op, or answer by themselves."""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import Callable
from typing import Any

from .deterministic_loop import DeterministicLoop

Record = dict[str, Any]


class Call:
    """One request of a query or mutation function.

    Args:
        id: Its kind, key and ordinal, such as ``query:["a"]#0``.
        ordinal: Which call of its key it is, from 0.
        at: When it started, in milliseconds.
        record: What the trace shows of it.
        future: What the function awaits.
    """

    def __init__(self, id: str, ordinal: int, at: int, record: Record, future: asyncio.Future[Any]) -> None:
        self.id, self.ordinal, self.at, self.record, self.future = id, ordinal, at, record, future
        self.pending = True

    def resolve(self, value: Any) -> bool:
        """Answer with data; False if it was answered or aborted before."""
        return self._finish(lambda: self.future.set_result(value))

    def reject(self, message: str) -> bool:
        """Answer with an error; False if it was answered or aborted before."""
        return self._finish(lambda: self.future.set_exception(Exception(message)))

    def _finish(self, settle: Callable[[], None]) -> bool:
        if not self.pending:
            return False
        self.pending = False
        # the future may have been cancelled together with the task that awaited it; the call itself was not
        if not self.future.done():
            settle()
        return True

    def default_data(self) -> Record:
        """What it answers when the scenario does not say."""
        data: Record = {"n": self.ordinal}
        if "key" in self.record:
            data["key"] = self.record["key"]
        if "page_param" in self.record:
            data["page"] = self.record["page_param"]
        return data


class Network:
    """All calls of a run.

    Args:
        loop: Where calls answer.
        now: The time in milliseconds.
        log: Appends to the ``calls`` channel of the current step.
        value: Reads a value of the scenario.
    """

    def __init__(
        self,
        loop: DeterministicLoop,
        now: Callable[[], int],
        log: Callable[[Record], None],
        value: Callable[[Any], Any],
    ) -> None:
        self._loop, self._now, self._log, self._value = loop, now, log, value
        self._calls: list[Call] = []
        self._started: dict[str, int] = {}
        self._timers: list[asyncio.TimerHandle] = []

    def start(
        self, record: Record, spec: Any, on_abort: Callable[[Callable[[], None]], object] | None
    ) -> asyncio.Future[Any]:
        """Start a call.

        Args:
            record: Its kind, its key, and whatever else the trace is to show.
            spec: "manual", or how it answers by itself: ``{delay, script, value}``, see SCENARIO.md.
            on_abort: Registers what to do on an abort, if the function reads the signal.
        """
        call = self.begin(record)
        self._calls.append(call)
        if on_abort is not None:
            on_abort(lambda: self.log_abort(call) if call.reject("aborted") else None)
        if spec != "manual":
            self._answer_by_itself(call, spec)
        return call.future

    def begin(self, record: Record) -> Call:
        """Name, number and log a call that answers in a way of its own.

        Args:
            record: Its kind, its key, and whatever else the trace is to show.
        """
        name = f"{record['kind']}:{json.dumps(record.get('key'), sort_keys=True, separators=(',', ':'))}"
        ordinal = self._started[name] = self._started.get(name, -1) + 1
        future: asyncio.Future[Any] = self._loop.create_future()
        # nobody may be left to read an answer that comes too late
        future.add_done_callback(lambda f: f.cancelled() or f.exception())
        call = Call(f"{name}#{ordinal}", ordinal, self._now(), record, future)
        self._log({"id": call.id, "t": call.at, **copy.deepcopy(record)})
        return call

    def log_abort(self, call: Call) -> None:
        """Log that a call was aborted."""
        self._log({"id": call.id, "t": self._now(), "aborted": True})

    async def sleep(self, ms: int) -> None:
        """Return after so many milliseconds."""
        await self._loop.sleep(ms / 1000)

    def _answer_by_itself(self, call: Call, spec: Record) -> None:
        script = spec.get("script", ["ok"])
        outcome = script[min(call.ordinal, len(script) - 1)]

        def answer() -> None:
            if outcome != "ok":
                call.reject(outcome)
            else:
                call.resolve(copy.deepcopy(self._value(spec["value"])) if "value" in spec else call.default_data())

        if spec.get("delay") is None:
            answer()
        else:
            self._timers.append(self._loop.call_later(spec["delay"] / 1000, answer))

    def pending(self) -> list[Call]:
        """The calls without an answer, oldest first; equally old ones by name."""
        return sorted((call for call in self._calls if call.pending), key=lambda call: (call.at, call.id))

    def pick(self, op: Record) -> Call | None:
        """The call that an op means: ``{call: id}`` exactly, or ``{pick: i}``, the i-th pending one, modulo."""
        pending = self.pending()
        if "call" in op:
            return next((call for call in pending if call.id == op["call"]), None)
        return pending[op.get("pick", 0) % len(pending)] if pending else None

    def close(self) -> None:
        """Answer nothing any more; whoever still waits is told that the line is dead."""
        for timer in self._timers:
            timer.cancel()
        for call in self._calls:
            call.reject("the scenario is over")
