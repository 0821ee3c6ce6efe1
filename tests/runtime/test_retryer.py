"""Running a function until it succeeds: retries, pauses and cancelling."""

from __future__ import annotations

import asyncio
import gc
from datetime import timedelta

import pytest

from query.base.errors import LoopError, QueryCancelledError, QueryError
from query.base.types import UNSET
from query.runtime.environment import Environment
from query.runtime.focus_manager import FocusManager
from query.runtime.handle import RunningHandle
from query.runtime.online_manager import OnlineManager
from query.runtime.retryer import Retryer, default_retry_delay


class Told(Retryer):
    """A retryer that passes on what it is told to the functions of a test."""

    def __init__(self, run, environment, told, network_mode, **policies):
        super().__init__(environment, environment.bind())
        self.run, self.told, self.network_mode = run, told, network_mode
        self._policies = policies["retry"], policies["retry_delay"]

    def policies(self):
        return self._policies

    @property
    def name(self):
        return "a run"

    def attempt(self, number):
        first = self.told["first"]
        return first if first is not None and not number else self.run._attempt()

    def can_run(self):
        return self.told["can_run"]()

    def on_fail(self, failure_count, error):
        self.told["on_fail"](failure_count, error)

    def on_pause(self):
        self.told["on_pause"]()

    def on_continue(self):
        self.told["on_continue"]()

    def on_cancel(self, error):
        self.told["on_cancel"](error)


class Run:
    """A retryer, the clock it runs by, and what it told."""

    def __init__(self, environment, clock, function, **config):
        self.clock = clock
        self.environment = environment
        self.log = []
        self.times = []
        self.function = function
        told = {
            "first": None,
            "can_run": lambda: True,
            "on_fail": lambda count, error: self.log.append(f"fail {count}"),
            "on_pause": lambda: self.log.append("pause"),
            "on_continue": lambda: self.log.append("continue"),
            "on_cancel": lambda error: self.log.append("cancel"),
        }
        told |= {name: config.pop(name) for name in told if name in config}
        config = {"retry": 3, "retry_delay": 1.0, "network_mode": "online", **config}
        self.retryer = Told(self, environment, told, **config)
        self.promise = RunningHandle(self.retryer)

    def _attempt(self):
        self.times.append(self.clock.monotonic())
        return self.function(len(self.times))

    def start(self):
        self.retryer.start()
        return self.promise

    def __getattr__(self, name):
        return getattr(self.retryer, name)


@pytest.fixture
def environment(clock):
    """Online and focused, until a test says otherwise."""
    return Environment(clock=clock, online=OnlineManager(), focus=FocusManager())


@pytest.fixture
def run(environment, clock):
    """Make a run of a function of the attempt's number; options by name."""
    return lambda function, **config: Run(environment, clock, function, **config)


def fail(attempt):
    """An attempt that fails, with its number."""
    raise ValueError(attempt)


def fail_until(number, answer="answer"):
    """A function whose attempts fail until the one of this number."""

    def attempt(count):
        if count < number:
            raise ValueError(count)
        return answer

    return attempt


async def forever(attempt):
    """An attempt that never ends by itself."""
    await asyncio.get_running_loop().create_future()


# -- the first attempt


async def test_the_function_is_called_before_start_returns(run):
    """A mock sees its call, and a coroutine its first step."""
    seen = []

    async def attempt(count):
        seen.append("begun")
        await asyncio.sleep(0)
        return "answer"

    made = run(attempt)
    assert seen == []
    promise = made.start()
    assert (seen, made.status) == (["begun"], "pending")
    assert await promise == "answer"
    assert (made.status, made.log) == ("resolved", [])


async def test_a_plain_value_is_an_answer(run):
    """What waits for it still hears of it on a later turn."""
    made, heard = run(lambda attempt: None), []
    made.promise.add_done_callback(heard.append)
    assert made.start() is made.promise
    assert heard == []
    assert await made.promise is None
    await asyncio.sleep(0)
    assert heard == [made.promise]


