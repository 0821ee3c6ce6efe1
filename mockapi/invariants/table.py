"""What an invariant is, and the table in which all of them stand."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from query.base.errors import UnknownOptionError

from ..differences import shown

T = TypeVar("T")


class Fault(NamedTuple):
    """What one check found.

    Attributes:
        was: What is the case.
        expected: What must be.
    """

    was: str
    expected: str


class BrokenInvariant(NamedTuple):
    """One invariant that does not hold, of one query, mutation or observer.

    Attributes:
        name: Its name, as ``skip=`` takes it.
        statement: What it says.
        subject: Of what it does not hold, such as ``query ["projects"]``.
        was: What is the case.
        expected: What must be.
    """

    name: str
    statement: str
    subject: str
    was: str
    expected: str

    def __str__(self) -> str:
        return (
            f"{self.name}: {self.subject}\n    it was    {self.was}\n    must be   {self.expected}\n"
            f"    for       {self.statement}"
        )


class InvariantError(AssertionError):
    """The state of a client cannot be right.

    Attributes:
        broken: What does not hold, each a ``BrokenInvariant``.
    """

    def __init__(self, broken: Sequence[BrokenInvariant], place: str = "this client") -> None:
        self.broken: tuple[BrokenInvariant, ...] = tuple(broken)
        self.place: str = place
        found = "\n".join(f"  {one}".replace("\n", "\n  ") for one in self.broken)
        super().__init__(
            f"{len(self.broken)} invariant(s) of the cache do not hold in {place}:\n{found}\n"
            "Either something wrote a state by hand that cannot be (query.set_state, hydrated data), or the cache has "
            "a bug. To go on without one: check_invariants(client, skip=[name])."
        )

    def __reduce__(self) -> tuple[type[Any], tuple[Any, ...]]:
        return type(self), (self.broken, self.place)


class Invariant(NamedTuple, Generic[T]):
    """One line of the table.

    Attributes:
        name: Its name.
        statement: What it says.
        check: Returns what is wrong with one subject, None if nothing is.
    """

    name: str
    statement: str
    check: Callable[[T], Fault | None]


class Invariants(Generic[T]):
    """The invariants of one kind of subject, filled by its use as a decorator: the docstring is the statement.

    Attributes:
        table: What was taken in, by name.
    """

    def __init__(self) -> None:
        self.table: dict[str, Invariant[T]] = {}

    def __call__(self, check: Callable[[T], Fault | None]) -> Callable[[T], Fault | None]:
        """Take one in.

        Args:
            check: Returns what is wrong with one subject, None if nothing is.
        """
        statement = " ".join((check.__doc__ or "").split())
        self.table[check.__name__] = Invariant(check.__name__, statement, check)
        return check

    def broken(self, subject: T, name: Callable[[], str], skip: Collection[str] = ()) -> list[BrokenInvariant]:
        """What does not hold of a subject.

        Args:
            subject: The subject.
            name: The subject as the message calls it; asked for when there is something to say.
            skip: Names of invariants that are not looked at.
        """
        found: list[BrokenInvariant] = []
        for invariant in self.table.values():
            # first: what is skipped may be what raises
            fault = None if invariant.name in skip else invariant.check(subject)
            if fault is not None:
                found.append(BrokenInvariant(invariant.name, invariant.statement, name(), fault.was, fault.expected))
        return found


def checked_names(skip: Collection[str], known: Collection[str]) -> frozenset[str]:
    """Names of invariants, all of which there are.

    Args:
        skip: What the caller gave.
        known: The names that there are.

    Raises:
        UnknownOptionError: There is no invariant of this name.
    """
    names = [skip] if isinstance(skip, str) else list(skip)
    for name in names:
        if name not in known:
            raise UnknownOptionError("the table of invariants", name, known)
    return frozenset(names)


def key_text(parts: Sequence[Any]) -> str:
    """A key as messages show it, without secrets.

    Args:
        parts: The parts of the key.
    """
    return shown(list(parts))
