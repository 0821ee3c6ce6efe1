"""A sync client in a world of its own, and functions that block. It must leave no thread, task, timer or complaint."""

from __future__ import annotations

import threading

import pytest

from query import FocusManager, OnlineManager
from query.sync import QueryClient

PATIENCE = 20
"""Seconds after which a thread of a test counts as hanging. Nothing waits for so long when all is well."""


class Gate:
    """A plain function for ``query_fn`` or ``mutation_fn`` that blocks until it is opened.

    ``entered`` is set when it is called; ``calls`` has the arguments, ``threads`` the threads of its calls.
    """

    def __init__(self, answer="data"):
        self.answer = answer
        self.entered = threading.Event()
        self.opened = threading.Event()
        self.calls = []
        self.threads = []

    def __call__(self, *args):
        self.calls.append(args)
        self.threads.append(threading.current_thread())
        self.entered.set()
        assert self.opened.wait(PATIENCE)
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


class Told:
    """A listener: what it was told and by which threads."""

    def __init__(self):
        self.results = []
        self.threads = set()
        self._changed = threading.Condition()

    def __call__(self, result):
        with self._changed:
            self.results.append(result)
            self.threads.add(threading.current_thread().name)
            self._changed.notify_all()

    def wait(self, count):
        """The first *count*, when they are there."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.results) >= count, PATIENCE)
            return self.results[:count]


class Others:
    """Runs functions in other threads and gives their outcomes."""

    def __init__(self):
        self.threads = []

    def start(self, function, *args, **kwargs):
        """Begin; the outcome is what the returned function returns or raises."""
        outcome = []

        def run():
            try:
                outcome.append((function(*args, **kwargs), None))
            except BaseException as error:
                outcome.append((None, error))

        thread = threading.Thread(target=run, daemon=True)
        self.threads.append(thread)
        thread.start()

        def finish():
            thread.join(PATIENCE)
            assert outcome, "the thread hangs"
            result, error = outcome[0]
            if error is not None:
                raise error
            return result

        return finish


@pytest.fixture
def gate():
    """A blocking function; opened after the test, so that nothing hangs."""
    gate = Gate()
    yield gate
    gate.opened.set()


@pytest.fixture
def others():
    """Starts functions in other threads."""
    others = Others()
    yield others
    for thread in others.threads:
        thread.join(PATIENCE)
        assert not thread.is_alive(), thread


@pytest.fixture
def no_thread_left():
    """Nothing that a test starts is alive after it."""
    before = set(threading.enumerate())
    yield
    left = [thread for thread in threading.enumerate() if thread not in before and thread.name.startswith("query ")]
    assert left == [], left


@pytest.fixture
def make_client(no_thread_left, caplog):
    """Makes clients, and closes them after the test. Nothing may be logged that the test does not clear."""
    clients = []

    def make(**arguments):
        client = QueryClient(**{"online_manager": OnlineManager(), "focus_manager": FocusManager(), **arguments})
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.close()
        assert client.leaks() == [], client.leaks()
    said = [record.getMessage() for record in caplog.records]
    assert said == [], said


@pytest.fixture
def sync_client(make_client):
    """A client, mounted."""
    client = make_client()
    client.mount()
    return client