async def test_any_awaitable_is_awaited(run):
    """A future as well as a coroutine."""
    future = asyncio.get_running_loop().create_future()
    made = run(lambda attempt: future)
    made.start()
    future.set_result("answer")
    assert await made.promise == "answer"


async def test_a_first_awaitable_is_used_instead_of_a_first_call(run, clock):
    """Later attempts call the function."""
    first = asyncio.get_running_loop().create_future()
    made = run(lambda attempt: "called", first=first)
    made.start()
    assert made.times == []
    first.set_exception(ValueError("mine"))
    await clock.advance(1)
    assert (await made.promise, made.times) == ("called", [1.0])


def test_a_run_needs_a_loop(run):
    """Nothing is called without one."""
    with pytest.raises(LoopError, match="no event loop runs"):
        run(fail)


# -- retries


async def test_a_failure_is_followed_by_another_attempt(run, clock):
    """After the delay, and told of with its number; never inside the call that starts the run."""
    made = run(fail_until(3), retry_delay=2.0)
    made.start()
    assert made.log == []
    await clock.settle()
    assert made.log == ["fail 1"]
    await clock.advance(10)
    assert await made.promise == "answer"
    assert (made.times, made.log) == ([0.0, 2.0, 4.0], ["fail 1", "fail 2"])


async def test_the_last_failure_is_the_outcome(run, clock):
    """It is not told of as one that is followed by another."""
    made = run(fail, retry=2)
    made.start()
    await clock.advance(10)
    assert made.status == "rejected"
    with pytest.raises(ValueError, match="3"):
        await made.promise
    assert (len(made.times), made.log) == (3, ["fail 1", "fail 2"])


@pytest.mark.parametrize(
    ("retry", "attempts"),
    [
        (0, 1),
        (False, 1),
        (1, 2),
        (UNSET, 4),
        (None, 4),
        (lambda count, error: count < 2, 3),
        (lambda count, error: error.args == (1,), 2),
        (lambda count, error: "yes" if count < 1 else "", 2),
    ],
)
async def test_how_often_it_is_tried_again(run, clock, retry, attempts):
    """A number of retries, or a function of the failures so far and the error; three by default."""
    made = run(fail, retry=retry)
    made.start()
    await clock.advance(100)
    assert len(made.times) == attempts
    assert made.status == "rejected"


class FinalError(QueryError):
    retryable = False


@pytest.mark.parametrize(("retry", "attempts"), [(3, 1), (True, 1), (UNSET, 1), (lambda count, error: count < 2, 3)])
async def test_a_number_of_retries_is_not_spent_on_an_error_that_stays(run, clock, retry, attempts):
    """A function decides itself."""

    def always(attempt):
        raise FinalError

    made = run(always, retry=retry)
    promise = made.start()
    await clock.advance(60)
    assert isinstance(promise.exception(), FinalError)
    assert len(made.times) == attempts


@pytest.mark.parametrize("retry", [True, float("inf")])
async def test_true_means_for_ever(run, clock, retry):
    """And not once, though True is 1."""
    made = run(fail_until(50), retry=retry)
    made.start()
    await clock.advance(100)
    assert await made.promise == "answer"
    assert len(made.times) == 50


@pytest.mark.parametrize(("retry", "attempts"), [(UNSET, 1), (None, 1), (2, 3)])
async def test_a_server_does_not_retry_by_default(clock, retry, attempts):
    """A request waits for it."""
    made = Run(Environment(clock=clock, is_server=True), clock, fail, retry=retry)
    made.start()
    await clock.advance(100)
    assert (len(made.times), made.status) == (attempts, "rejected")


