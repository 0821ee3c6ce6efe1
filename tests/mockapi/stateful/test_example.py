"""One example of a machine leaves the process as it was."""

from __future__ import annotations

from mockapi.stateful.example import Example
from query import QueryClient
from query.runtime.focus_manager import focus_manager
from query.runtime.online_manager import online_manager


def test_the_process_is_online_and_focused_again():
    """A client of the program goes by the managers of the process, and so do other tests."""
    example = Example(QueryClient, None)
    assert example.focus is focus_manager
    assert example.online is online_manager
    example.do("focus", lambda: example.focus.set_focused(False))
    example.do("offline", lambda: example.online.set_online(False))
    example.close()
    assert focus_manager.is_focused()
    assert online_manager.is_online()
