"""Every error this package raises, in one family.

QueryError
├── QueryCancelledError       a fetch was cancelled before it finished
├── MissingQueryFnError       a query without query_fn was asked to fetch
├── MissingMutationFnError    a mutation without mutation_fn was asked to run
├── MissingQueryClientError   (also LookupError) a hook without a client above it
├── NoDataError               a query_fn delivered UNSET
├── DehydratedError           an error of another time or place, of which only a description is left
├── RedactedError             an error that was not to be told
├── HydrationError            (also TypeError) a stored state that is none
├── SerializationError        (also TypeError) data that cannot be written
├── ResultTimeoutError        (also TimeoutError) no result was what somebody waited for
├── QueryKeyError             (also TypeError) a key that cannot be one
├── OptionError               (also TypeError) an option that cannot be right
│   └── UnknownOptionError    an option name that does not exist
└── LoopError                 (also RuntimeError) a client used without its event loop
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any, ClassVar


class QueryError(Exception):
    """Base of every error this package raises itself. What a query_fn raises stays what it is.

    Attributes:
        retryable: Whether another try may end otherwise. A number of retries is not spent on one that cannot; a
            function given as ``retry`` decides itself.
    """

    retryable: ClassVar[bool] = True

    # exceptions are copied and unpickled by calling the class with the message, which most of these do not take
    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self), self.args), self.__dict__


def _again(kind: type[QueryError], args: tuple[object, ...]) -> QueryError:
    error = kind.__new__(kind)
    # not through __new__: that of a TimeoutError, which is an OSError, leaves them to __init__
    error.args = args
    return error


class QueryCancelledError(QueryError):
    """A fetch was cancelled before it finished.

    Not to be confused with ``asyncio.CancelledError``, which cancels a *task*: cancelling a task that awaits a
    query never cancels the fetch that others share.

    Attributes:
        revert: The query went back to its state from before the fetch.
        silent: Nobody was meant to see it: a newer fetch took over, or the query was removed.

    Source: retryer.ts, CancelledError.
    """

    def __init__(self, *, revert: bool = False, silent: bool = False) -> None:
        super().__init__("the fetch was cancelled before it finished")
        self.revert = revert
        self.silent = silent


def is_cancelled_error(error: object) -> bool:
    """Whether *error* says that a fetch was cancelled.

    Args:
        error: Anything, such as a result's ``error``.

    Source: retryer.ts, isCancelledError.
    """
    return isinstance(error, QueryCancelledError)


class MissingQueryFnError(QueryError):
    """A query was asked to fetch, but nobody said how.

    Attributes:
        query_hash: The hash of the query's key.
        skipped: Its query_fn is ``skip_token``.
    """

    def __init__(self, query_hash: str, *, skipped: bool = False) -> None:
        what = "has skip_token as its query_fn" if skipped else "has no query_fn"
        todo = (
            "Give it a real query_fn before asking it to fetch."
            if skipped
            else "Pass query_fn= in its options, or set one with client.set_query_defaults()."
        )
        super().__init__(f"query {query_hash} {what}, so it cannot be fetched. {todo}")
        self.query_hash = query_hash
        self.skipped = skipped


class MissingMutationFnError(QueryError):
    """A mutation was asked to run, but nobody said how."""

    def __init__(self) -> None:
        super().__init__(
            "the mutation has no mutation_fn, so it cannot run. "
            "Pass mutation_fn= in its options, or set one with client.set_mutation_defaults()."
        )


class MissingQueryClientError(QueryError, LookupError):
    """A hook was called in a component that has no ``QueryClientProvider`` above it."""

    def __init__(self, said: str | None = None) -> None:
        super().__init__(
            "there is no query client here. Put QueryClientProvider(..., client=client) above the component that calls "
            "the hook, or pass the client to the hook: use_query(options, client)."
            if said is None
            else said
        )


class NoDataError(QueryError):
    """A query_fn delivered ``UNSET``, which means "no data".

    Attributes:
        query_hash: The hash of the query's key.
    """

    def __init__(self, query_hash: str) -> None:
        super().__init__(
            f"the query_fn of query {query_hash} delivered UNSET, which means 'no data'. "
            "Return a value; None is one, and is cached like any other."
        )
        self.query_hash = query_hash


class ResultTimeoutError(QueryError, TimeoutError):
    """No result of an observer was what somebody waited for, within the time that he gave it.

    Attributes:
        query_hash: The hash of the query's key.
        timeout: The time, in seconds.
    """

    def __init__(self, query_hash: str, timeout: float, last: str) -> None:
        super().__init__(
            f"no result of query {query_hash} fulfilled the predicate within {timeout:g} s. The last one was {last}."
        )
        self.query_hash = query_hash
        self.timeout = timeout


class DehydratedError(QueryError):
    """An error of another time or place: it was stored with its query, and only a description of it is left.

    Attributes:
        type: The name of its class, such as ``"TimeoutError"``.
        message: What it said.
    """

    def __init__(self, type: str, message: str) -> None:
        super().__init__(message)
        self.type = type
        self.message = message

    def __repr__(self) -> str:
        return f"DehydratedError(type={self.type!r}, message={self.message!r})"


class RedactedError(QueryError):
    """A fetch that was handed over while under way has failed; its error was not to be told. See the log there."""

    def __init__(self) -> None:
        super().__init__("redacted")


class HydrationError(QueryError, TypeError):
    """What was given to hydrate is no dehydrated state. Nothing of it was taken in.

    Attributes:
        place: Where in it, such as ``"queries[0].state.status"``; empty for the whole.
    """

    def __init__(self, message: str, *, place: str = "") -> None:
        super().__init__(message)
        self.place = place


class SerializationError(QueryError, TypeError):
    """Something in a client cannot be written as JSON.

    Attributes:
        entry: Which entry it is in, such as ``'query ["a"]'``.
    """

    def __init__(self, entry: str, reason: str) -> None:
        super().__init__(
            f"{entry} cannot be written as JSON: {reason}. Make its data plain with serialize_data= in "
            "DehydrateOptions(), leave it out with should_dehydrate_query= or should_dehydrate_mutation=, or pass a "
            "serialize= of your own to the persister."
        )
        self.entry = entry


class QueryKeyError(QueryError, TypeError):
    """A key that cannot be one: not a list or tuple, or with a part that has no stable text."""


class OptionError(QueryError, TypeError):
    """An option that cannot be right, refused where it is written.

    Attributes:
        option: The option's name.
    """

    retryable = False

    def __init__(self, message: str, *, option: str) -> None:
        super().__init__(message)
        self.option = option


class UnknownOptionError(OptionError):
    """An option name that does not exist.

    Attributes:
        option: The name as it was written.
        known: The names that exist.
    """

    def __init__(self, owner: str, option: str, known: Iterable[str]) -> None:
        names = tuple(known)
        near = difflib.get_close_matches(option, names, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else f"It knows: {', '.join(sorted(names))}."
        super().__init__(f"{owner} has no option {option!r}. {hint}", option=option)
        self.known = names


class LoopError(QueryError, RuntimeError):
    """A client was used without an event loop where it needs one, or with another loop than its own."""
