"""Where in the user's code something happened: the line to show in a message."""

from __future__ import annotations

import os
import sys
import sysconfig
from types import FrameType

_OURS = os.path.dirname(os.path.abspath(__file__)) + os.sep
_ELSEWHERE = tuple(
    os.path.abspath(path) + os.sep
    for path in {sysconfig.get_path("stdlib"), *map(sysconfig.get_path, ("purelib", "platlib"))}
)


def registered_at() -> str:
    """The line that registers a mock, as "file:line"."""
    frame = _first_of_user(sys._getframe(1))
    return "" if frame is None else f"{_short(frame.f_code.co_filename)}:{frame.f_lineno}"


def sent_from() -> str:
    """The line that sends a request, as "file:line in function"; the nearest one that is no library's."""
    frame = _first_of_user(sys._getframe(1))
    if frame is None:
        return "an unknown place (a background task or thread)"
    return f"{_short(frame.f_code.co_filename)}:{frame.f_lineno} in {frame.f_code.co_name}"


def _first_of_user(frame: FrameType | None) -> FrameType | None:
    while frame is not None:
        name = frame.f_code.co_filename
        if not name.startswith((_OURS, "<frozen", *_ELSEWHERE)) and f"{os.sep}query{os.sep}runtime" not in name:
            return frame
        frame = frame.f_back
    return None


def _short(path: str) -> str:
    relative = os.path.relpath(path)
    return path if relative.startswith("..") else relative
