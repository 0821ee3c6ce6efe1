"""Caches note what happens, if anybody wants to know."""

from __future__ import annotations

from collections import deque

from client_fixtures import FakeObserver

from query import MutationObserver, MutationOptions, QueryClient, dehydrate, hydrate


def test_a_cache_that_nobody_reads_notes_nothing(client):
    """Off is off: there is nothing to call."""
    assert client.get_query_cache().note is None
    assert client.get_mutation_cache().note is None


def test_it_ends_for_the_log_that_ends_it(client, key):
    """Two logs with the same entries are told apart, and ending twice harms nobody."""
    cache = client.get_query_cache()
    one, other = deque(maxlen=9), deque(maxlen=9)
    ends = [cache.note_for(log.append) for log in (one, other)]
    client.set_query_data(key, 1)
    ends[0]()
    ends[0]()
    client.set_query_data(key, 2)
    assert (len(one), len(other)) == (1, 2)
    ends[1]()
    client.set_query_data(key, 3)
    assert len(other) == 2
    assert cache.note is None


async def test_notes_come_before_what_they_cause(client, key, answering, build):
    """A change is noted before observers and listeners are told, so that the order is that of causes."""
    notes, told = [], []
    cache = client.get_query_cache()
    cache.note_for(lambda entry: notes.append(entry[1]))
    cache.subscribe(lambda event: told.append((event.type, list(notes))))
    query, observer = build(query_fn=answering("data")), FakeObserver(client)
    query.add_observer(observer)
    await query.fetch()
    query.remove_observer(observer)
    for kind, noted in told:
        if kind in ("added", "observer_added", "observer_removed"):
            assert noted[-1] == kind
    assert notes[:2] == ["added", "observer_added"]
    assert notes[2].type == "fetch"
    assert notes[3:] == [False, "observer_removed"]


async def test_every_way_of_marking_notes_what_it_marked(client, key):
    """One note for all that one call marks, and none for what was marked before."""
    for name in "abc":
        client.set_query_data((*key, name), name)
    entries = []
    client.get_query_cache().note_for(entries.append)
    client.invalidate_queries((*key, "a"))
    client.invalidate_queries(key)
    client.invalidate_queries(key)
    client.invalidate_queries(predicate=lambda query: True)
    assert [[query.state.data for query in queries] for queries, _, _ in entries] == [["a"], ["b", "c"]]
    assert {what.type for _, what, _ in entries} == {"invalidate"}


async def test_a_client_that_is_filled_from_a_state_notes_its_queries(client, key):
    """Also those that are made from one another, in one note."""
    for number in range(4):
        client.set_query_data((*key, number), number)
    other, names = QueryClient(), []

    def note(entry):
        for query in entry[0] if isinstance(entry[0], list) else [entry[0]]:
            names.append((entry[1], query.query_key[-1]))

    other.get_query_cache().note_for(note)
    hydrate(other, dehydrate(client))
    assert names == [("added", number) for number in range(4)]


async def test_mutations_are_noted_from_beginning_to_end(client):
    """With their observer, and what a clear takes out."""
    notes = []
    client.get_mutation_cache().note_for(
        lambda entry: notes.append(entry[1] if isinstance(entry[1], str) else entry[1].type)
    )
    observer = MutationObserver(client, MutationOptions(mutation_fn=lambda variables, context: variables))
    await observer.mutate(1)
    observer.reset()
    client.get_mutation_cache().clear()
    assert notes == ["added", "observer_added", "pending", "success", "observer_removed", "removed"]
