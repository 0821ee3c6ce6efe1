"""Is anyone looking?"""

from __future__ import annotations

import pytest

from query.runtime.focus_manager import FocusManager, focus_manager


@pytest.mark.parity("QC-focusManager-003")
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


@pytest.mark.parity("QC-focusManager-009")
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


@pytest.mark.parity("QC-focusManager-002")
def test_the_platform_says_the_state_or_only_that_it_changed():
    """None announces, a bool is said."""
    manager, tells, heard = FocusManager(), [], []
    manager.set_event_listener(tells.append)
    manager.subscribe(heard.append)
    tells[0](False)
    tells[0](False)
    tells[0](None)
    tells[0]()
    tells[0](True)
    assert heard == [False, False, False, True]
    assert manager.is_focused() is True
