"""MutationObserver for threads."""

from __future__ import annotations

import threading

import pytest
from signatures import observer_differences

import query
from query import Handle, MutationOptions
from query.sync import MutationObserver


@pytest.fixture
def observer(sync_client, gate):
    """Of mutations by ``gate``."""
    return MutationObserver(sync_client, MutationOptions(mutation_fn=gate))


def test_every_method_is_there_with_the_same_parameters_and_types():
    """As the client's: Handle[T] is T, and what waits takes timeout=."""
    wrong = observer_differences(query.MutationObserver, MutationObserver)
    assert not wrong, "\n" + "\n".join(wrong)


def test_mutate_returns_what_the_function_delivers(observer, gate):
    """It waits for the function, which may block, and for the callbacks of the options."""
    gate.opened.set()
    assert observer.mutate("Apollo") == "data"
    assert gate.calls[0][0] == "Apollo"
    result = observer.get_current_result()
    assert (result.status, result.data, result.variables) == ("success", "data", "Apollo")
    assert repr(observer) == "<MutationObserver success>"


def test_mutate_raises_what_the_function_raised(observer, gate):
    """The very error."""
    gate.answer = ValueError("no")
    gate.opened.set()
    with pytest.raises(ValueError, match="no") as caught:
        observer.mutate(1)
    assert observer.get_current_result().error is caught.value


def test_a_write_that_nobody_waits_for_any_more_goes_on(observer, sync_client, gate):
    """A timeout ends the waiting."""
    with pytest.raises(TimeoutError):
        observer.mutate(1, timeout=0)
    assert sync_client.is_mutating() == 1
    gate.opened.set()
    done = threading.Event()
    unsubscribe = observer.subscribe(lambda result: result.is_success and done.set())
    assert observer.get_current_result().is_success or done.wait(20)
    unsubscribe()


def test_listeners_and_callbacks_of_the_call(observer, gate):
    """Listeners are called in their thread, callbacks in the loop, while somebody listens."""
    gate.opened.set()
    seen, done = [], threading.Event()

    def listener(result):
        seen.append((threading.current_thread().name, result.status))
        if result.is_success:
            done.set()

    unsubscribe = observer.subscribe(listener)
    where = []
    observer.mutate(1, on_success=lambda *args: where.append(threading.current_thread().name))
    assert done.wait(20)
    unsubscribe()
    assert seen == [("query listeners", "pending"), ("query listeners", "success")]
    assert where == ["query loop"]


def test_the_functions_of_a_result_wait(observer, gate):
    """mutate returns a handle that is done; reset forgets."""
    gate.opened.set()
    handle = observer.get_current_result().mutate(1)
    assert isinstance(handle, Handle)
    assert handle.result() == "data"
    observer.get_current_result().reset()
    assert observer.get_current_result().is_idle
    observer.mutate(2)
    observer.reset()
    assert observer.get_current_result().is_idle


def test_other_options_are_for_the_next_mutation(observer):
    """As in the loop."""
    observer.set_options(MutationOptions(mutation_fn=lambda variables, context: variables * 2, retry=1))
    assert observer.options.retry == 1
    assert observer.mutate(2) == 4