@pytest.mark.parametrize(
    ("delay", "times"),
    [
        (UNSET, [0, 1, 3, 7]),
        (None, [0, 1, 3, 7]),
        (0.5, [0, 0.5, 1, 1.5]),
        (lambda count, error: count * 10, [0, 0, 10, 30]),
        (lambda count, error: timedelta(minutes=1), [0, 60, 120, 180]),
    ],
)
async def test_how_long_it_waits_before(run, clock, delay, times):
    """Seconds, or a function of the failures so far and the error; doubled each time by default."""
    made = run(fail, retry_delay=delay)
    made.start()
    await clock.advance(1000)
    assert made.times == times
    assert made.status == "rejected"


def test_the_default_delay_doubles_up_to_half_a_minute():
    """However many failures there were."""
    delays = [default_retry_delay(count, ValueError()) for count in (0, 1, 2, 3, 4, 5, 6, 10**6)]
    assert delays == [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0]


async def test_delay_then_retry_then_on_fail_are_asked(run, clock):
    """With the failures before this one; the delay also where no retry follows."""
    # Source: retryer.ts, run: delay and shouldRetry are both resolved before onFail
    asked = []

    def delay(count, error):
        asked.append(("delay", count, error.args[0]))
        return 1

    def retry(count, error):
        asked.append(("retry", count, error.args[0]))
        return count < 1

    made = run(fail, retry=retry, retry_delay=delay, on_fail=lambda count, error: asked.append(("fail", count)))
    made.start()
    await clock.advance(5)
    assert made.status == "rejected"
    assert asked == [("delay", 0, 1), ("retry", 0, 1), ("fail", 1), ("delay", 1, 2), ("retry", 1, 2)]


@pytest.mark.parametrize("option", ["retry", "retry_delay", "on_fail"])
async def test_what_a_policy_raises_is_the_outcome(run, option):
    """A run always has one."""

    def broken(count, error):
        raise KeyError("mine")

    made = run(fail, **{option: broken})
    made.start()
    with pytest.raises(KeyError, match="mine"):
        await made.promise


async def test_no_more_retries_lets_the_attempt_under_way_be_the_last(run, clock):
    """Its failure is the outcome at once."""
    gate = asyncio.get_running_loop().create_future()
    made = run(lambda attempt: gate)
    made.start()
    made.cancel_retry()
    gate.set_exception(ValueError("mine"))
    await clock.advance(0)
    assert (made.status, made.log) == ("rejected", [])


async def test_no_more_retries_during_a_delay_counts_when_it_is_over(run, clock):
    """With the last error; the attempt is not made."""
    made = run(fail)
    made.start()
    made.cancel_retry()
    await clock.advance(0.9)
    assert made.status == "pending"
    await clock.advance(0.1)
    assert (made.status, made.times) == ("rejected", [0.0])


async def test_retries_can_be_allowed_again(run, clock):
    """Before anybody noticed."""
    made = run(fail_until(2))
    made.start()
    made.cancel_retry()
    made.continue_retry()
    await clock.advance(1)
    assert await made.promise == "answer"


# -- pauses


async def test_without_a_network_a_run_waits_until_it_is_told_to_go_on(run, environment, clock):
    """A network that comes back is not enough: somebody has to say so."""
    environment.online_manager.set_online(False)
    made = run(lambda attempt: "answer")
    assert not made.can_start()
    made.start()
    assert (made.log, made.times) == (["pause"], [])
    made.continue_()
    await clock.settle()
    assert made.log == ["pause"]
    environment.online_manager.set_online(True)
    await clock.settle()
    assert made.log == ["pause"]
    made.continue_()
    assert await made.promise == "answer"
    assert made.log == ["pause", "continue"]


async def test_going_on_twice_goes_on_once(run, environment, clock):
    """And so does going on when nothing is paused."""
    environment.online_manager.set_online(False)
    made = run(lambda attempt: "answer")
    made.start()
    environment.online_manager.set_online(True)
    made.continue_()
    made.continue_()
    assert await made.promise == "answer"
    made.continue_()
    assert (made.log, made.times) == (["pause", "continue"], [0.0])


