"""``expect_query``: what a test expects of one query of a cache."""

from __future__ import annotations

import re
from typing import Any, Final, NoReturn, Self

from query import Query, QueryClient, QueryFilters, QueryKey
from query.base.errors import OptionError
from query.base.filters import KeyedQuery
from query.base.query_key import AnyQueryKey, as_query_key
from query.base.types import UNSET, FetchStatus, QueryStatus, StaleTime

from ..differences import shown
from .cached_data import data_agrees, data_difference
from .query_text import described, key_text, nearest, stale_by_time, staleness

_EMPTY: Final = (
    "the cache does not hold it, nor any other. With gc_time=0, as make_test_query_client has it, a query that nobody "
    "observes is gone with the next turn of the loop: gc_time=math.inf keeps it."
)


class QueryExpectationError(AssertionError):
    """A query is not what a test expects. The message shows all that is known of it.

    Attributes:
        query_key: The key.
        expected: What was expected.
        is_so: What is the case.
        state: What is known of the query, in lines; empty if there is none.
    """

    def __init__(self, query_key: QueryKey[Any], expected: str, is_so: list[str], state: list[str]) -> None:
        self.query_key = query_key
        self.expected = expected
        self.is_so = is_so
        self.state = state
        head = f"query {key_text(query_key.parts)}: expected {expected}"
        lines = [head, *(f"  {line}" for line in is_so)]
        lines += ["", *(f"  {line}" for line in state)] if state else []
        super().__init__("\n".join(lines))

    def __reduce__(self) -> tuple[type[Any], tuple[Any, ...]]:
        return type(self), (self.query_key, self.expected, self.is_so, self.state)


def expect_query(client: QueryClient, query_key: AnyQueryKey | KeyedQuery) -> QueryExpectation:
    """What a test expects of one query: ``expect_query(client, options).to_be_fresh().to_have_data([1])``.

    Each method returns the expectation itself, and fails with all that is known of the query: status, ages, counts,
    errors, observers, and the places in which its data differs. The query is looked up anew each time.

    Args:
        client: The client.
        query_key: The very key, or options with one; also those of API queries and infinite queries.

    Raises:
        QueryKeyError: This cannot be a key.
        OptionError: The options have no key, or filters were given: one query is meant.
    """
    return QueryExpectation(client, query_key)


