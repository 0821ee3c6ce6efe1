"""The log of what happens in caches."""

from __future__ import annotations

import pytest
from client_fixtures import FakeObserver

from query import OnlineManager, QueryClient
from query.base.types import UNSET
from query.cache.event_log import EventLog
from query.cache.event_words import event_text, subject_text

RESET = "state set: status=pending, fetch_status=idle, is_invalidated=False"


def log_of(*clients, **options):
    log = EventLog(**options)
    for client in clients:
        log.watch(client.get_query_cache(), client.get_mutation_cache(), client.environment.timeout_manager.time)
    return log


def kinds(log):
    return [event.kind for event in log.events()]


async def test_it_tells_what_happened_and_when_and_who_watched(client, key, clock, answering, build):
    """In order, on the clock of the client, with the number of observers after each event."""
    log = log_of(client)
    start = clock.time()
    query = build(query_fn=answering(ValueError("no"), "data"), retry=1, retry_delay=2)
    observer = FakeObserver(client)
    query.add_observer(observer)
    query.fetch()
    await clock.advance(5)
    other = FakeObserver(client)
    query.add_observer(other)
    query.remove_observer(other)
    client.set_query_data(key, "by hand")
    query.remove_observer(observer)
    assert [(event.kind, round(event.at - start, 3), event.observers) for event in log.events()] == [
        ("added", 0, 0),
        ("observer_added", 0, 1),
        ("fetch", 0, 1),
        ("failed", 0, 1),
        ("success", 2, 1),
        ("observer_added", 5, 2),
        ("observer_removed", 5, 1),
        ("written", 5, 1),
        ("observer_removed", 5, 0),
    ]
    assert {event.query for event in log.events()} == {query}


def test_it_is_bounded_and_drops_the_oldest(client, key):
    """However much happens; without data it does not even keep the states alive."""
    log = log_of(client, size=5)
    for number in range(100):
        client.set_query_data(key, number)
    assert kinds(log) == ["written"] * 5
    assert all(event.data is UNSET for event in log.events())


def test_many_queries_that_were_marked_by_one_call_stay_within_the_bound(client, key):
    """They are one note, and one event each."""
    log = log_of(client, size=10)
    for number in range(30):
        client.set_query_data((*key, number), number)
    client.invalidate_queries(key)
    assert kinds(log) == ["invalidate"] * 10
    assert [event.query.query_key[-1] for event in log.events()] == list(range(20, 30))


def test_data_is_kept_on_request_and_everything_is_counted(client, key):
    """A query that is born with data it was given counts as two events."""
    log = log_of(client, size=3, keep_data=True)
    for number in range(4):
        client.set_query_data(key, number)
    client.set_query_data((*key, "b"), "new")
    assert [(event.kind, event.data) for event in log.events()] == [
        ("written", 3),
        ("added", UNSET),
        ("written", "new"),
    ]
    assert log.total == 7


def test_nothing_is_noted_after_the_end_and_nothing_is_lost(client, key):
    """``stop`` keeps what there is, ``clear`` does not."""
    log = log_of(client)
    assert log.latest is None
    client.set_query_data(key, 1)
    latest = log.latest
    client.set_query_data(key, 2)
    assert log.latest is not latest
    log.stop()
    client.set_query_data(key, 3)
    log.add("outside")
    assert kinds(log) == ["added", "written", "written"]
    log.clear()
    assert log.events() == []
    client.set_query_data(key, 4)
    assert log.events() == []


def test_clients_are_numbered_and_other_things_may_come_between(client, key, clock):
    """A client that is watched twice is noted once."""
    other = QueryClient(clock=clock, online_manager=OnlineManager())
    log = log_of(client, other, client)
    client.set_query_data(key, 1)
    log.add("GET /projects/")
    other.set_query_data(key, 2)
    assert [(event.client, event.kind) for event in log.events()] == [
        (1, "added"),
        (1, "written"),
        (0, "other"),
        (2, "added"),
        (2, "written"),
    ]
    assert subject_text(log.events()[2]) == "GET /projects/"
    assert log.client_count == 3


@pytest.mark.parametrize(
    ("show", "shown"),
    [
        (repr, ["pending: 1", "success: 2", "error: no", f"{RESET}, data=UNSET"]),
        (None, ["pending", "success", "error: no", RESET]),
    ],
)
async def test_events_in_words_with_data_or_without(client, key, answering, mutation_of, build, show, shown):
    """Errors are always told."""
    log = log_of(client)
    await mutation_of(mutation_fn=lambda variables, context: 2, mutation_key=("save",)).execute(1)
    query = build(query_fn=answering(ValueError("no")), retry=False)
    await client.prefetch_query(query.options)
    await client.reset_queries(key)
    words = [event_text(event, show, str) for event in log.events() if event.action is not None]
    assert [word for word in words if word != "fetch"] == shown
    assert subject_text(log.events()[0]) == 'mutation 1 ["save"]'


def test_a_write_of_old_data_is_noted_at_the_time_of_the_write(client, key, clock):
    """Whether the query is new or not."""
    log = log_of(client)
    for name in "abab":
        client.set_query_data((*key, name), name, updated_at=clock.time() - 3600)
    assert {event.at for event in log.events()} == {clock.time()}
    assert kinds(log) == ["added", "written"] * 2 + ["written"] * 2


async def test_attempts_and_pauses_in_words(client, key, clock, answering, build, online):
    """Of a query, which fails, waits for the network, and goes on."""
    log = log_of(client)
    query = build(query_fn=answering(ValueError("no"), "data"), retry=1, retry_delay=2)
    handle = query.fetch()
    await clock.settle()
    online.set_online(False)
    await clock.advance(5)
    online.set_online(True)
    await handle
    assert [event_text(event, repr, str) for event in log.events()] == [
        "added",
        "fetch",
        "attempt 1 failed, another follows: no",
        "paused",
        "goes on",
        "success",
    ]


def test_an_entry_keeps_its_data_whoever_writes_meanwhile(client, key):
    """Data and event are one entry, so that a reader in another thread sees both or none."""
    log = log_of(client, keep_data=True)
    client.set_query_data(key, 0)
    client.get_query_cache().subscribe(lambda event: key and seen.append([one.data for one in log.events()]))
    seen = []
    client.set_query_data(key, 1)
    assert seen == [[UNSET, 0, 1]]
