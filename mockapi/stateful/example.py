"""One example of a machine: its loop, its time, its client, and what is left when it ends."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

from query.base.types import UNSET
from query.runtime.timeout_manager import timeout_manager

from ..client import MockApiClient
from ..exploring.loop import DeterministicLoop
from ..exploring.loop_clock import LoopClock
from .at_rest import check_entries, check_mutations
from .entry import Entry
from .errors import CacheViolationError
from .http import HeldServer
from .model import Model
from .mutations import Mutations
from .requests import Request, Requests
from .watchers import Watcher

_STORY = 60
"""Lines of the story that a failure shows."""


class Example:
    """Everything that lives as long as one example.

    Args:
        make_client: Makes the client; called inside the loop.
        mock: Called with a mock client to register mocks of the user's own; None if no request is sent.

    Attributes:
        loop: The loop.
        client: The client.
        model: The oracle.
        requests: What is under way.
        watchers: The observers that are subscribed.
        left: Those that were.
    """

    def __init__(self, make_client: Callable[[], Any], mock: Callable[[MockApiClient], object] | None) -> None:
        self.loop = DeterministicLoop(autojump=False)
        self._clock = LoopClock(self.loop)
        self._exit = contextlib.ExitStack()
        self._exit.enter_context(timeout_manager.using(self._clock))
        self.story: list[str] = []
        self.has_failed = False
        try:
            self.client: Any = self.loop.call(make_client)
            environment = self.client.environment
            self.online: Any = environment.online_manager
            self.focus: Any = environment.focus_manager
            # they may be those of the process, which other tests go by
            for manager, field in ((self.online, "_online"), (self.focus, "_focused")):
                self._exit.callback(setattr, manager, field, getattr(manager, field))
            self.now: Callable[[], float] = environment.now
            self.model = Model(self.now, self.online.is_online, self._happened)
            self.model.is_writing = lambda: bool(self.client.is_mutating())
            for query in self.client.get_query_cache().get_all():
                self.model.entries[query.query_hash] = Entry(query, self.now())
            # what an application listens to is its own affair
            self._heard = [cache for cache in self._caches() if cache.has_listeners()]
            self._unsubscribe = self.client.get_query_cache().subscribe(self.model.on_event)
            self.requests = Requests(self.loop)
            self.mutations = Mutations(self.model, self._hold_mutation, self._call_mutation)
            self.watchers: list[Watcher] = []
            self.left: list[Watcher] = []
            if mock is not None:
                self._exit.callback(HeldServer(self._hold_http, mock).stop)
        except BaseException:
            self.close()
            raise

    # -- requests

    def hold_query(self, name: str, context: Any) -> Any:
        """A query function of the machine was called.

        Args:
            name: What the machine calls the query.
            context: What the function was called with.
        """
        param = getattr(context, "page_param", None)
        request = self.requests.new("query", name, name if param is None else f"{name} page {param!r}")
        self._happened(f"request {request} begins")
        self.model.on_request(context.query_key.text, request)
        self._answer_at_once(request)
        return request.future

    def _hold_mutation(self, name: str, variables: Any) -> Request:
        request = self.requests.new("mutation", name, f"{name}({variables!r})")
        self._happened(f"request {request} begins")
        self._answer_at_once(request)
        return request

    def call_query(self, name: str, context: Any) -> Request:
        """A query function of the user's own was called.

        Args:
            name: What the machine calls the query.
            context: What the function was called with.
        """
        call = self.requests.new("call", name, f"call of {name}")
        self.model.on_request(context.query_key.text, call)
        return call

    def _call_mutation(self, name: str, variables: Any) -> Request:
        return self.requests.new("call", name, f"call of {name}({variables!r})")

    def _hold_http(self, name: str, what: str) -> Request:
        request = self.requests.new("http", name, what if what == name else f"{what} of {name}")
        self._happened(f"request {request} begins")
        self._answer_at_once(request)
        return request

    def _answer_at_once(self, request: Request) -> None:
        ready = self.requests.ready.pop(request.name, None)
        if ready:
            self._happened(f"request {request} is answered at once: {ready[0]!r}")
            request.answer(ready[0])

    # -- steps

    def do(self, doing: str, function: Callable[[], Any]) -> Any:
        """Do something inside the loop, and leave what it sets going for later.

        Args:
            doing: What, for the model.
            function: Does it.
        """
        self.model.doing = doing
        try:
            return self.loop.call(function)
        except asyncio.CancelledError as error:
            # which would end the search instead of the example
            self.has_failed = True
            problem = f"{doing} was answered with CancelledError, and nobody cancelled the caller"
            raise CacheViolationError([problem], self.story[-_STORY:], self.state()) from error
        except BaseException as error:
            self.failed(error)
            raise
        finally:
            self.model.doing = ""

    def settle(self) -> None:
        """Let everything run that can."""
        self._guarded(self.loop.run_until_idle)

    def advance(self, seconds: float) -> None:
        """Let time pass.

        Args:
            seconds: That much.
        """
        self._guarded(lambda: self.loop.advance(seconds))

    def _guarded(self, function: Callable[[], None]) -> None:
        try:
            function()
        except BaseException as error:
            self.failed(error)
            raise

    def entry(self, query_hash: str) -> Entry | None:
        """The entry of a query.

        Args:
            query_hash: Its hash.
        """
        return self.model.entries.get(query_hash)

    # -- looking

    def look(self, *, deep: bool) -> None:
        """Raise what was found wrong.

        Args:
            deep: Everything is at rest: look at everything.

        Raises:
            CacheViolationError: Something was.
        """
        __tracebackhide__ = True
        model = self.model
        if deep:
            now, client = self.now(), self.client
            open_requests = self.requests.open
            away = not self.online.is_online() or not self.focus.is_focused()
            may_pause = away or bool(client.is_mutating())
            queries = [request for request in open_requests if request.fetch is not None]
            check_entries(model, client.get_query_cache(), queries, now, may_pause)
            check_mutations(model, client.get_mutation_cache())
            self.mutations.check()
            for watcher in self.watchers:
                entry = model.entries.get(watcher.observer.get_current_query().query_hash)
                model.problems += watcher.problems(entry, now)
        for context in self.loop.unhandled:
            error = context.get("exception")
            model.wrong(f"nobody heard of: {context['message']}{'' if error is None else f': {error!r}'}")
        self.loop.unhandled.clear()
        if model.problems:
            self.has_failed = True
            raise CacheViolationError(model.problems, self.story[-_STORY:], self.state())

    def failed(self, error: BaseException) -> None:
        """Note that the example failed by something of its own, and tell in its error how things were.

        Args:
            error: What it failed with.
        """
        # Hypothesis ends examples that it gives up by an error of its own, which shall stay as it is
        if isinstance(error, Exception) and not self.has_failed:
            error.add_note("What happened:\n" + "\n".join(f"  {line}" for line in self.story[-_STORY:]))
            error.add_note("How things are:\n" + "\n".join(f"  {line}" for line in self.state()))
        self.has_failed = True

    def _happened(self, what: str) -> None:
        self.story.append(f"{self.loop.time():>8g} s    {what}")

    def step(self, what: str) -> None:
        """A rule begins.

        Args:
            what: In words.
        """
        self.story.append(f"{self.loop.time():>8g} s  {what}")

    def state(self) -> list[str]:
        """How things are, in one line each."""
        online = "online" if self.online.is_online() else "offline"
        focus = "focused" if self.focus.is_focused() else "not focused"
        lines = [f"{self.loop.time():g} s have passed; {online}, {focus}"]
        for query in self.client.get_query_cache().get_all():
            state = query.state
            data = "no data" if state.data is UNSET else f"{state.data!r} of {_age(self.now() - state.data_updated_at)}"
            marks = [
                f"{len(query.observers)} observer(s)" if query.observers else "",
                "invalidated" if state.is_invalidated else "",
                f"{state.fetch_failure_count} failure(s)" if state.fetch_failure_count else "",
                f"error {state.error!r}" if state.error is not None else "",
            ]
            known = self.model.entries.get(query.query_hash)
            if known is not None and known.waiters:
                marks.append(f"{len(known.waiters)} waiter(s)")
            told = "".join(f", {mark}" for mark in marks if mark)
            lines.append(f"{query.query_key!r}: {state.status}, {state.fetch_status}, {data}{told}")
        lines += [f"{mutation!r}" for mutation in self.client.get_mutation_cache().get_all()]
        lines += [f"request {request} is under way" for request in self.requests.open if request.kind != "call"]
        return lines

    # -- the end

    def end(self) -> None:
        """Leave, clear and close, and see that nothing is left.

        Raises:
            CacheViolationError: Something is.
        """
        __tracebackhide__ = True
        model, client, loop = self.model, self.client, self.loop
        self.step("the end: everybody leaves, and the client is cleared and closed")
        for watcher in self.watchers:
            self.do("clear", watcher.leave)
        self.do("clear", client.clear)
        self.settle()
        self.look(deep=True)
        for line in loop.leaks():
            # mutations may go on after a clear, and who waits for them
            if line.startswith("the task fetch of"):
                model.wrong(f"left after client.clear(): {line}")
        for line in client.leaks():
            if "mutation" not in line and "Mutation" not in line and "resuming" not in line:
                model.wrong(f"left after client.clear(): {line}")
        for watcher in self.watchers + self.left:
            if watcher.told_late:
                model.wrong(f"an observer of {watcher.name} was told of a result after it had left")
        for request in self.requests.open:
            if request.kind != "call":
                request.cancel()
        self.do("clear", lambda: loop.create_task(client.aclose(), name="aclose"))
        self.settle()
        self._unsubscribe()
        model.problems += [f"left after client.aclose(): {line}" for line in loop.leaks()]
        loop.unhandled.clear()
        model.problems += [f"left after client.aclose(): {line}" for line in client.leaks()]
        for manager in (*self._caches(), self.online, self.focus):
            if manager.has_listeners() and manager not in self._heard:
                model.wrong(f"left after client.aclose(): a listener of {type(manager).__name__}")
        self.look(deep=False)

    def _caches(self) -> tuple[Any, Any]:
        return self.client.get_query_cache(), self.client.get_mutation_cache()

    def close(self) -> None:
        """Let go of everything. Raises nothing."""
        try:
            self.loop.end()
        finally:
            self._exit.close()


def _age(seconds: float) -> str:
    return f"{seconds:g} s ago"
