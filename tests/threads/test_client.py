"""The methods for threads are those of the client."""

from __future__ import annotations

from typing import Any, overload

import pytest
from signatures import differences

from query import Handle, QueryClient
from query.base.types import Duration
from query.sync import QueryClient as SyncQueryClient
from query.threads.client import BlockingClient
from query.threads.threadsafe import ThreadsafeClient

ONLY_ASYNC = {
    "threadsafe",  # it is what is compared
    "aclose",  # close, where a client is owned
    "discard",  # for a loop that the user ran and ended
}
ONLY_BLOCKING = {"call", "loop_client"}


@pytest.mark.parametrize(
    ("kind", "more"), [(BlockingClient, set()), (ThreadsafeClient, set()), (SyncQueryClient, {"close"})]
)
def test_every_method_is_there_with_the_same_parameters_and_types(kind, more):
    """Names, kinds, defaults and annotations are equal; what returns a Handle[T] returns a T, and takes timeout=."""
    wrong = differences(QueryClient, kind, only_async=ONLY_ASYNC, only_blocking=ONLY_BLOCKING | more)
    assert not wrong, "\n" + "\n".join(wrong)


class Sample:
    """A class with handles."""

    def plain(self, a: int, *, b: str = "b") -> list[int]: ...

    @overload
    def fetch(self, a: int = ..., **rest: str) -> Handle[list[int]]: ...
    @overload
    def fetch(self, a: str, **rest: str) -> Handle[list[str]]: ...
    def fetch(self, a: Any = 1, **rest: str) -> Handle[Any]: ...

    @property
    def width(self) -> int: ...


class Right:
    """What it must look like where one waits."""

    def plain(self, a: int, *, b: str = "b") -> list[int]: ...

    @overload
    def fetch(self, a: int = ..., *, timeout: Duration | None = ..., **rest: str) -> list[int]: ...
    @overload
    def fetch(self, a: str, *, timeout: Duration | None = None, **rest: str) -> list[str]: ...
    def fetch(self, a: Any = 1, *, timeout: Duration | None = None, **rest: str) -> Any: ...

    @property
    def width(self) -> int: ...


class Wrong:
    """What is found."""

    def plain(self, a: int, *, b: str = "c") -> list[int]: ...

    @overload
    def fetch(self, a: int = ..., *, timeout: Duration | None = ..., **rest: str) -> list[int]: ...
    @overload
    def fetch(self, a: str, *, timeout: Duration | None = None, **rest: str) -> list[str]: ...
    def fetch(self, a: Any = 1, **rest: str) -> Any: ...

    def more(self) -> None: ...


def test_the_comparison_finds_what_differs():
    """A method too many, one too few, another default, a missing timeout."""
    assert differences(Sample, Right) == []
    lines = differences(Sample, Wrong)
    assert [line.partition(" among")[0] for line in lines] == [
        "Wrong lacks width",
        "Sample has no more",
        "fetch: expected (self, a: Any = 1, *, timeout: Duration | None = None, **rest: str) -> Any",
        "plain: expected (self, a: int, *, b: str = b) -> list[int]",
        "fetch: did not expect (self, a: Any = 1, **rest: str) -> Any",
        "plain: did not expect (self, a: int, *, b: str = c) -> list[int]",
    ]
    assert differences(Sample, Right, renamed=[("list", "set")]) != []
