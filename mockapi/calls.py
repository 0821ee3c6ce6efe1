"""What arrived: one record for each call, and assertions in the words of ``unittest.mock``."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, TypeAlias, TypedDict, overload

from typing_extensions import Unpack

from .agreement import agrees
from .body_matchers import data_of, match_content, match_data
from .errors import UnmatchedRequestError
from .file_matcher import match_files
from .forms import SentFile
from .header_matchers import match_cookies, match_headers
from .matchers import Mismatch, PartMatcher
from .places import Place
from .requests import NOT_JSON, RequestView
from .signals import Signal
from .text_matchers import TextMatcher, match_form, match_query
from .views import MockView

Outcome: TypeAlias = Literal["pending", "answered", "failed", "unmatched", "passed"]
"""What became of a request: nothing yet, a response, an error of the mock, no answer, or it was sent for real."""


CallLog: TypeAlias = "Callable[[Call, bool], object]"
"""Told of a call, and whether it has ended."""


class Expected(TypedDict, total=False):
    """What a call is compared with; see ``Call.differences``."""

    query: Mapping[str, Any] | None
    data: Any
    headers: Mapping[str, Any] | None
    cookies: Mapping[str, Any] | None
    form: Mapping[str, Any] | None
    files: Mapping[str, Any] | None
    content: Any
    path: Mapping[str, Any] | None
    deep: bool


class Call:
    """One request that reached a mock, or none.

    Attributes:
        request: The caller's own request, of httpx or httpx2.
        library: "httpx" or "httpx2".
        mock: The mock that answers it; None if none does.
        outcome: What became of it.
        path_params: The values of the parameters in the mock's URL, decoded.
        response: The caller's own response, once it is made; None if the mock raised.
        error: What the mock raised, if it did; or the error of a request that nothing answers.
        started: When it arrived, in seconds since the epoch.
        ended: When it was answered; None while it is not.
        thread: The name of the thread from which it was sent.
        task: The name of the asyncio task from which it was sent; empty for another caller.
    """

    def __init__(
        self,
        view: RequestView,
        mock: MockView | None,
        path_params: Mapping[str, str],
        place: Place | None = None,
    ) -> None:
        self._place = place
        self.view = view
        self.mock = mock
        self.request: Any = view.request
        self.library = view.library
        self.path_params = dict(path_params)
        self.outcome: Outcome = "pending"
        self.response: Any = None
        self.error: BaseException | None = None
        self.started = time.time()
        self.ended: float | None = None
        # told when it has ended, if anybody wants to know
        self._log: CallLog | None = None
        self.thread = threading.current_thread().name
        self.task = _task_name() if view.client == "AsyncClient" else ""

    def end(self, outcome: Outcome, *, response: Any = None, error: BaseException | None = None) -> None:
        """Say what became of it.

        Args:
            outcome: That.
            response: The caller's own response, if there is one.
            error: What was raised, if anything was.
        """
        self.response = response
        self.error = error
        self.outcome = outcome
        self.ended = time.time()
        if self._log is not None:
            self._log(self, True)

    @property
    def problem(self) -> UnmatchedRequestError | None:
        """Why nothing answers it, for a request that fails the test; None for any other."""
        return self.error if isinstance(self.error, UnmatchedRequestError) else None

    @property
    def method(self) -> str:
        """The method, in capitals."""
        return self.view.method

    @property
    def url(self) -> str:
        """The whole URL."""
        return self.view.url

    @property
    def source(self) -> str:
        """Where it was sent from, as "file:line in function"; empty if that is not known."""
        return "" if self._place is None else self._place.in_function

    @property
    def query(self) -> dict[str, Any]:
        """The query parameters, decoded; a list where a name repeats."""
        return {name: values[0] if len(values) == 1 else values for name, values in self.view.query.items()}

    @property
    def headers(self) -> dict[str, str]:
        """The headers, names in lower case."""
        return {name.lower(): value for name, value in self.request.headers.items()}

    @property
    def content(self) -> bytes:
        """The body as it was sent."""
        return self.view.request.content

    @property
    def json(self) -> Any:
        """The body as JSON; None if it is none."""
        return None if self.view.json is NOT_JSON else self.view.json

    @property
    def form(self) -> dict[str, Any] | None:
        """The body as a form; None if it is none."""
        return self.view.form

    @property
    def data(self) -> Any:
        """The body as data: a form, or JSON; None if it is neither."""
        data = data_of(self.view)
        return None if data is NOT_JSON else data

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies; the last of those that share a name."""
        return {name: values[-1] for name, values in self.view.cookies.items()}

    @property
    def files(self) -> dict[str, list[SentFile]]:
        """The files of a multipart form: each field with its files in order; empty if there are none."""
        return {name: list(files) for name, files in (self.view.files or {}).items()}

    def differences(self, **expected: Unpack[Expected]) -> list[Mismatch]:
        """How this call differs from what was expected; what is not given does not count.

        Args:
            query: Query parameters, by the rules of ``match_query``.
            data: Keys of the body by the rules of ``match_data``; anything but a dict or list is compared whole.
            headers: Headers, by the rules of ``match_headers``.
            cookies: Cookies, by the rules of ``match_cookies``.
            form: Text fields of a form, by the rules of ``match_form``.
            files: Files of a form, by the rules of ``match_files``.
            content: The whole body as it was sent, by the rules of ``match_content``.
            path: Parameters of the URL, compared as text.
            deep: Whether *query*, *data* and *form* are compared in part below the top, too.
            **expected: Those above.

        Raises:
            TypeError: A name that is none of these, or a value that the matcher refuses.
        """
        unknown = [name for name in expected if name not in Expected.__annotations__]
        if unknown:
            known = ", ".join(Expected.__annotations__)
            raise TypeError(f"{unknown[0]}= is no part of a request that can be compared; expected one of {known}.")
        deep = expected.get("deep", False)
        matchers: list[PartMatcher] = []
        if (query := expected.get("query")) is not None:
            matchers.append(match_query(query, deep=deep))
        if isinstance(data := expected.get("data"), (Mapping, list)):
            matchers.append(match_data(data, deep=deep))
        if (headers := expected.get("headers")) is not None:
            matchers.append(match_headers(headers))
        if (cookies := expected.get("cookies")) is not None:
            matchers.append(match_cookies(cookies))
        if (form := expected.get("form")) is not None:
            matchers.append(match_form(form, deep=deep))
        if (files := expected.get("files")) is not None:
            matchers.append(match_files(files))
        if "content" in expected:
            matchers.append(match_content(expected["content"]))
        if (path := expected.get("path")) is not None:
            matchers.append(_PathMatcher("path", path, self.path_params))
        outcomes = [matcher.check(self.view) for matcher in matchers]
        found = [outcome for outcome in outcomes if isinstance(outcome, Mismatch)]
        if "data" in expected and not isinstance(data, (Mapping, list)) and not agrees(data, self.data):
            found.append(Mismatch("data", "the body differs", data, self.data))
        return found

    def __repr__(self) -> str:
        return f"<Call {self.method} {self.url}>"


