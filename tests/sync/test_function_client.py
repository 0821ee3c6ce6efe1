"""context.client in a worker thread."""

from __future__ import annotations

from signatures import differences

from query import MutationObserver, MutationOptions, QueryClientView, QueryOptions
from query.sync.function_client import FunctionClient


def test_it_has_all_that_functions_see_of_a_client():
    """With the same parameters and types; and the client that things are filed under."""
    assert differences(QueryClientView, FunctionClient) == ["QueryClientView has no loop_client"]


def ask(client, key, function):
    """What a plain query_fn comes to."""
    return client.query(QueryOptions(query_key=("asks", *key), query_fn=function))


def test_a_function_reads_and_writes_through_its_context(client, key):
    """Each call is done in the loop, and typed as ever."""

    def load(context):
        assert context.client.get_query_data(key, "none") == "none"
        context.client.set_query_data(key, lambda old: "written")
        return context.client.get_query_data(key), context.client.get_query_state(key).status

    assert ask(client, key, load) == ("written", "success")


def test_marking_in_a_function_waits_for_nothing(client, key, gate):
    """A function that waited for fetches might wait for itself."""
    client.set_query_defaults(key, QueryOptions(query_fn=gate))
    client.set_query_data(key, "old")

    def load(context):
        context.client.invalidate_queries(key)
        context.client.cancel_queries(key)
        return context.client.get_query_state(key).is_invalidated

    assert ask(client, key, load) is True


def test_a_coroutine_that_a_plain_function_returns_uses_the_same_context(client, key):
    """It runs in the loop, where calls are answered at once and handles can be awaited."""

    async def load(context):
        context.client.set_query_data(key, 1)
        await context.client.invalidate_queries(key)
        return context.client.get_query_data(key)

    assert ask(client, key, lambda context: load(context)) == 1


def test_a_mutation_has_it_too(client, key):
    """The context is the last argument."""

    def write(name, context):
        return context.client.set_query_data(key, name)

    observer = client.call(MutationObserver, client.loop_client, MutationOptions(mutation_fn=write))
    assert client.call(observer.mutate, "Apollo") == "Apollo"


def test_it_counts_mutations(client, key):
    """The one that asks is among them."""
    options = MutationOptions(mutation_key=key, mutation_fn=lambda name, context: context.client.is_mutating(key))
    observer = client.call(MutationObserver, client.loop_client, options)
    assert client.call(observer.mutate, "Apollo") == 1
