"""One registered mock: which requests it answers, and with what."""

from __future__ import annotations

import threading
from collections.abc import Callable, ItemsView, Sequence
from typing import Any, Literal, Self, TypeAlias

import msgspec

from query.base.types import UNSET, Duration

from . import messages
from .answers import HeaderTypes, PreparedAnswer, checked_delay, checked_headers, checked_status, checked_times
from .bodies import EXAMPLE, Body, Content, prepare
from .called import Called
from .calls import CallList
from .contract import Contract, MockContract
from .errors import MatcherError
from .gates import Gate
from .matchers import Matcher, Mismatch, PartMatcher, ask
from .requests import RequestView
from .scenarios import Then, When
from .text_matchers import QueryMatcher
from .urls import UrlPattern

Ending: TypeAlias = Literal["repeat", "fail", "fall_through"]
"""What comes after the last answer of a sequence: that again, a miss, or the older mocks."""

SPENT = PreparedAnswer(body=Content(b""))
"""What a sequence that fails at its end gives then, known by identity."""


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """Which requests a mock answers, beside the state that it keeps.

    Attributes:
        url: The URL.
        methods: The methods, in capitals.
        match: Matchers that must all agree.
        when: The states of a scenario in which it answers; None for any.
        then: The state to which it moves a scenario; None for none.
    """

    url: UrlPattern
    methods: tuple[str, ...]
    match: tuple[Matcher, ...] = ()
    when: When[Any] | None = None
    then: Then[Any] | None = None