class CallList(Sequence[Call]):
    """Calls in the order in which they arrived; safe to grow from several threads.

    Attributes:
        log: Told of each call when it arrives, and again when it has ended.
    """

    def __init__(self) -> None:
        self.log: CallLog | None = None
        self._calls: list[Call] = []
        self._lock = threading.Lock()
        self._awaited: list[tuple[int, Signal]] = []

    def record(self, call: Call) -> None:
        """Add a call.

        Args:
            call: The call.
        """
        # no lock: appending is safe by itself, and who waits looks at the calls after making known that it waits
        self._calls.append(call)
        if self.log is not None:
            call._log = self.log
            self.log(call, False)
        if self._awaited:
            with self._lock:
                self._tell()

    def forget(self, call: Call) -> None:
        """Take a call out, as if it had never arrived. Does nothing if it is not in.

        Args:
            call: The call.
        """
        with self._lock, contextlib.suppress(ValueError):
            self._calls.remove(call)

    def clear(self) -> None:
        """Forget all calls."""
        with self._lock:
            self._calls.clear()

    def arrived(self, n: int) -> Signal:
        """A signal that is set as soon as there are *n* calls.

        Args:
            n: How many, counted from the first.
        """
        signal = Signal()
        with self._lock:
            self._awaited.append((n, signal))
            self._tell()
        return signal

    def _tell(self) -> None:
        reached = [entry for entry in self._awaited if entry[0] <= len(self._calls)]
        for entry in reached:
            self._awaited.remove(entry)
            entry[1].set()

    @property
    def last(self) -> Call:
        """The latest call.

        Raises:
            AssertionError: There was none.
        """
        if not self._calls:
            raise AssertionError("no call was made, so there is no last one")
        return self._calls[-1]

    @overload
    def __getitem__(self, index: int) -> Call: ...
    @overload
    def __getitem__(self, index: slice) -> list[Call]: ...
    def __getitem__(self, index: int | slice) -> Call | list[Call]:
        return self._calls[index]

    def __len__(self) -> int:
        return len(self._calls)

    def __iter__(self) -> Iterator[Call]:
        return iter(list(self._calls))

    def __repr__(self) -> str:
        return f"<CallList {self._calls!r}>"


class _PathMatcher(TextMatcher):
    """Compares the parameters of the URL."""

    def __init__(self, part: str, wanted: Mapping[str, Any], got: Mapping[str, str]) -> None:
        super().__init__(part, wanted)
        self._got = {name: [value] for name, value in got.items()}

    def sent(self, view: RequestView) -> Mapping[str, list[str]]:
        return self._got


def _task_name() -> str:
    """The asyncio task that runs; empty under another library."""
    try:
        task = asyncio.current_task()
    except RuntimeError:
        return ""
    return "" if task is None else task.get_name()
