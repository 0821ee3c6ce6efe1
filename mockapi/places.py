"""Where in the user's code something happened: the line to show in a message."""

from __future__ import annotations

import os
import sys
import sysconfig
from types import CodeType, FrameType

_HERE = os.path.dirname(os.path.abspath(__file__))
_ELSEWHERE = (
    _HERE + os.sep,
    # the cache is a library to its users, also where it is not installed but lies beside this package
    os.path.join(os.path.dirname(_HERE), "query") + os.sep,
    *(
        os.path.abspath(path) + os.sep
        for path in {sysconfig.get_path("stdlib"), *map(sysconfig.get_path, ("purelib", "platlib", "scripts"))}
    ),
    "<frozen",
    # how pytest-xdist's workers begin; a script such as bin/pytest is another beginning that sends nothing itself
    "<string>",
)
_MAX_FRAMES = 100
# a registration is found at once; only the way from a request is worth remembering
_SHORT = 6

_is_users: dict[str, bool] = {}


class Place:
    """A line of the user's code, taken at little cost and put into words when somebody asks.

    Args:
        code: The function.
        line: The line in its file.
    """

    __slots__ = ("_code", "line")

    def __init__(self, code: CodeType, line: int) -> None:
        self._code = code
        self.line = line

    def __str__(self) -> str:
        return f"{_short(self._code.co_filename)}:{self.line}"

    @property
    def in_function(self) -> str:
        """The same with the function: "file:line in function"."""
        return f"{self} in {self._code.co_name}"


class _Way:
    """How the nearest line of the user's was found: by how many frames, through which two functions.

    Args:
        depth: Frames from the one who looks.
        codes: The functions that the line called: the one that it called, and the one which that called.
    """

    __slots__ = ("codes", "depth")

    def __init__(self, depth: int, codes: tuple[CodeType, CodeType]) -> None:
        self.depth = depth
        self.codes = codes


_ways: list[_Way] = []


def users_place() -> Place | None:
    """The nearest line on the stack that is neither ours, nor the standard library's, nor an installed package's.

    Every frame that is looked at costs, and a request goes through a dozen of them, the same ones each time. So the
    two ways that led there last are tried first.
    """
    for way in _ways:
        place = _place_by(way)
        if place is not None:
            return place
    codes: list[CodeType] = []
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and len(codes) < _MAX_FRAMES:
        code = frame.f_code
        if is_users(code):
            if len(codes) > _SHORT:
                _ways[:] = [_Way(len(codes), (codes[-1], codes[-2])), *_ways[:1]]
            return Place(code, frame.f_lineno)
        codes.append(code)
        frame = frame.f_back
    return None


def _place_by(way: _Way) -> Place | None:
    # two more than seen from users_place: this function, and the one who calls it
    depth = way.depth + 2
    try:
        frame = sys._getframe(depth)
    except ValueError:
        # the stack is not that deep
        return None
    called, next_called = way.codes
    if (
        _is_users.get(frame.f_code.co_filename)
        and sys._getframe(depth - 1).f_code is called
        and sys._getframe(depth - 2).f_code is next_called
    ):
        return Place(frame.f_code, frame.f_lineno)
    return None


def is_users(code: CodeType) -> bool:
    """Whether a function is the user's: neither ours, nor the standard library's, nor an installed package's.

    Args:
        code: The function.
    """
    name = code.co_filename
    known = _is_users.get(name)
    if known is None:
        known = _is_users[name] = not name.startswith(_ELSEWHERE)
    return known


def registered_at() -> str:
    """The line that registers a mock, as "file:line"."""
    place = users_place()
    return "" if place is None else str(place)


def sent_from() -> str:
    """The line that sends a request, as "file:line in function"; the nearest one that is no library's."""
    place = users_place()
    return "an unknown place (a background task or thread)" if place is None else place.in_function


def _short(path: str) -> str:
    try:
        relative = os.path.relpath(path)
    except ValueError:
        # on another drive
        return path
    return path if relative.startswith("..") else relative
