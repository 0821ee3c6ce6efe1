"""The error family: texts, attributes, and what catches what."""

from __future__ import annotations

import asyncio
import copy
import pickle

import pytest

from query.base.errors import (
    LoopError,
    MissingMutationFnError,
    MissingQueryClientError,
    MissingQueryFnError,
    NoDataError,
    OptionError,
    QueryCancelledError,
    QueryError,
    QueryKeyError,
    ResultTimeoutError,
    UnknownOptionError,
    is_cancelled_error,
)


@pytest.mark.parametrize(
    ("error", "builtin"),
    [
        (QueryKeyError, TypeError),
        (OptionError, TypeError),
        (LoopError, RuntimeError),
        (ResultTimeoutError, TimeoutError),
    ],
)
def test_errors_of_use_are_builtin_errors_as_well(error, builtin):
    """Who catches TypeError or RuntimeError catches them."""
    assert issubclass(error, builtin)
    assert issubclass(error, QueryError)


def test_one_except_catches_the_whole_family():
    """Every error this package raises itself is a QueryError."""
    family = [QueryCancelledError, MissingQueryFnError, MissingMutationFnError, NoDataError, UnknownOptionError]
    assert [error for error in family if not issubclass(error, QueryError)] == []


def test_a_cancelled_fetch_is_not_a_cancelled_task():
    """``except Exception`` sees the one and never the other."""
    assert not issubclass(QueryCancelledError, asyncio.CancelledError)
    assert issubclass(QueryCancelledError, Exception)


def test_a_cancellation_says_how_it_was_asked_for():
    """Neither reverting nor silent unless said so."""
    plain, both = QueryCancelledError(), QueryCancelledError(revert=True, silent=True)
    assert str(plain) == "the fetch was cancelled before it finished"
    assert (plain.revert, plain.silent) == (False, False)
    assert (both.revert, both.silent) == (True, True)


@pytest.mark.parametrize(
    ("error", "expected"),
    [(QueryCancelledError(), True), (asyncio.CancelledError(), False), (ValueError(), False), (None, False)],
)
def test_is_cancelled_error_knows_only_the_cache_s_own(error, expected):
    """A result's ``error`` may be passed as it is."""
    assert is_cancelled_error(error) is expected


def test_a_missing_query_fn_says_where_to_put_one():
    """The query is named by its hash."""
    error = MissingQueryFnError('["a"]')
    assert str(error) == (
        'query ["a"] has no query_fn, so it cannot be fetched. '
        "Pass query_fn= in its options, or set one with client.set_query_defaults()."
    )
    assert (error.query_hash, error.skipped) == ('["a"]', False)


def test_a_skipped_query_fn_says_that_it_was_skipped():
    """Advice fits the case: there is a query_fn, it is only not a real one."""
    error = MissingQueryFnError('["a"]', skipped=True)
    assert str(error) == (
        'query ["a"] has skip_token as its query_fn, so it cannot be fetched. '
        "Give it a real query_fn before asking it to fetch."
    )
    assert error.skipped is True


def test_a_missing_mutation_fn_says_where_to_put_one():
    """Options or defaults."""
    assert str(MissingMutationFnError()) == (
        "the mutation has no mutation_fn, so it cannot run. "
        "Pass mutation_fn= in its options, or set one with client.set_mutation_defaults()."
    )


def test_a_hook_without_a_client_says_where_to_put_one():
    """Above the component, or into the call; it is a failed look-up, too."""
    error = MissingQueryClientError()
    assert isinstance(error, LookupError)
    assert str(error) == (
        "there is no query client here. Put QueryClientProvider(..., client=client) above the component that calls the "
        "hook, or pass the client to the hook: use_query(options, client)."
    )


def test_no_data_says_that_none_would_have_been_data():
    """Returning UNSET is a mistake, returning None is not."""
    error = NoDataError('["a"]')
    assert str(error) == (
        "the query_fn of query [\"a\"] delivered UNSET, which means 'no data'. "
        "Return a value; None is one, and is cached like any other."
    )
    assert error.query_hash == '["a"]'


def test_a_wait_in_vain_says_for_how_long_and_what_was_last():
    """The query is named by its hash."""
    error = ResultTimeoutError('["a"]', 5.0, "pending/idle")
    assert str(error) == ('no result of query ["a"] fulfilled the predicate within 5 s. The last one was pending/idle.')
    assert (error.query_hash, error.timeout) == ('["a"]', 5.0)


def test_an_unknown_option_names_the_nearest_one():
    """A typo is answered with the name that was meant."""
    error = UnknownOptionError("QueryOptions", "stale_tim", ["gc_time", "stale_time"])
    assert str(error) == "QueryOptions has no option 'stale_tim'. Did you mean 'stale_time'?"
    assert (error.option, error.known) == ("stale_tim", ("gc_time", "stale_time"))


def test_an_unknown_option_unlike_any_other_lists_them_all():
    """In alphabetical order."""
    error = UnknownOptionError("Filters", "zzz", iter(["stale", "exact"]))
    assert str(error) == "Filters has no option 'zzz'. It knows: exact, stale."
    assert error.known == ("stale", "exact")


def test_an_option_error_knows_its_option():
    """As an attribute, not only in the text."""
    assert OptionError("wrong", option="retry").option == "retry"


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))])
@pytest.mark.parametrize(
    "error",
    [
        QueryCancelledError(revert=True),
        MissingQueryFnError("[1]", skipped=True),
        MissingMutationFnError(),
        MissingQueryClientError(),
        NoDataError("[1]"),
        QueryKeyError("no key"),
        UnknownOptionError("Filters", "zzz", ["stale"]),
        LoopError("no loop"),
        ResultTimeoutError("[1]", 5.0, "pending/idle"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_error_survives_copying_and_pickling(error, again):
    """Kind, text and facts are those of the original: errors are part of states, which people copy and send."""
    made = again(error)
    assert type(made) is type(error)
    assert made is not error
    assert (str(made), vars(made)) == (str(error), vars(error))