class QueryExpectation:
    """See ``expect_query``."""

    def __init__(self, client: QueryClient, query_key: AnyQueryKey | KeyedQuery) -> None:
        given: Any = query_key
        if isinstance(given, QueryFilters):
            raise OptionError(
                "expect_query was given filters, which may mean many queries; expected a key, or options with one.",
                option="query_key",
            )
        if not isinstance(given, QueryKey) and hasattr(given, "query_key"):
            given = given.query_key
            if given is UNSET:
                raise OptionError("expect_query was given options without a query_key.", option="query_key")
        self._cache = client.get_query_cache()
        self._key: QueryKey[Any] = as_query_key(given)

    @property
    def query(self) -> Query[Any] | None:
        """The query now; None if the cache does not hold it."""
        return self._cache.find(self._key)

    # -- being there

    def to_be_present(self) -> Self:
        """The cache holds the query, with or without data."""
        __tracebackhide__ = True
        self._there("it to be in the cache")
        return self

    def to_be_absent(self) -> Self:
        """The cache does not hold the query: it was never used, or it is collected or removed."""
        __tracebackhide__ = True
        query = self.query
        if query is not None:
            self._fail("it not to be in the cache", query, "it is there")
        return self

    # -- data

    def to_have_data(self, expected: Any) -> Self:
        """The data is this.

        Args:
            expected: The data. In short: the JSON of an ``ApiResponse``, the list of pages of infinite data, or of
                their JSON. At any depth, a value with an ``==`` of its own (``pytest.approx``, ``mock.ANY``,
                dirty-equals) is asked, and a regular expression must match the whole of a text. True is not 1.
        """
        __tracebackhide__ = True
        query = self._there("it to have data")
        data = query.state.data
        if data is UNSET:
            self._fail(f"the data {shown(expected)}", query, "it has none")
        if not data_agrees(expected, data):
            self._fail("other data", query, *data_difference(expected, data))
        return self

    def to_have_no_data(self) -> Self:
        """The query is there without data."""
        __tracebackhide__ = True
        query = self._there("it to have no data")
        if query.state.data is not UNSET:
            self._fail("no data", query, "it has some")
        return self

    def to_be_fresh(self, stale_time: StaleTime | None = None) -> Self:
        """The query has data that nobody need fetch again.

        Args:
            stale_time: Seconds, a timedelta or "static" to judge by. By default its observers decide: one for which it
                is stale is enough to call it that; without observers, the stale time of its own options.
        """
        __tracebackhide__ = True
        return self._of_age("it to be fresh", stale_time, stale=False)

    def to_be_stale(self, stale_time: StaleTime | None = None) -> Self:
        """The query has no data, or data that is too old or invalidated.

        Args:
            stale_time: As for ``to_be_fresh``.
        """
        __tracebackhide__ = True
        return self._of_age("it to be stale", stale_time, stale=True)

    def to_be_invalidated(self) -> Self:
        """The query is marked stale: by an invalidation, or by a failed fetch."""
        __tracebackhide__ = True
        query = self._there("it to be invalidated")
        if not query.state.is_invalidated:
            self._fail("it to be invalidated", query, "it is not")
        return self

    def not_to_be_invalidated(self) -> Self:
        """The query is there, and not marked stale."""
        __tracebackhide__ = True
        query = self._there("it not to be invalidated")
        if query.state.is_invalidated:
            self._fail("it not to be invalidated", query, "it is")
        return self

    def to_have_update_count(self, count: int) -> Self:
        """So many times data came in, by fetches and by writes.

        Args:
            count: How often.
        """
        __tracebackhide__ = True
        query = self._there(f"data to have come in {count} time(s)")
        if query.state.data_update_count != count:
            self._fail(f"data to have come in {count} time(s)", query, f"it was {query.state.data_update_count}")
        return self

    # -- status and errors

    def to_have_status(self, status: QueryStatus) -> Self:
        """The status is this.

        Args:
            status: "pending", "success" or "error".

        Raises:
            OptionError: There is no such status.
        """
        __tracebackhide__ = True
        if status not in ("pending", "success", "error"):
            raise OptionError(
                f"status={status!r}; expected 'pending', 'success' or 'error'. "
                "Fetches have to_be_fetching(), to_be_paused() and to_be_idle().",
                option="status",
            )
        query = self._there(f"the status {status}")
        if query.state.status != status:
            self._fail(f"the status {status}", query, f"it is {query.state.status}")
        return self

    def to_have_error(self, kind: type[BaseException] = Exception, *, match: str | None = None) -> Self:
        """The last fetch failed with such an error.

        Args:
            kind: Its class, or one above.
            match: A regular expression that its text must contain.
        """
        __tracebackhide__ = True
        said = "" if match is None else f" that says {match!r}"
        expected = f"an error of class {kind.__name__}{said}"
        query = self._there(expected)
        error = query.state.error
        if not isinstance(error, kind) or (match is not None and re.search(match, str(error)) is None):
            self._fail(expected, query, f"it is {shown(error)}")
        return self

    def to_have_no_error(self) -> Self:
        """The query is there without an error."""
        __tracebackhide__ = True
        query = self._there("no error")
        if query.state.error is not None:
            self._fail("no error", query, f"it is {shown(query.state.error)}")
        return self

    def to_have_failure_count(self, count: int) -> Self:
        """So many attempts of the current or last fetch failed.

        Args:
            count: How many.
        """
        __tracebackhide__ = True
        query = self._there(f"{count} failed attempt(s)")
        if query.state.fetch_failure_count != count:
            self._fail(f"{count} failed attempt(s)", query, f"there are {query.state.fetch_failure_count}")
        return self

    def to_be_fetching(self) -> Self:
        """A fetch is under way, or waits to be tried again."""
        __tracebackhide__ = True
        return self._doing("fetching", "it to be fetching")

    def to_be_paused(self) -> Self:
        """A fetch waits for the network."""
        __tracebackhide__ = True
        return self._doing("paused", "it to wait for the network")

    def to_be_idle(self) -> Self:
        """No fetch is under way."""
        __tracebackhide__ = True
        return self._doing("idle", "no fetch to be under way")

    # -- observers

    def to_be_observed_by(self, count: int) -> Self:
        """So many observers are subscribed.

        Args:
            count: How many; 0 for none.
        """
        __tracebackhide__ = True
        query = self._there(f"{count} observer(s)")
        if query.get_observers_count() != count:
            self._fail(f"{count} observer(s)", query, f"there are {query.get_observers_count()}")
        return self

    def to_be_active(self) -> Self:
        """An enabled observer is subscribed."""
        __tracebackhide__ = True
        query = self._there("an enabled observer")
        if not query.is_active():
            self._fail("an enabled observer", query, "there is none")
        return self

    # -- how it says no

    def _of_age(self, expected: str, stale_time: StaleTime | None, *, stale: bool) -> Self:
        __tracebackhide__ = True
        query = self._there(expected)
        is_stale, why = staleness(query) if stale_time is None else stale_by_time(query, stale_time)
        if is_stale is not stale:
            self._fail(expected, query, f"it is {'stale' if is_stale else 'fresh'}: {why}")
        return self

    def _doing(self, status: FetchStatus, expected: str) -> Self:
        __tracebackhide__ = True
        query = self._there(expected)
        if query.state.fetch_status != status:
            self._fail(expected, query, f"it is {query.state.fetch_status}")
        return self

    def _there(self, expected: str) -> Query[Any]:
        __tracebackhide__ = True
        query = self.query
        if query is not None:
            return query
        near = nearest(self._cache, self._key)
        if near:
            more = [f"the cache does not hold it. Nearest of {len(self._cache.get_all())}:", *(f"  {n}" for n in near)]
        else:
            more = [_EMPTY]
        raise QueryExpectationError(self._key, expected, more, [])

    def _fail(self, expected: str, query: Query[Any], *is_so: str) -> NoReturn:
        __tracebackhide__ = True
        raise QueryExpectationError(self._key, expected, list(is_so), described(query))

    def __repr__(self) -> str:
        return f"<expectation of query {key_text(self._key.parts)}>"
