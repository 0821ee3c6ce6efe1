"""A row: one operation under a name, proved to do the right thing before it is timed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from itertools import repeat
from typing import Any, ClassVar, NamedTuple, TypeVar


class WrongResultError(AssertionError):
    """A row did something else than what it is named for, so its time means nothing."""


def same(got: object, wanted: object, what: str) -> None:
    """Check a part of what a row did.

    Args:
        got: What came out.
        wanted: What is right.
        what: Which part this is.

    Raises:
        WrongResultError: The two are not equal.
    """
    if got != wanted:
        raise WrongResultError(f"{what}: got {got!r:.200}, wanted {wanted!r:.200}")


class Case(NamedTuple):
    """How a row is run.

    Attributes:
        run: Does the operation that many times.
        prove: Called after one run; raises ``WrongResultError`` if that was not right.
        per: How many operations one time is.
        times: How often a sample runs it; 0 for as often as fills a sample.
        prepare: Called before each sample, not timed.
        samples: How many samples; 0 for the usual number.
        is_long: Whether one run takes so long that the proof is all the warming up that it gets.
    """

    run: Callable[[int], Awaitable[object] | None]
    prove: Callable[[], object]
    per: int = 1
    times: int = 0
    prepare: Callable[[], object] | None = None
    samples: int = 0
    is_long: bool = False


def calling(read: Callable[[Any], Any], argument: object, prove: Callable[[], object]) -> Case:
    """The same call over and over.

    Args:
        read: What is called.
        argument: With what.
        prove: Whether that was right.
    """

    def run(times: int) -> None:
        for _ in repeat(None, times):
            read(argument)

    return Case(run, prove)


def awaiting(fetch: Callable[[Any], Awaitable[Any]], options: object, prove: Callable[[], object]) -> Case:
    """The same call over and over, each awaited.

    Args:
        fetch: What is called.
        options: With what.
        prove: Whether that was right.
    """

    async def run(times: int) -> None:
        for _ in repeat(None, times):
            await fetch(options)

    return Case(run, prove)


class Figure(NamedTuple):
    """What a row measured itself.

    Attributes:
        values: One or more measurements, of which the median counts.
        unit: "ns", "bytes" or "" for a plain number.
    """

    values: Sequence[float]
    unit: str = "ns"


Outcome = Case | Figure
Method = Callable[[Any], Outcome | Awaitable[Outcome]]
MethodT = TypeVar("MethodT", bound=Method)


class Topic:
    """Rows about one thing, with what they share. A row is a method; what they share is made in the constructor.

    Args:
        size: One of ``sizes``: of how many things it is about.

    Attributes:
        sizes: At which sizes the rows are run.
        fresh: Whether these rows want a process of their own, since what others left behind would count.
        is_ours_alone: Whether Node has no such rows.
        needs: A package without which these rows cannot be run; None if there is no such package.
    """

    sizes: ClassVar[tuple[int, ...]] = (1,)
    fresh: ClassVar[bool] = False
    is_ours_alone: ClassVar[bool] = False
    needs: ClassVar[str | None] = None

    def __init__(self, size: int) -> None:
        self.size = size

    def close(self) -> None:
        """Drop what the rows shared."""


class _Mark(NamedTuple):
    name: str
    sizes: tuple[int, ...] | None


def row(name: str, *, sizes: tuple[int, ...] | None = None) -> Callable[[MethodT], MethodT]:
    """Make a row of a method.

    Args:
        name: What it is called, with ``{size}`` for the size in short (10k) and ``{n}`` for it in digits.
        sizes: At which of the topic's sizes it is run; None for all.
    """

    def mark(method: MethodT) -> MethodT:
        method.__dict__["_row"] = _Mark(name, sizes)
        return method

    return mark


class Row(NamedTuple):
    """A row at one size.

    Attributes:
        name: What it is called, on both sides.
        topic: What it belongs to.
        size: Its size.
        method: The method of the topic that makes its ``Case`` or ``Figure``.
    """

    name: str
    topic: type[Topic]
    size: int
    method: Method


def short(size: int) -> str:
    """A size as in the names of rows: 10k.

    Args:
        size: The size.
    """
    return f"{size // 1000}k" if size >= 1000 and size % 1000 == 0 else str(size)


def rows_of(topic: type[Topic]) -> Iterator[Row]:
    """The rows of a topic: size by size, in the order of the file.

    Args:
        topic: The topic.
    """
    for size in topic.sizes:
        for method in vars(topic).values():
            mark: _Mark | None = getattr(method, "_row", None)
            if mark is not None and (mark.sizes is None or size in mark.sizes):
                yield Row(mark.name.format(size=short(size), n=size), topic, size, method)
