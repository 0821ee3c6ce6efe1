"""Is this process a server?"""

from __future__ import annotations

import pytest

from query import QueryClient
from query.base.errors import OptionError
from query.runtime.environment import Environment
from query.runtime.environment_manager import EnvironmentManager, environment_manager
from query.runtime.removable import DEFAULT_GC_TIME, Removable


@pytest.fixture(autouse=True)
def nothing_stays_said(monkeypatch):
    """The process-wide manager is as before after each test."""
    monkeypatch.setattr(environment_manager, "_predicate", environment_manager._predicate)


@pytest.mark.parity("QC-environmentManager-001")
def test_no_process_is_a_server_until_a_program_says_so():
    """Neither for want of a window nor for any other reason."""
    assert EnvironmentManager().is_server() is False
    assert environment_manager.is_server() is False


@pytest.mark.parity("QC-environmentManager-002")
def test_a_new_predicate_answers_for_the_whole_process():
    """In both directions, also for clients that are there already."""
    environment = Environment()
    environment_manager.set_is_server(lambda: True)
    assert (environment_manager.is_server(), environment.is_server) == (True, True)
    environment_manager.set_is_server(lambda: False)
    assert (environment_manager.is_server(), environment.is_server) == (False, False)


@pytest.mark.parity("QC-environmentManager-003")
def test_the_predicate_is_asked_each_time():
    """It may depend on what changes."""
    answers = [True, False, True]
    environment, manager = Environment(), environment_manager
    manager.set_is_server(lambda: answers.pop(0))
    assert (manager.is_server(), environment.is_server, manager.is_server()) == (True, False, True)


@pytest.mark.parametrize("own", [True, False])
def test_a_client_s_own_word_wins(own):
    """Whatever the process is."""
    environment_manager.set_is_server(lambda: not own)
    assert QueryClient(is_server=own).environment.is_server is own
    assert QueryClient().environment.is_server is not own


def test_what_is_made_meanwhile_is_kept_as_on_a_server():
    """The answer is read when an entry is made, not when its client was."""
    environment = Environment()
    first = Removable(environment)
    first.update_gc_time(None)
    environment_manager.set_is_server(lambda: True)
    second = Removable(environment)
    second.update_gc_time(None)
    assert (first.gc_time, second.gc_time) == (DEFAULT_GC_TIME, float("inf"))


async def answers_later():
    """What no predicate can be."""


@pytest.mark.parametrize("wrong", [True, lambda request: True, answers_later])
def test_a_predicate_that_cannot_be_asked_is_refused(wrong):
    """A flag, a function that wants an argument, one that answers later."""
    with pytest.raises(OptionError, match="is_server"):
        EnvironmentManager().set_is_server(wrong)
