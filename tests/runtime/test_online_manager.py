"""Is there a network?"""

from __future__ import annotations

import pytest

from query.runtime.online_manager import OnlineManager, online_manager


@pytest.mark.parametrize("online", [True, False])
def test_a_manager_starts_as_told(online):
    """By default online."""
    assert OnlineManager(online=online).is_online() is online
    assert OnlineManager().is_online() is True
    assert online_manager.is_online() is True


@pytest.mark.parity("QC-onlineManager-011")
def test_listeners_are_told_of_changes_only():
    """With the new state, which is in force by then."""
    manager, heard = OnlineManager(), []
    manager.subscribe(lambda online: heard.append((online, manager.is_online())))
    for online in (True, False, False, True):
        manager.set_online(online)
    assert heard == [(False, False), (True, True)]


@pytest.mark.parity("QC-onlineManager-003", "QC-onlineManager-010")
def test_the_platform_says_the_state():
    """As a program would."""
    manager, tells, heard = OnlineManager(), [], []
    manager.set_event_listener(tells.append)
    manager.subscribe(heard.append)
    tells[0](False)
    tells[0](False)
    assert (heard, manager.is_online()) == ([False], False)
    tells[0](True)
    assert (heard, manager.is_online()) == ([False, True], True)
