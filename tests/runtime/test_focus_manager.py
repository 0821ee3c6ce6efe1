"""Is anyone looking?"""

from __future__ import annotations

import pytest

from query.runtime.focus_manager import FocusManager, focus_manager


class Platform:
    """A window that can be watched; remembers who watches."""

    def __init__(self, *, stoppable=True):
        self.stoppable = stoppable
        self.log = []

    def watch(self, tell):
        self.log.append("watch")
        self.tell = tell
        return (lambda: self.log.append("stop")) if self.stoppable else None


@pytest.mark.parametrize(("said", "focused"), [(None, True), (True, True), (False, False)])
def test_focus_is_what_was_said(said, focused):
    """If nobody said anything, someone looks."""
    assert FocusManager(focused=said).is_focused() is focused
    manager = FocusManager()
    manager.set_focused(said)
    assert manager.is_focused() is focused


def test_the_process_wide_manager_is_focused():
    """Until a program says otherwise."""
    assert focus_manager.is_focused() is True


def test_listeners_are_told_of_what_is_said_anew():
    """With the state that follows, which may be the one before."""
    manager, heard = FocusManager(), []
    manager.subscribe(heard.append)
    for said in (True, True, False, False, None, None):
        manager.set_focused(said)
    assert heard == [True, False, True]


def test_listeners_can_be_told_without_a_change():
    """With the present state."""
    manager, heard = FocusManager(focused=False), []
    manager.subscribe(heard.append)
    manager.on_focus()
    assert heard == [False]


def test_the_platform_says_the_state_or_only_that_it_changed():
    """None announces, a bool is said."""
    manager, platform, heard = FocusManager(), Platform(), []
    manager.set_event_listener(platform.watch)
    manager.subscribe(heard.append)
    platform.tell(False)
    platform.tell(False)
    platform.tell(None)
    platform.tell()
    platform.tell(True)
    assert heard == [False, False, False, True]
    assert manager.is_focused() is True


def test_a_new_way_to_watch_ends_the_old_one():
    """And starts at once."""
    manager, old, new = FocusManager(), Platform(), Platform()
    manager.set_event_listener(old.watch)
    manager.set_event_listener(new.watch)
    assert (old.log, new.log) == (["watch", "stop"], ["watch"])


def test_watching_ends_with_the_last_listener_and_starts_with_the_next():
    """The way to watch is remembered."""
    manager, platform = FocusManager(), Platform()
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
    # Source: focusManager.ts, onSubscribe
    manager, platform = FocusManager(), Platform(stoppable=False)
    manager.set_event_listener(platform.watch)
    manager.subscribe(print)()
    manager.subscribe(print)
    assert platform.log == ["watch"] * 3


def test_without_a_platform_listening_starts_nothing():
    """A program that knows says so."""
    manager = FocusManager()
    manager.subscribe(print)()
    assert manager.has_listeners() is False
