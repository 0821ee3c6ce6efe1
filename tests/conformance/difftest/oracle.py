"""The oracle as a Python object: one persistent Node process, scenarios in, traces out."""

from __future__ import annotations

import os
import select
import subprocess
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Self

import msgspec

PROTOCOL = 1
START_TIMEOUT = 60.0
"""Seconds that a process may take to begin: a machine that is busy with other things is not a hanging process."""

FOLDER = Path(__file__).resolve().parent.parent
SCRIPT = FOLDER / "oracle.mjs"

Scenario = dict[str, Any]
Trace = list[dict[str, Any]]


class OracleError(RuntimeError):
    """The oracle refused the scenario (a bad op or option name) or crashed on it."""


class OracleDiedError(OracleError):
    """The process ended or did not answer in time; the next request starts a new one."""


class Oracle:
    """A Node process that replays scenarios on query-core.

    Args:
        script: What it runs.
        core: Another package directory of query-core than the pinned one.
        timeout: Seconds without an answer after which the process counts as hanging.

    Attributes:
        info: What the process says of itself: ``protocol``, ``core`` and ``node`` (versions).

    Raises:
        OracleError: It speaks another protocol.
        OracleDiedError: It ended at once, for example without query-core.
    """

    def __init__(self, script: Path = SCRIPT, core: str | None = None, timeout: float = 30.0) -> None:
        self._command = ["node", str(script), *(["--core", core] if core else [])]
        self._timeout = self._answer_timeout = timeout
        self._feeder: threading.Thread | None
        self._start()

    def _start(self) -> None:
        self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._buffer = b""
        self._unread = 0
        self._feeder = None
        self._timeout = START_TIMEOUT
        try:
            self.info = self._exchange({"hello": True})
        except OracleError:
            self.close()
            raise
        self._timeout = self._answer_timeout
        if self.info.get("protocol") != PROTOCOL:
            self.close()
            raise OracleError(f"the oracle speaks protocol {self.info.get('protocol')}, expected {PROTOCOL}")

    def _line(self) -> bytes:
        """The next line of output, within the timeout: an endless loop in there must not hang the test run."""
        stdout = self._process.stdout
        assert stdout
        chunks = [self._buffer]
        while b"\n" not in chunks[-1]:
            if not select.select([stdout], [], [], self._timeout)[0]:
                self._process.kill()
                raise OracleDiedError(f"the oracle gave no answer within {self._timeout:g} s")
            chunk = os.read(stdout.fileno(), 1 << 20)
            if not chunk:
                raise OracleDiedError(f"the oracle process ended (exit {self._process.wait()})")
            chunks.append(chunk)
        line, _, self._buffer = b"".join(chunks).partition(b"\n")
        return line

    def _exchange(self, message: dict[str, Any]) -> dict[str, Any]:
        stdin = self._process.stdin
        assert stdin
        try:
            stdin.write(msgspec.json.encode(message) + b"\n")
            stdin.flush()
        except BrokenPipeError as error:
            raise OracleDiedError(f"the oracle process ended (exit {self._process.wait()})") from error
        return msgspec.json.decode(self._line(), type=dict[str, Any])

    @staticmethod
    def _check(answer: dict[str, Any]) -> Trace:
        if not answer["ok"]:
            raise OracleError(f"{answer.get('kind')}: {answer['error']}")
        trace: Trace = answer["trace"]
        return trace

    def trace(self, scenario: Scenario) -> Trace:
        """The trace of one scenario. It ends a ``traces`` that is not read to its end.

        Raises:
            OracleError: The scenario is wrong, or query-core crashed on it.
            OracleDiedError: There is no answer.
        """
        self._begin()
        return self._check(self._exchange(scenario))

    def traces(self, scenarios: Iterable[Scenario]) -> Iterator[Trace]:
        """The traces of many, in order; a thread feeds the process while they are read.

        Raises:
            OracleError: As ``trace``; or another request came before these were read.
        """
        items = list(scenarios)
        self._begin()
        process = self._process
        self._feeder = threading.Thread(target=self._feed, args=(process, items), daemon=True)
        self._unread = len(items)
        self._feeder.start()
        for scenario in items:
            if process is not self._process:
                raise OracleError("another request ended this stream of traces; read it to its end first")
            line = self._line()
            self._unread -= 1
            try:
                yield self._check(msgspec.json.decode(line, type=dict[str, Any]))
            except OracleError as error:
                error.add_note(f"in {msgspec.json.encode(scenario).decode()}")
                raise

    @staticmethod
    def _feed(process: subprocess.Popen[bytes], items: list[Scenario]) -> None:
        assert process.stdin
        try:
            for scenario in items:
                process.stdin.write(msgspec.json.encode(scenario) + b"\n")
            process.stdin.flush()
        except (BrokenPipeError, ValueError):
            pass  # the reader of the answers will notice

    def _begin(self) -> None:
        """A process that is alive and has no answers in its pipe that belong to an earlier request."""
        if self._unread or self._process.poll() is not None:
            self.close()
            self._start()

    def close(self) -> None:
        """End the process."""
        process = self._process
        if self._feeder is not None and self._feeder.is_alive():
            # nobody reads the answers any more, so the feeder would wait for ever to write into a full pipe
            process.kill()
            self._feeder.join()
        if process.stdin:
            try:
                process.stdin.close()
            except BrokenPipeError:
                pass
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
