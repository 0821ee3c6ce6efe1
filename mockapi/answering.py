"""A mock client's answers: which mock a request gets, and the response that is made of it."""

from __future__ import annotations

import functools
import inspect
import time
from collections.abc import Awaitable
from types import ModuleType
from typing import Any

import anyio

from . import interception, messages, turns
from .answers import PreparedAnswer
from .bodies import EXAMPLE, NEXT, PASS, Computed, Failure, Prepared, call_with, prepare
from .calls import Call
from .client_base import ClientBase
from .contract import MockContract
from .errors import BodyError, GateError, UnmatchedRequestAbort, UnmatchedRequestError, UsedUpError
from .native import make_error, make_response, own_error
from .places import sent_from, users_place
from .requests import RequestView
from .responses import SPENT, ResponseMock
from .streams import run_blocking
from .turns import Below, PassedOn


class Taken:
    """A request with the answer that was taken for it.

    Args:
        layer: Where its mock is registered.
        mock: The mock.
        answer: The answer.
        call: The record of the request.
    """

    __slots__ = ("answer", "call", "layer", "mock")

    def __init__(self, layer: ClientBase, mock: ResponseMock, answer: PreparedAnswer, call: Call) -> None:
        self.layer = layer
        self.mock = mock
        self.answer = answer
        self.call = call