class ResponseMock(Called):
    """A mock and what arrived at it: what ``add_mock_response`` returns.

    Attributes:
        calls: The calls that it answered, in order.
        methods: The methods that it answers, in capitals.
        source: Where it was registered, as "file:line".
        required: Whether it must be called in its test; None for what the client says of unused mocks.
        contract: What it and requests for it must keep to; None for nothing.
        wanted_texts: Query parameters that a request must have, each with all its values; None if there are none. The
            registry files by them the many mocks that differ by their query alone.
    """

    def __init__(
        self,
        *,
        number: int,
        rule: Rule,
        answers: Sequence[PreparedAnswer],
        ending: Ending = "repeat",
        times: int | None = None,
        required: bool | None = None,
        label: str | None = None,
        source: str = "",
        remove: Callable[[ResponseMock], None],
    ) -> None:
        self.number = number
        self.url = rule.url
        self.methods = rule.methods
        self.match = rule.match
        self.when = rule.when
        self.then = rule.then
        self.answers: tuple[PreparedAnswer, ...] = tuple(answers)
        self.ending = ending
        self.times = times
        self.required = required
        self.label = label
        self.source = source
        self.calls = CallList()
        self.wanted_texts = self._texts()
        self.contract: MockContract | None = None
        self._remove = remove
        self._used = 0
        self._lock = threading.Lock()
        self._gate: Gate | None = None

    # -- matching

    def take(self, view: RequestView) -> PreparedAnswer | None:
        """The answer to a request that fits, one use of the mock being taken; None if it does not fit.

        Args:
            view: A request whose method and path fit.

        Raises:
            MatcherError: A matcher raised an error.
        """
        if not self.fits(view):
            return None
        with self._lock:
            if self.times is not None and self._used >= self.times:
                return None
            if (self.when is not None or self.then is not None) and not _moved(self.when, self.then):
                return None
            at = self._used
            self._used += 1
        if at < len(self.answers):
            return self.answers[at]
        return SPENT if self.ending == "fail" else self.answers[-1]

    def give_back(self) -> None:
        """Undo one use: its answer was not wanted after all."""
        with self._lock:
            self._used -= 1

    def fits(self, view: RequestView) -> bool:
        """Whether the mock would answer a request.

        Args:
            view: A request whose method and path fit.

        Raises:
            MatcherError: A matcher raised an error.
        """
        if self.times is not None and self._used >= self.times:
            return False
        if self.url.origin is not None and view.origin != self.url.origin:
            return False
        if self.when is not None and not self.when.holds:
            return False
        if self.url.query is not None and not self.url.query.check(view):
            return False
        for matcher in self.match:
            try:
                if not ask(matcher, view):
                    return False
            except Exception as error:
                text = messages.failing_matcher(matcher, self, view, error)
                raise MatcherError(text, view.request) from error
        return True

    def parts(self, view: RequestView) -> list[tuple[str, Mismatch | None]]:
        """What the mock looks at beside method and path, each with why it does not fit; None if it does.

        Args:
            view: A request.
        """
        found: list[tuple[str, Mismatch | None]] = []
        if self.url.origin is not None:
            fits = view.origin == self.url.origin
            found.append(("host", None if fits else Mismatch("host", f"wanted {self.url.origin}, got {view.origin}")))
        matchers: tuple[Matcher, ...] = self.match if self.url.query is None else (self.url.query, *self.match)
        for matcher in matchers:
            part = matcher.part if isinstance(matcher, PartMatcher) else "match"
            try:
                outcome = ask(matcher, view)
            except Exception as error:  # noqa: BLE001 - it is put into words
                found.append((part, Mismatch(part, f"{messages.matcher_name(matcher)} {messages.fault(error)}")))
                continue
            if not outcome and not isinstance(outcome, Mismatch):
                outcome = Mismatch(part, f"{messages.matcher_name(matcher)} said {outcome!r}")
            found.append((part, outcome if isinstance(outcome, Mismatch) else None))
        if self.when is not None:
            found.append(("state", None if self.when.holds else Mismatch("state", self.when.reason)))
        if self.is_used_up and all(mismatch is None for _, mismatch in found):
            found.append(("times", Mismatch("times", f"used up ({self._used} of {self.times})")))
        return found

    def mismatches(self, view: RequestView) -> list[Mismatch]:
        """Why the request does not fit, leaving method and path aside.

        Args:
            view: A request.
        """
        return [mismatch for _, mismatch in self.parts(view) if mismatch is not None]

    def _texts(self) -> ItemsView[str, list[str]] | None:
        texts: dict[str, list[str]] = {} if self.url.query is None else dict(self.url.query.texts)
        for matcher in self.match:
            if isinstance(matcher, QueryMatcher):
                # of two that ask for different values of a name, one is enough to say no
                texts = {**matcher.texts, **texts}
        return texts.items() if texts else None

    # -- its life

    @property
    def is_used_up(self) -> bool:
        """Whether it has answered as often as ``times`` allows."""
        return self.times is not None and self._used >= self.times

    @property
    def used(self) -> int:
        """How many answers were taken."""
        return self._used

    @property
    def gate(self) -> Gate | None:
        """What its answers wait for now; None for nothing."""
        return self._gate

    @property
    def name(self) -> str:
        """Its own name if it has one, method and URL, for messages."""
        text = f"{'|'.join(self.methods)} {self.url.text}"
        return text if self.label is None else f"{text} ({self.label})"

    def pause(self) -> Gate:
        """Hold back its next answers until ``gate.release()``. No clock is involved.

        Returns:
            The gate; the same one while it is not released.
        """
        if self._gate is None or self._gate.is_released:
            self._gate = Gate()
        return self._gate

    def update(
        self,
        *,
        body: Body = UNSET,
        status_code: int | None = None,
        headers: HeaderTypes | None = None,
        async_delay: Duration | None = None,
        times: int | None = None,
        required: bool | None = None,
    ) -> Self:
        """Answer otherwise from now on; its place among the mocks stays. What is not given stays.

        Args:
            body: The body.
            status_code: The status.
            headers: All headers of the answer.
            async_delay: Seconds, or a timedelta.
            times: How often to answer in all, those before counted.
            required: Whether it must be called.

        Returns:
            The mock itself.

        Raises:
            TypeError: It is a sequence, whose answers cannot be told apart here; a value of a wrong kind.
            ValueError: A value that cannot be.
        """
        if len(self.answers) > 1:
            raise TypeError(f"{self.name} answers with a sequence; register another one instead of update().")
        changes: dict[str, Any] = {}
        if body is not UNSET:
            changes["body"] = prepare(body)
        if status_code is not None:
            changes["status_code"] = checked_status(status_code)
        if headers is not None:
            changes["headers"] = checked_headers(headers)
        if async_delay is not None:
            changes["async_delay"] = checked_delay(async_delay)
        self.answers = self._kept(tuple(msgspec.structs.replace(answer, **changes) for answer in self.answers))
        if times is not None:
            self.times = checked_times(times)
        self.required = self.required if required is None else required
        return self

    def keep_to(self, contract: Contract | None) -> None:
        """Look whether it does what it must, and see to it from now on.

        Args:
            contract: What all mocks of its client must keep to; None for nothing.

        Raises:
            MockContractError: It does not.
            TypeError: Its body is an example, and there is nothing to take one from.
        """
        self.contract = None if contract is None else contract.check_mock(self)
        self.answers = self._kept(self.answers)

    def _kept(self, answers: tuple[PreparedAnswer, ...]) -> tuple[PreparedAnswer, ...]:
        if self.contract is not None:
            return self.contract.check_answers(answers)
        if any(answer.body is EXAMPLE for answer in answers):
            raise TypeError(messages.no_example(self))
        return answers

    def reset(self) -> None:
        """Forget its calls, and that it was used or paused."""
        self.calls.clear()
        self._used = 0
        self.let_go()
        for step in (self.when, self.then):
            if step is not None:
                step.scenario.reset()

    def let_go(self) -> None:
        """Release its gate, if there is one: nobody may wait for a test that is over."""
        if self._gate is not None:
            self._gate.release()

    def remove(self) -> None:
        """Take the mock out: an older one answers again. Its calls stay readable."""
        self._remove(self)

    def __repr__(self) -> str:
        return f"<ResponseMock {self.name}, {len(self.calls)} calls>"


def _moved(when: When[Any] | None, then: Then[Any] | None) -> bool:
    """Whether the scenario is where it must be; if so, it goes on."""
    if when is not None and not when.scenario.move(when, then):
        return False
    if then is not None and (when is None or when.scenario is not then.scenario):
        then.scenario.move(None, then)
    return True
