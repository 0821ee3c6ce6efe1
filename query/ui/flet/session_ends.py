"""What is to end with a session of Flet, which takes no component off its page when it closes."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any, Final

End = Callable[[], object]

_ENDS: Final[weakref.WeakKeyDictionary[Any, dict[End, None]]] = weakref.WeakKeyDictionary()


def end_with(session: Any, end: End) -> None:
    """Call a function when a session closes.

    Args:
        session: The session.
        end: Called without arguments, unless it is forgotten before.
    """
    ends = _ENDS.get(session)
    if ends is None:
        ends = _ENDS[session] = {}
        _watch(session, ends)
    ends[end] = None


def forget(session: Any, end: End) -> None:
    """Let go of what ended before its session.

    Args:
        session: The session.
        end: What ``end_with`` was given.
    """
    _ENDS[session].pop(end, None)


def _watch(session: Any, ends: dict[End, None]) -> None:
    close = session.close

    def close_all() -> None:
        for end in list(ends):
            end()
        ends.clear()
        close()

    # there is one handler of the page's "close" event, and that is the program's own
    session.close = close_all
