"""A test session that records: what pytest tells goes in, files come out.

The process of a test keeps its exchanges until its teardown is over, and makes the function of them. It goes with the
test's last report to the process that writes, which is the same one unless pytest-xdist spreads the tests.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Generator
from importlib import import_module
from pathlib import Path

import msgspec
import pytest

from .. import interception
from ..requests import RequestView
from ..turns import PassedOn
from .capturing import Capture
from .masking import Masker
from .module_file import RecordedModule, is_recording, module_path
from .plan import plan
from .python_source import Written, written

_ATTRIBUTE = "mockapi_recorded"


class Recorder:
    """Records what is sent for real, test by test.

    Args:
        folder: Where recordings lie: their mocks do not answer meanwhile.
        mask: Names that hold secrets, beside those that are known.
        keep: Headers of answers to keep, beside those that are known to matter.
    """

    def __init__(self, folder: Path, mask: tuple[str, ...] = (), keep: tuple[str, ...] = ()) -> None:
        self._folder = folder
        self._mask = mask
        self._keep = keep
        self._captures: list[Capture] = []
        self._lock = threading.Lock()
        self._is_recording = functools.cache(is_recording)

    def passing(self, view: RequestView, base_url: str | None) -> PassedOn:
        """How to send a request for real, and record what comes of it.

        Args:
            view: The request.
            base_url: Where the paths of the mock client belong.
        """
        capture = Capture(view, import_module(view.library), base_url)
        with self._lock:
            self._captures.append(capture)
        return capture.passed_on()

    def wrote(self, source: str) -> bool:
        """Whether a mock comes from a recording. If it answered, nothing could be recorded anew.

        Args:
            source: Where it was registered, as "file:line".
        """
        path = Path(source.rpartition(":")[0]).absolute()
        return path.is_relative_to(self._folder) and self._is_recording(path)

    def take(self, test: str) -> Written | None:
        """The function of a test, made of what was recorded since the last call; None if that is nothing.

        Args:
            test: The node id.
        """
        with self._lock:
            captures, self._captures = self._captures, []
        exchanges = [found for found in (capture.exchange() for capture in captures) if found is not None]
        if not exchanges:
            return None
        masker = Masker(self._mask)
        masker.learn(exchanges)
        origins = {masker.text(exchange.origin) for exchange in exchanges}
        path, colons, name = test.partition("::")
        return written(
            path + colons + masker.text(name), plan(exchanges, masker, keep=self._keep), origins, len(exchanges)
        )


class RecordingSession:
    """The hooks of a session that records.

    Args:
        config: The session's configuration.
        recorder: Who records in this process.
        folder: Where the files go.
    """

    def __init__(self, config: pytest.Config, recorder: Recorder, folder: Path) -> None:
        self._config = config
        self._recorder = recorder
        self._folder = folder
        self._update = bool(config.getoption("mockapi_update"))
        self._writes = not hasattr(config, "workerinput")
        self._modules: dict[Path, RecordedModule] = {}
        self._instead: dict[Path, Path] = {}
        self._counts: dict[Path, list[int]] = {}
        self._before = interception.recorder
        interception.recorder = recorder

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Give the last report of a test what was recorded in it. It may travel as JSON."""
        report = yield
        if call.when == "teardown":
            recorded = self._recorder.take(item.nodeid)
            if recorded is not None:
                setattr(report, _ATTRIBUTE, msgspec.to_builtins(recorded))
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Write it, if this is the process that does."""
        recorded = getattr(report, _ATTRIBUTE, None)
        if self._writes and recorded is not None:
            # reports are kept for the rest of the run, and bodies may be large
            delattr(report, _ATTRIBUTE)
            self._write(msgspec.convert(recorded, Written))

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail a session whose recordings could not be put where they belong."""
        if self._instead and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what was written where, and what was left alone."""
        terminalreporter.section("mockapi recording")
        if not self._counts:
            terminalreporter.line("nothing was recorded: every request was answered by a mock, or none was sent")
        for path, counts in sorted(self._counts.items()):
            terminalreporter.line(f"{self._shown(path)}: {_many(counts[0], 'test')}, {_many(counts[1], 'exchange')}")
        for path, other in sorted(self._instead.items()):
            terminalreporter.line(f"{self._shown(path)} {self._why(path)}: it was left as it is.", red=True)
            advice = "" if not is_recording(path) else ", or run with --mockapi-update to overwrite it"
            terminalreporter.line(f"  Recorded now: {self._shown(other)}. Take over what you need{advice}.")

    def pytest_unconfigure(self) -> None:
        """Record no more."""
        interception.recorder = self._before

    def _write(self, function: Written) -> None:
        path = module_path(function.test, self._folder, self._config.rootpath)
        module = self._modules.get(path)
        if module is None:
            module = self._modules[path] = self._open(path)
        module.put(function)
        module.write()
        counts = self._counts.setdefault(module.path, [0, 0])
        counts[0] += 1
        counts[1] += function.count

    def _open(self, path: Path) -> RecordedModule:
        """The module to write to: that of the path, or a new one beside it if that must be left alone."""
        module = RecordedModule(path)
        number = 1
        while module.exists and (not module.is_ours or (module.is_edited and not self._update)):
            suffix = "_new" if number == 1 else f"_new_{number}"
            number += 1
            module = RecordedModule(path.with_name(f"{path.stem}{suffix}.py"))
            self._instead[path] = module.path
        return module

    def _why(self, path: Path) -> str:
        return "was edited since it was recorded" if is_recording(path) else "is no recording"

    def _shown(self, path: Path) -> str:
        here = self._config.invocation_params.dir
        return path.relative_to(here).as_posix() if path.is_relative_to(here) else str(path)


def start_recording(config: pytest.Config) -> None:
    """Record in this session.

    Args:
        config: The session's configuration.

    Raises:
        pytest.UsageError: The folder is a file.
    """
    folder = Path(config.invocation_params.dir, str(config.getoption("mockapi_record"))).absolute()
    if folder.exists() and not folder.is_dir():
        raise pytest.UsageError(f"--mockapi-record={folder} is a file; expected a folder, which need not exist yet.")
    # the workers of pytest-xdist get it like this
    config.option.mockapi_record = str(folder)
    mask, keep = (tuple(config.getini(name)) for name in ("mockapi_record_mask", "mockapi_record_headers"))
    recorder = Recorder(folder, mask, keep)
    config.pluginmanager.register(RecordingSession(config, recorder, folder), "mockapi_recording")


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
