"""What the functions of users receive."""

from __future__ import annotations

import copy

import pytest

from query.base.contexts import MutationFunctionContext, QueryFunctionContext
from query.base.query_key import QueryKey


@pytest.mark.parity("QC-utils-075")
def test_the_signal_is_made_only_when_it_is_read():
    """Reading it is a promise to heed it, so nobody else may."""
    reads = []
    context = QueryFunctionContext(QueryKey("a"), "client", {"m": 1}, lambda: reads.append(1) or "signal")
    assert (context.query_key, context.client, context.meta) == (("a",), "client", {"m": 1})
    assert repr(context) == "<QueryFunctionContext of QueryKey('a')>"
    assert reads == []
    assert context.signal == "signal"
    assert reads == [1]


def test_the_key_is_taken_from_the_query_when_somebody_asks_for_it():
    """Once; a copy has it too, and what is no attribute is none."""
    asked = []

    class Keyed:
        @property
        def query_key(self):
            asked.append(1)
            return QueryKey("a")

    context = QueryFunctionContext(None, "client", None, lambda: "signal", None, Keyed())
    assert asked == []
    assert context.query_key is context.query_key
    assert asked == [1]
    copied = copy.copy(QueryFunctionContext(None, "client", None, lambda: "signal", None, Keyed()))
    assert (copied.query_key, copied.client) == (("a",), "client")
    with pytest.raises(AttributeError, match="'QueryFunctionContext' object has no attribute 'page_param'"):
        context.page_param  # noqa: B018


def test_a_mutation_s_context_shows_its_key():
    """None if its options have none."""
    context = MutationFunctionContext("client", None, QueryKey("a", 1))
    assert (context.client, context.meta, context.mutation_key) == ("client", None, ("a", 1))
    assert repr(context) == "<MutationFunctionContext of QueryKey('a', 1)>"
    assert repr(MutationFunctionContext("client", None, None)) == "<MutationFunctionContext of None>"