class AnsweringClient(ClientBase):
    """What a mock client is to those who send requests."""

    def respond(self, view: RequestView, library: ModuleType) -> Any:
        """The response to a sync caller.

        Args:
            view: The request.
            library: The caller's library.

        Raises:
            UnmatchedRequestError: Nothing answers it.
        """
        __tracebackhide__ = True
        taken = self._find(view, library)
        if not isinstance(taken, Taken):
            return taken
        try:
            gate = taken.mock.gate
            if gate is not None and not gate.is_released:
                self._check_gate(taken, view)
                gate.pass_through_sync()
            while True:
                body = taken.answer.body
                while isinstance(body, Computed):
                    made = call_with(body, view, taken.call.path_params)
                    if inspect.isawaitable(made):
                        made = run_blocking(_awaited(made))
                    body = self._prepared(made, taken.mock, view)
                if body is not NEXT:
                    break
                older = self._find(view, library, taken)
                if not isinstance(older, Taken):
                    return older
                taken = older
            delay = self._checked_delay(taken, view, library)
            if delay and self._options.real_time:
                time.sleep(delay)
            return self._finish(taken, body, library)
        except BaseException as error:
            own = self._failed(taken.call, error, library)
            if own is error:
                raise
            raise own from error

    async def arespond(self, view: RequestView, library: ModuleType) -> Any:
        """The response to an async caller.

        Args:
            view: The request.
            library: The caller's library.

        Raises:
            UnmatchedRequestError: Nothing answers it.
        """
        __tracebackhide__ = True
        taken = self._find(view, library)
        if not isinstance(taken, Taken):
            return taken
        try:
            gate = taken.mock.gate
            if gate is not None and not gate.is_released:
                await gate.pass_through()
            while True:
                body = taken.answer.body
                while isinstance(body, Computed):
                    made = call_with(body, view, taken.call.path_params)
                    if inspect.isawaitable(made):
                        made = await made
                    body = self._prepared(made, taken.mock, view)
                if body is not NEXT:
                    break
                older = self._find(view, library, taken)
                if not isinstance(older, Taken):
                    return older
                taken = older
            delay = self._checked_delay(taken, view, library)
            if delay:
                await anyio.sleep(delay)
            return self._finish(taken, body, library)
        except BaseException as error:
            own = self._failed(taken.call, error, library)
            if own is error:
                raise
            raise own from error

    def _find(self, view: RequestView, library: ModuleType, after: Taken | None = None) -> Taken | Below | PassedOn:
        """The answer for a request; or ``Below``, or ``PassedOn``, if it is not ours to answer.

        Args:
            view: The request.
            library: The caller's library.
            after: A mock that left it to the older ones.
        """
        __tracebackhide__ = True
        try:
            found = self._found(view, after)
            if found is not None and found[1].contract is not None:
                _check_request(found[1].contract, found[1], view)
        except UnmatchedRequestError as error:
            call = self._record(Call(view, None, {}, users_place())) if after is None else after.call
            call.end("unmatched", error=error)
            self._count_unmatched(error)
            raise
        if after is not None:
            after.mock.calls.forget(after.call)
            after.mock.give_back()
            self._uncount(after.call, after.layer)
        if found is None:
            return self._unfound(view, library, after)
        layer, mock, params, answer = found
        if after is None:
            call = self._record(Call(view, mock, params, users_place()))
        else:
            call = after.call
            call.mock, call.path_params = mock, dict(params)
        self._count(call, layer)
        mock.calls.record(call)
        if answer is SPENT:
            used_up = UsedUpError(messages.used_up(mock, view), view.request)
            call.end("unmatched", error=used_up)
            self._count_unmatched(used_up)
            raise used_up
        if answer.body is PASS:
            return self._passed_on(call)
        return Taken(layer, mock, answer, call)

    def _found(
        self, view: RequestView, after: Taken | None
    ) -> tuple[ClientBase, ResponseMock, dict[str, str], PreparedAnswer] | None:
        layer: ClientBase | None = self
        if after is not None:
            layer = after.layer
            found = layer._registry.find(view, after.mock.number)
            if found is not None:
                return layer, *found
            layer = layer._below
        while layer is not None:
            found = layer._registry.find(view)
            if found is not None:
                return layer, *found
            layer = layer._below
        return None

    def _unfound(self, view: RequestView, library: ModuleType, after: Taken | None) -> Taken | Below | PassedOn:
        """What happens to a request that no mock answers."""
        __tracebackhide__ = True
        call = Call(view, None, {}, users_place()) if after is None else after.call
        call.mock = None
        other = self._otherwise(call, after)
        if after is None and (other is not None or turns.late_turn() is None):
            self._record(call)
        if other is not None:
            return other
        error = self._refusal(view, call)
        policy = self._options.unmatched
        if policy == "abort":
            raise UnmatchedRequestAbort(error)
        if policy == "connect_error":
            raise library.ConnectError(str(error), request=view.request) from error
        raise error

    def _otherwise(self, call: Call, after: Taken | None) -> Taken | Below | PassedOn | None:
        """What else happens to a request that no mock answers; None for a refusal."""
        view = call.view
        allowed = self.allows(str(view.request.url.host))
        if interception.recorder is not None and not allowed:
            return self._passed_on(call, interception.recorder.passing(view, self._options.base_url))
        if self._options.unmatched == "pass" or allowed:
            return self._passed_on(call)
        routes = None if self._routes is None else self._routes[1]
        if routes is not None and (after is None or after.mock is not routes):
            return self._taken_by(routes, call)
        if interception.respx_would_answer(view.library):
            call.end("passed")
            return Below(functools.partial(self._refusal, view, call))
        return None if self._fallback is None else self._taken_by(self._fallback, call)

    def _taken_by(self, mock: ResponseMock, call: Call) -> Taken:
        """A request that is answered by what is not registered."""
        call.mock = mock
        self._count(call, self)
        mock.calls.record(call)
        return Taken(self, mock, mock.answers[0], call)

    def _refusal(self, view: RequestView, call: Call) -> UnmatchedRequestError:
        """The error for a request that nothing answers, recorded where it counts."""
        mocks = [mock for layer in reversed(list(self.layers)) for mock in layer._registry.mocks]
        text = messages.unmatched(view, mocks, sent_from())
        late = turns.late_turn()
        if late is None:
            error = UnmatchedRequestError(text, view.request)
            self._count_unmatched(error)
        else:
            error = UnmatchedRequestError(messages.late(text, late.name), view.request)
            late.client.late.append(error)
        call.end("unmatched", error=error)
        return error

    def _passed_on(self, call: Call, recording: PassedOn | None = None) -> PassedOn:
        """How a request is sent for real: what comes of it is put on record."""
        self._real_hosts.add(str(call.request.url.host))

        def on_response(response: Any) -> None:
            if recording is not None:
                recording.on_response(response)
            call.end("passed", response=response)

        def on_error(error: BaseException) -> None:
            if recording is not None:
                recording.on_error(error)
            call.end("passed", error=error)

        return PassedOn(on_response, on_error)

    def _prepared(self, made: Any, mock: ResponseMock, view: RequestView) -> Prepared:
        """What a function gave, as a body. A mistake in it is the test's, so it must not be lost either."""
        try:
            return prepare(made)
        except TypeError as error:
            refusal = BodyError(messages.unusable_body(mock, view, error), view.request)
            self._count_unmatched(refusal)
            raise refusal from error

    def _check_gate(self, taken: Taken, view: RequestView) -> None:
        gate = taken.mock.gate
        if gate is not None and gate.would_hang():
            refusal = GateError(messages.hanging(taken.mock, view), view.request)
            self._count_unmatched(refusal)
            raise refusal

    def _checked_delay(self, taken: Taken, view: RequestView, library: ModuleType) -> float | None:
        """Seconds before the answer, unless the caller would not wait that long."""
        delay = self._delay if taken.answer.async_delay is None else taken.answer.async_delay
        if delay is not None:
            limit = (view.request.extensions.get("timeout") or {}).get("read")
            if limit is not None and delay > limit:
                text = f"the mock's answer takes {delay:g} s, longer than this client's read timeout of {limit:g} s"
                raise library.ReadTimeout(text, request=view.request)
        return delay

    def _finish(self, taken: Taken, body: Any, library: ModuleType) -> Any:
        call = taken.call
        if body is PASS:
            return self._passed_on(call)
        if isinstance(body, Failure):
            raise make_error(library, body, call.request)
        answer = taken.answer
        if taken.mock.contract is not None or body is EXAMPLE:
            answer, body = self._kept(taken, body)
        response = make_response(library, answer, body, call.request)
        call.end("answered", response=response)
        return response

    def _kept(self, taken: Taken, body: Any) -> tuple[PreparedAnswer, Any]:
        """An answer as its mock's contract allows it."""
        view, contract = taken.call.view, taken.mock.contract
        try:
            if contract is None:
                raise BodyError(messages.no_example(taken.mock), view.request)
            return contract.check_answer(view, taken.answer, body)
        except UnmatchedRequestError as error:
            self._count_unmatched(error)
            raise

    @staticmethod
    def _failed(call: Call, error: BaseException, library: ModuleType) -> BaseException:
        own = own_error(library, error, call.request)
        if call.outcome == "pending":
            call.end("unmatched" if isinstance(own, UnmatchedRequestError) else "failed", error=own)
        return own


def _check_request(contract: MockContract, mock: ResponseMock, view: RequestView) -> None:
    __tracebackhide__ = True
    try:
        contract.check_request(view)
    except UnmatchedRequestError:
        mock.give_back()
        raise


async def _awaited(made: Awaitable[Any]) -> Any:
    return await made
