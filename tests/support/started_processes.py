"""Knows which processes a run has started, directly or not, and which of them are still there.

What is started inherits an environment variable, and keeps it when whoever started it is gone. Browsers write over
the environment of their helpers, which can be told by their session: a driver gives each browser one of its own.
"""

from __future__ import annotations

import os
import time
import uuid
from pathlib import Path


class StartedProcesses:
    """The processes that are started from now on. Linux only; elsewhere there seem to be none.

    Args:
        variable: The name of the variable.
    """

    def __init__(self, variable) -> None:
        self._variable = variable
        self._mark = uuid.uuid4().hex
        self._sessions = set()
        os.environ[variable] = self._mark

    def close(self):
        """Mark no more."""
        del os.environ[self._variable]

    def running(self):
        """Those that are running, as lines of id and command."""
        marked = f"{self._variable}={self._mark}".encode()
        own = os.getsid(0)
        found = {process: _read(process, "environ") for process in Path("/proc").glob("[0-9]*")}
        for process, environ in found.items():
            if marked in environ:
                self._sessions.add(_session(process))
        self._sessions -= {own, None}
        return sorted(
            f"{process.name} {_read(process, 'cmdline').replace(bytes(1), b' ').decode(errors='replace')[:100]}"
            for process, environ in found.items()
            if process.name != str(os.getpid())
            and (marked in environ or _session(process) in self._sessions)
            and not _is_zombie(process)
        )

    def left(self, patience):
        """Those that are still running after so many seconds; less are waited for if they end before.

        Args:
            patience: Seconds that they have to end by themselves.
        """
        end = time.monotonic() + patience
        while (left := self.running()) and time.monotonic() < end:
            time.sleep(0.02)
        return left


def _read(process, name):
    try:
        return (process / name).read_bytes()
    except OSError:
        # it has ended, or belongs to somebody else
        return b""


def _session(process):
    try:
        return os.getsid(int(process.name))
    except OSError:
        return None


def _is_zombie(process):
    # "1234 (name) Z 1 ..."; the name may contain anything
    return _read(process, "stat").rpartition(b")")[2].split()[:1] in ([b"Z"], [])