@pytest.mark.parametrize("mode", ["always", "offline_first"])
async def test_other_modes_make_a_first_attempt_without_a_network(run, environment, mode):
    """At once."""
    environment.online_manager.set_online(False)
    made = run(lambda attempt: "answer", network_mode=mode)
    made.start()
    assert await made.promise == "answer"
    assert made.log == []


async def test_offline_first_waits_for_a_network_before_the_second_attempt(run, environment, clock):
    """After the delay, not instead of it."""
    environment.online_manager.set_online(False)
    made = run(fail_until(2), network_mode="offline_first")
    made.start()
    await clock.advance(0.9)
    assert made.log == ["fail 1"]
    await clock.advance(10)
    assert made.log == ["fail 1", "pause"]
    environment.online_manager.set_online(True)
    made.continue_()
    assert await made.promise == "answer"
    assert made.log == ["fail 1", "pause", "continue"]
    assert made.times == [0.0, 10.9]


async def test_mode_always_retries_without_a_network(run, environment, clock):
    """It never asks."""
    environment.online_manager.set_online(False)
    made = run(fail_until(2), network_mode="always")
    made.start()
    await clock.advance(1)
    assert await made.promise == "answer"


async def test_focus_holds_back_retries_but_no_first_attempt(run, environment, clock):
    """In any mode."""
    environment.focus_manager.set_focused(False)
    made = run(fail_until(2), network_mode="always")
    made.start()
    assert made.times == [0.0]
    assert (made.can_start(), made.can_continue()) == (True, False)
    await clock.advance(1)
    assert made.log == ["fail 1", "pause"]
    environment.focus_manager.set_focused(True)
    assert made.can_continue()
    made.continue_()
    assert await made.promise == "answer"


async def test_a_first_attempt_waits_for_its_turn(run, clock):
    """Network and focus are not all."""
    turn = []
    made = run(lambda attempt: "answer", can_run=lambda: bool(turn))
    assert (made.can_start(), made.can_continue()) == (False, False)
    made.start()
    assert made.log == ["pause"]
    made.continue_()
    await clock.settle()
    assert made.status == "pending"
    turn.append(True)
    assert (made.can_start(), made.can_continue()) == (True, True)
    made.continue_()
    assert await made.promise == "answer"


async def test_a_paused_start_goes_on_though_focus_is_lost(run, environment):
    """It waits for what a start needs, not for what a retry does."""
    environment.online_manager.set_online(False)
    made = run(lambda attempt: "answer")
    made.start()
    environment.focus_manager.set_focused(False)
    environment.online_manager.set_online(True)
    made.continue_()
    assert await made.promise == "answer"


async def test_no_more_retries_does_not_keep_a_paused_start_from_its_attempt(run, environment):
    """The first attempt is no retry."""
    environment.online_manager.set_online(False)
    made = run(lambda attempt: "answer")
    made.start()
    made.cancel_retry()
    environment.online_manager.set_online(True)
    made.continue_()
    assert await made.promise == "answer"


async def test_no_more_retries_while_paused_ends_with_the_last_error(run, environment, clock):
    """When it goes on."""
    made = run(fail)
    made.start()
    environment.focus_manager.set_focused(False)
    await clock.advance(1)
    made.cancel_retry()
    environment.focus_manager.set_focused(True)
    made.continue_()
    with pytest.raises(ValueError, match="1"):
        await made.promise
    assert made.log == ["fail 1", "pause", "continue"]


# -- cancelling


async def test_cancelling_is_the_outcome_at_once(run, clock):
    """What was asked for is in the error, and the one who is told finds the outcome set."""
    seen = []
    made = run(forever, on_cancel=lambda error: seen.append((error, made.status)))
    made.start()
    cause = ValueError("why")
    made.cancel(revert=True, silent=True, cause=cause)
    error = made.promise.exception()
    assert isinstance(error, QueryCancelledError)
    assert (error.revert, error.silent, error.__cause__) == (True, True, cause)
    assert seen == [(error, "rejected")]
    await clock.settle()
    assert made.environment.leaks() == []


