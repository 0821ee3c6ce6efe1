"""Is there a network?"""

from __future__ import annotations

import pytest

from query.runtime.online_manager import OnlineManager, online_manager


class Platform:
    """A network card that can be watched; remembers who watches."""

    def __init__(self, *, stoppable=True):
        self.stoppable = stoppable
        self.log = []

    def watch(self, tell):
        self.log.append("watch")
        self.tell = tell
        return (lambda: self.log.append("stop")) if self.stoppable else None


@pytest.mark.parametrize("online", [True, False])
def test_a_manager_starts_as_told(online):
    """By default online."""
    assert OnlineManager(online=online).is_online() is online
    assert OnlineManager().is_online() is True
    assert online_manager.is_online() is True


def test_listeners_are_told_of_changes_only():
    """With the new state, which is in force by then."""
    manager, heard = OnlineManager(), []
    manager.subscribe(lambda online: heard.append((online, manager.is_online())))
    for online in (True, False, False, True):
        manager.set_online(online)
    assert heard == [(False, False), (True, True)]


def test_the_platform_says_the_state():
    """As a program would."""
    manager, platform, heard = OnlineManager(), Platform(), []
    manager.set_event_listener(platform.watch)
    manager.subscribe(heard.append)
    platform.tell(False)
    platform.tell(False)
    assert (heard, manager.is_online()) == ([False], False)


def test_a_new_way_to_watch_ends_the_old_one():
    """And starts at once."""
    manager, old, new = OnlineManager(), Platform(), Platform()
    manager.set_event_listener(old.watch)
    manager.set_event_listener(new.watch)
    assert (old.log, new.log) == (["watch", "stop"], ["watch"])


def test_watching_ends_with_the_last_listener_and_starts_with_the_next():
    """The way to watch is remembered."""
    manager, platform = OnlineManager(), Platform()
    manager.set_event_listener(platform.watch)
    first, second = manager.subscribe(print), manager.subscribe(repr)
    first()
    assert platform.log == ["watch"]
    second()
    second()
    assert platform.log == ["watch", "stop"]
    manager.subscribe(print)
    assert platform.log == ["watch", "stop", "watch"]


def test_a_watch_that_cannot_be_stopped_is_started_for_every_listener():
    """Nothing says that it still runs."""
    manager, platform = OnlineManager(), Platform(stoppable=False)
    manager.set_event_listener(platform.watch)
    manager.subscribe(print)()
    manager.subscribe(print)
    assert platform.log == ["watch"] * 3


def test_without_a_platform_listening_starts_nothing():
    """A program that knows says so."""
    manager = OnlineManager()
    manager.subscribe(print)()
    assert manager.has_listeners() is False
