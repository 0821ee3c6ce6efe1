"""What a request must have to be answered by a mock: what a matcher is, and why one says no.

The matchers themselves lie beside this file, by the part that they look at: texts, headers, bodies, files.
"""

from __future__ import annotations

import enum
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

import msgspec

from .requests import RequestView
from .secrets import masked


class Absent(enum.Enum):
    """The type of ``ABSENT``."""

    ABSENT = "ABSENT"

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent.ABSENT
"""As a wanted value: the key must not be sent."""


class Mismatch(msgspec.Struct, frozen=True):
    """Why a matcher says no. It counts as false.

    Attributes:
        part: Which part of the request was looked at, such as "query" or "data".
        reason: What is wrong with it, in a few words.
        wanted: What was expected there; shown as a diff against *got*.
        got: What was sent.
    """

    part: str
    reason: str
    wanted: Any = ABSENT
    got: Any = ABSENT

    def __bool__(self) -> bool:
        return False


Matcher: TypeAlias = Callable[[Any], "bool | Mismatch | str"]
"""Takes the caller's request; returns whether it fits, or why not: a ``Mismatch``, or a str that is the reason."""


class PartMatcher:
    """A matcher of ours: looks at the parsed parts, so that many mocks parse a request once.

    Args:
        part: Which part it looks at, such as "query".
        wanted: What is expected there.
    """

    def __init__(self, part: str, wanted: Any) -> None:
        self.part = part
        self.wanted = wanted

    def check(self, view: RequestView) -> bool | Mismatch:
        """Whether the request fits.

        Args:
            view: The request with its parts.
        """
        raise NotImplementedError

    def __call__(self, request: Any) -> bool | Mismatch:
        """The same for the caller's own request.

        Args:
            request: A request of httpx or httpx2.
        """
        return self.check(RequestView(request, type(request).__module__.split(".")[0]))

    def __repr__(self) -> str:
        return f"match_{self.part}({masked(self.wanted)!r})"


class UnusableOutcomeError(TypeError):
    """A function that is used as a matcher returned what is neither yes nor no.

    Args:
        outcome: What it returned.
        hint: What to do instead.
    """

    def __init__(self, outcome: object, hint: str) -> None:
        super().__init__(outcome, hint)
        self.outcome = outcome
        self.hint = hint


def ask(matcher: Matcher, view: RequestView) -> bool | Mismatch:
    """What a matcher says; ours look at the parts that are parsed already.

    Args:
        matcher: The matcher.
        view: The request with its parts.

    Raises:
        UnusableOutcomeError: It returned something else than a bool, a ``Mismatch`` or a reason.
    """
    if isinstance(matcher, PartMatcher):
        return matcher.check(view)
    outcome: Any = matcher(view.request)
    if outcome is True or outcome is False or isinstance(outcome, Mismatch):
        return outcome
    if isinstance(outcome, str) and outcome:
        return Mismatch("match", outcome)
    hint = "Compare, or write bool(...), where any value is meant as yes."
    if inspect.iscoroutine(outcome):
        outcome.close()
        hint = "A matcher is a plain function, not an async one."
    elif outcome is None:
        hint = "Does it lack a return?"
    raise UnusableOutcomeError(outcome, hint)


def check_matchers(match: object) -> tuple[Matcher, ...]:
    """The matchers of a registration, refused if they cannot be some.

    Args:
        match: What was given as ``match=``.

    Raises:
        TypeError: Not a list or tuple of plain callables.
    """
    if callable(match) or isinstance(match, (str, bytes, Mapping)) or not isinstance(match, Sequence):
        raise TypeError(
            f"match={match!r} is {'a single matcher' if callable(match) else type(match).__name__}; expected a list "
            "of matchers. Write match=[match_query({...}), match_data({...})]."
        )
    for position, matcher in enumerate(match):
        if not callable(matcher):
            raise TypeError(
                f"match[{position}] is {matcher!r}, which cannot be called; expected a matcher such as "
                "match_query({...}), match_data({...}), or a function of the request that returns a bool."
            )
        if inspect.iscoroutinefunction(matcher):
            raise TypeError(
                f"match[{position}] is {matcher!r}, an async function; sync callers are matched too, so a matcher is "
                "a plain function of the request."
            )
    return tuple(match)


def checked_names(name: str, wanted: object) -> dict[str, Any]:
    """The keys that a matcher is to compare, refused if they are none.

    Args:
        name: The name of the matcher's function.
        wanted: What was given to it.

    Raises:
        TypeError: Not a mapping, or one with names that are no str.
    """
    if not isinstance(wanted, Mapping):
        raise TypeError(f'{name} takes a dict of the keys to compare, got {wanted!r}. Write {name}({{"key": value}}).')
    for key in wanted:
        if not isinstance(key, str):
            raise TypeError(f"{name} has the name {key!r}; names are sent as text, so expected a str.")
    return dict(wanted)