async def test_cancelling_is_neither_reverting_nor_silent(run, clock):
    """Unless that is asked for."""
    made = run(forever)
    made.start()
    made.cancel()
    assert (made.promise.exception().revert, made.promise.exception().silent) == (False, False)
    await clock.settle()


@pytest.mark.parametrize("function", [lambda attempt: "answer", fail])
async def test_an_outcome_cannot_be_cancelled(run, function):
    """Nobody is told."""
    made = run(function, retry=0)
    made.start()
    before = made.status
    made.cancel()
    assert (made.status, made.log) == (before, [])


async def test_cancelling_really_stops_the_function(run, clock):
    """It can clean up; what it does then is no outcome."""
    seen = []

    async def attempt(count):
        try:
            await asyncio.get_running_loop().create_future()
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise
        finally:
            await asyncio.sleep(0)
            seen.append("cleaned up")

    made = run(attempt)
    made.start()
    made.cancel()
    await clock.settle()
    assert seen == ["cancelled", "cleaned up"]
    assert made.environment.leaks() == []


@pytest.mark.parametrize("end", ["return", "raise"])
async def test_what_a_cancelled_function_still_delivers_is_ignored(run, clock, end):
    """An answer as well as an error."""

    async def attempt(count):
        try:
            await asyncio.get_running_loop().create_future()
        except asyncio.CancelledError:
            if end == "raise":
                raise ValueError("mine") from None
            return "too late"

    made = run(attempt)
    made.start()
    made.cancel()
    await clock.settle()
    assert isinstance(made.promise.exception(), QueryCancelledError)
    assert (made.log, len(made.times)) == (["cancel"], 1)


async def test_cancelling_ends_a_delay(run, clock):
    """No timer is left."""
    made = run(fail)
    made.start()
    await clock.settle()
    assert len(clock.pending()) == 1
    made.cancel()
    await clock.settle()
    assert clock.pending() == []
    assert made.times == [0.0]


async def test_cancelling_ends_a_pause(run, environment, clock):
    """It is neither abandoned nor gone on with."""
    environment.online_manager.set_online(False)
    made = run(lambda attempt: "answer")
    made.start()
    made.cancel()
    await clock.settle()
    assert made.log == ["pause", "cancel"]
    assert environment.leaks() == []


async def test_a_run_cancelled_in_the_turn_it_goes_on_does_not_go_on(run, environment, clock):
    """The cancellation is the later word."""
    environment.online_manager.set_online(False)
    made = run(lambda attempt: "answer")
    made.start()
    environment.online_manager.set_online(True)
    made.continue_()
    made.cancel()
    await clock.settle()
    assert (made.log, made.times) == (["pause", "cancel"], [])


async def test_the_function_may_cancel_its_own_run(run, clock):
    """Inside the call; its answer is ignored."""

    def attempt(count):
        made.cancel()
        return "answer"

    made = run(attempt)
    made.start()
    assert isinstance(made.promise.exception(), QueryCancelledError)
    await clock.settle()
    assert made.environment.leaks() == []


async def test_an_async_function_that_cancels_its_own_run_is_stopped(run, clock):
    """At its next await."""
    seen = []

    async def attempt(count):
        made.cancel()
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            seen.append("stopped")

    made = run(attempt)
    made.start()
    await clock.settle()
    assert seen == ["stopped"]
    assert made.environment.leaks() == []


@pytest.mark.parametrize("told", ["on_fail", "on_pause", "on_continue"])
async def test_whoever_is_told_may_cancel_the_run(run, environment, clock, told):
    """There is no further attempt."""
    environment.online_manager.set_online(told == "on_fail")
    made = run(fail, **{told: lambda *arguments: made.cancel()})
    made.start()
    environment.online_manager.set_online(True)
    made.continue_()
    await clock.advance(10)
    assert isinstance(made.promise.exception(), QueryCancelledError)
    assert made.times == ([0.0] if told == "on_fail" else [])
    assert environment.leaks() == []


