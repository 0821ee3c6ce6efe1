"""``assert_no_leaks``: names what is left, and calls cached data no leak."""

from __future__ import annotations

import asyncio
import functools
import pickle

import pytest

from mockapi import ClientLeakError, assert_no_leaks
from query import MutationObserver, MutationOptions, QueryClient, QueryObserver, QueryOptions

KEY = ("a",)


async def load(context):
    """Never ends."""
    await asyncio.sleep(3600)


OPTIONS = QueryOptions(query_key=KEY, query_fn=load)


def on_result(result):
    """A listener."""


@pytest.fixture
async def client():
    """A client that nobody has used."""
    made = QueryClient()
    yield made
    await made.aclose()


def left(client, **options):
    """What is named."""
    with pytest.raises(ClientLeakError) as caught:
        assert_no_leaks(client, **options)
    return caught.value.left


async def test_cached_data_is_no_leak_unless_the_caches_must_be_empty(client):
    """It waits to be collected, as it should."""
    client.set_query_data(KEY, 1)
    await MutationObserver(client, MutationOptions(mutation_fn=lambda v, c: 1)).mutate(1)
    assert_no_leaks(client)
    found = left(client, empty=True)
    assert [line.partition(",")[0].partition("<")[0] for line in found] == [
        "timer: garbage collection of ",
        "timer: garbage collection of ",
        "query ['a']",
        "mutation 1",
    ]
    client.clear()
    assert_no_leaks(client, empty=True)


async def test_tasks_timers_observers_and_listeners_are_named(client):
    """Each in one line."""
    place = f"(test_leaks.py:{on_result.__code__.co_firstlineno})"
    observer = QueryObserver(client, OPTIONS.with_(refetch_interval=5))
    leave = observer.subscribe(functools.partial(on_result))
    ignore = client.get_query_cache().subscribe(on_result)
    ignore_too = client.get_mutation_cache().subscribe(on_result)
    writing = MutationObserver(client, MutationOptions(mutation_fn=lambda v, c: load(c)))
    stop = writing.subscribe(on_result)
    writing.mutate(1)
    assert left(client) == (
        'task: fetch of ["a"]',
        "task: mutation 1",
        'timer: refetch interval of ["a"], set for 5 s',
        f"observer: QueryObserver of query ['a'], heard by on_result {place}",
        f"observer: MutationObserver of mutation 1, heard by on_result {place}",
        f"listener of the query cache: on_result {place}",
        f"listener of the mutation cache: on_result {place}",
    )
    for end in (leave, ignore, ignore_too, stop):
        end()
    assert left(client) == ('task: fetch of ["a"]', "task: mutation 1")


async def test_the_error_says_what_to_do(client):
    """And survives a worker of pytest-xdist."""
    leave = QueryObserver(client, OPTIONS.with_(enabled=False)).subscribe(on_result)
    with pytest.raises(
        AssertionError, match=r"still has 1 thing\(s\) that were to be gone:\n  observer: .*\nUnsubscribe"
    ):
        assert_no_leaks(client)
    leave()
    error = ClientLeakError(["one"])
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