async def test_a_function_that_cancels_itself_reverts_the_run(run, clock):
    """Nobody asked for it, so it is as if the run had not been; the loop's own error is the cause."""

    async def attempt(count):
        raise asyncio.CancelledError("mine")

    made = run(attempt)
    made.start()
    await clock.settle()
    error = made.promise.exception()
    assert isinstance(error, QueryCancelledError)
    assert (error.revert, type(error.__cause__)) == (True, asyncio.CancelledError)
    assert made.log == ["cancel"]


async def test_a_function_that_waits_for_something_cancelled_reverts_the_run(run, clock):
    """It is not retried: a cancellation is no failure."""
    future = asyncio.get_running_loop().create_future()
    made = run(lambda attempt: future)
    made.start()
    future.cancel()
    await clock.advance(10)
    assert made.promise.exception().revert is True
    assert len(made.times) == 1


async def test_a_cancelled_task_reverts_the_run_and_ends(run, environment, clock):
    """As at the end of a loop: who waits is told, and the task is cancelled indeed."""
    made = run(forever)
    made.start()
    (task,) = environment._tasks
    task.cancel()
    await clock.settle()
    assert task.cancelled()
    error = made.promise.exception()
    assert isinstance(error, QueryCancelledError)
    assert (error.revert, type(error.__cause__)) == (True, asyncio.CancelledError)


async def test_closing_the_environment_ends_the_run(run, environment):
    """Nobody is left waiting."""
    made = run(forever)
    made.start()
    await environment.aclose()
    assert made.promise.exception().revert is True


# -- errors of all kinds


class Failed(BaseException):
    """As a failed assertion of a test library, which no program catches."""


@pytest.mark.parametrize("error", [Failed(), GeneratorExit()])
async def test_what_no_program_catches_is_the_outcome(run, error):
    """It is neither retried nor does it hang those who wait."""

    def attempt(count):
        raise error

    made = run(attempt)
    made.start()
    with pytest.raises(type(error)):
        await made.promise
    assert len(made.times) == 1


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
@pytest.mark.usefixtures("told_of_lost_tasks")
def test_an_interrupt_ends_the_loop_and_is_the_outcome(environment, clock, error):
    """A program can be stopped while it fetches."""
    outcomes = []

    async def attempt():
        await asyncio.sleep(0)
        raise error

    async def main():
        made = Run(environment, clock, lambda count: attempt())
        outcomes.append(made.start())
        await asyncio.get_running_loop().create_future()

    with pytest.raises(error):
        asyncio.run(main())
    assert isinstance(outcomes[0].exception(), error)


async def test_what_comes_after_a_cancellation_is_no_news(run, clock):
    """The outcome stands."""

    async def attempt(count):
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            raise Failed

    made = run(attempt)
    made.start()
    made.cancel()
    await clock.settle()
    assert isinstance(made.promise.exception(), QueryCancelledError)


async def test_a_stop_iteration_is_wrapped(run):
    """A future cannot hold one: it would end whoever waits."""
    error = StopIteration("mine")

    def attempt(count):
        raise error

    made = run(attempt, retry=0)
    made.start()
    with pytest.raises(RuntimeError, match="^a run raised StopIteration$") as caught:
        await made.promise
    assert caught.value.__cause__ is error


async def test_an_outcome_that_nobody_awaits_leaves_no_warning(run, clock, reported):
    """The state will tell of it."""
    run(fail, retry=0).start()
    await clock.settle()
    gc.collect()
    assert reported == []


async def test_a_run_is_owned_while_it_runs(run, environment, clock):
    """Under its name."""
    gate = asyncio.get_running_loop().create_future()
    made = run(lambda attempt: gate)
    made.start()
    assert environment.leaks() == ["task: a run"]
    gate.set_result("answer")
    await clock.settle()
    assert environment.leaks() == []
