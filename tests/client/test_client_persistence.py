"""A client that outlives its process: what is restored, when it is saved, and how it ends."""

from __future__ import annotations

import asyncio
import json
import logging
import math

import pytest
from hydration_fixtures import always

from query import (
    UNSET,
    DehydrateOptions,
    FileStorage,
    HydrateOptions,
    HydrationError,
    LoopError,
    MemoryStorage,
    MutationObserver,
    MutationOptions,
    OptionError,
    QueryCancelledError,
    QueryClient,
    QueryOptions,
    create_storage_persister,
    dehydrate,
    persist_query_client,
    persist_query_client_restore,
    persist_query_client_save,
    persist_query_client_subscribe,
)


class Spy:
    """A plain persister that notes what is asked of it."""

    def __init__(self, stored=None, fails=()):
        self.stored = stored
        self.fails = dict(fails)
        self.asked = []

    def _ask(self, what):
        self.asked.append(what)
        if what in self.fails:
            raise self.fails[what]

    def persist_client(self, record):
        self.stored = record
        self._ask("persist")

    def restore_client(self):
        self._ask("restore")
        return self.stored

    def remove_client(self):
        self._ask("remove")
        self.stored = None


class Slow(Spy):
    """The same, but each call takes ten seconds."""

    def __init__(self, clock, stored=None, fails=()):
        super().__init__(stored, fails)
        self.clock = clock
        self.began = []

    async def persist_client(self, record):
        self.began.append(self.clock.monotonic())
        await self.clock.sleep(10)
        super().persist_client(record)

    async def restore_client(self):
        await self.clock.sleep(10)
        return super().restore_client()

    async def remove_client(self):
        await self.clock.sleep(10)
        super().remove_client()


@pytest.fixture
def record(there, clock):
    """Makes what was saved of a client with data under some keys."""

    def record(*keys, **changes):
        for key in keys:
            there.set_query_data(key, f"data of {key}")
        plain = {"timestamp": clock.time(), "buster": "", "client_state": dehydrate(there), **changes}
        return {name: part for name, part in plain.items() if part is not ...}

    return record


# -- restoring


@pytest.mark.parity("QP-persist-007")
async def test_what_was_saved_is_hydrated(client, record):
    """And kept."""
    persister = Spy(record(["a"]))
    await persist_query_client_restore(client, persister)
    assert client.get_query_data(["a"]) == "data of ['a']"
    assert persister.asked == ["restore"]


@pytest.mark.parity("QP-persist-008", "QP-persist-009", "QP-persist-010")
@pytest.mark.parametrize(
    ("changes", "options"),
    [
        ({"timestamp": 1_700_000_000.0 - 86_401}, {}),
        ({"timestamp": 1_700_000_000.0 - 2}, {"max_age": 1}),
        ({"buster": "old"}, {"buster": "new"}),
        ({"buster": "old"}, {}),
        ({"buster": ...}, {}),
        ({"timestamp": 0}, {"max_age": math.inf}),
        ({"timestamp": None}, {"max_age": math.inf}),
        ({"timestamp": ...}, {"max_age": math.inf}),
    ],
    ids=["a day", "max_age", "other buster", "a buster", "no buster", "zero", "null", "no timestamp"],
)
async def test_what_is_too_old_or_of_another_kind_is_thrown_away(client, record, changes, options):
    """Nothing of it is taken in."""
    persister = Spy(record(["a"], **changes))
    await persist_query_client_restore(client, persister, **options)
    assert client.get_query_cache().get_all() == []
    assert persister.asked == ["restore", "remove"]


async def test_of_the_greatest_age_is_not_too_old(client, record, clock):
    """The limit itself counts as fresh."""
    persister = Spy(record(["a"]))
    await clock.advance(100)
    await persist_query_client_restore(client, persister, max_age=100)
    assert persister.asked == ["restore"]


@pytest.mark.parity("QP-persist-004")
async def test_a_restore_that_fails_throws_away_and_tells(client, caplog):
    """The log as well as the caller."""
    error = OSError("unreadable")
    persister = Spy(fails={"restore": error})
    with caplog.at_level(logging.WARNING, logger="query"), pytest.raises(OSError, match="unreadable"):
        await persist_query_client_restore(client, persister)
    assert persister.asked == ["restore", "remove"]
    assert caplog.messages == ["what was saved of a client could not be restored, and is thrown away"]
    assert caplog.records[0].exc_info[1] is error


@pytest.mark.parity("QP-persist-005")
async def test_a_removal_that_fails_as_well_is_what_is_told(client, caplog):
    """With the first failure as its context."""
    first, second = OSError("unreadable"), OSError("stuck")
    with pytest.raises(OSError, match="stuck") as caught:
        await persist_query_client_restore(client, Spy(fails={"restore": first, "remove": second}))
    assert caught.value.__context__ is first


@pytest.mark.parity("QP-persist-006")
async def test_a_removal_that_fails_is_told(client, record):
    """It is tried once."""
    persister = Spy(record(["a"], buster="old"), fails={"remove": OSError("stuck")})
    with pytest.raises(OSError, match="stuck"):
        await persist_query_client_restore(client, persister)
    assert persister.asked == ["restore", "remove"]


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"timestamp": "today"}, "timestamp"),
        ({"client_state": []}, ""),
        ({"client_state": {"queries": [1]}}, "queries[0]"),
    ],
    ids=str,
)
async def test_what_is_no_saved_client_is_thrown_away_and_told(client, record, caplog, changes, place):
    """Somebody else wrote there, or another version."""
    persister = Spy(record(**changes))
    with pytest.raises(HydrationError) as caught:
        await persist_query_client_restore(client, persister)
    assert (caught.value.place, persister.asked) == (place, ["restore", "remove"])


async def test_a_limit_that_is_none_is_refused(client):
    """Before anything is asked of the persister."""
    persister = Spy()
    with pytest.raises(OptionError, match="max_age='1d' is a str; expected seconds"):
        await persist_query_client_restore(client, persister, max_age="1d")
    assert persister.asked == []


async def test_options_for_hydrating_are_handed_on(client, record):
    """Restored data shall live as long as what was saved."""
    options = HydrateOptions(queries=QueryOptions(gc_time=86_400))
    await persist_query_client_restore(client, Spy(record(["a"])), hydrate_options=options)
    assert client.get_query_cache().get_all()[0].gc_time == 86_400


# -- saving


async def test_a_client_is_saved_with_time_and_buster(client, clock):
    """As it is now."""
    persister = Spy()
    client.set_query_data(["a"], 1)
    await persist_query_client_save(client, persister, buster="v2")
    assert persister.stored == {"timestamp": clock.time(), "buster": "v2", "client_state": dehydrate(client)}


@pytest.mark.parity("QP-persist-001")
async def test_a_change_of_a_mutation_saves(client, mutation_of):
    """With the mutations that the options take along."""
    persister = Spy()
    options = DehydrateOptions(should_dehydrate_mutation=always)
    persistence = persist_query_client_subscribe(client, persister, dehydrate_options=options)
    mutation_of(mutation_key=["m"])
    assert [plain["mutation_key"] for plain in persister.stored["client_state"]["mutations"]] == [["m"]]
    await persistence.stop()


@pytest.mark.parity("QP-persist-002")
async def test_only_changes_of_the_cache_save(client, observe, key, answering):
    """A query came, fetched, was written: three times. Observers come and go without."""
    persister = Spy()
    persistence = persist_query_client_subscribe(client, persister)
    observer = observe(query_fn=answering(1, after=9))
    unsubscribe = observer.subscribe(lambda _: None)
    observer.set_options(QueryOptions(query_key=key, query_fn=answering(1), refetch_on_window_focus=False))
    unsubscribe()
    client.set_query_data(key, 2)
    assert persister.asked == ["persist"] * 3
    await client.cancel_queries()
    await persistence.stop()


@pytest.mark.parity("QP-persist-003")
async def test_observers_of_mutations_come_and_go_without_saving(client):
    """They change nothing that is saved."""
    persister = Spy()
    persistence = persist_query_client_subscribe(client, persister)
    observer = MutationObserver(client, MutationOptions())
    unsubscribe = observer.subscribe(lambda _: None)
    observer.set_options(MutationOptions(mutation_key=["m"]))
    unsubscribe()
    assert persister.asked == []
    await persistence.stop()


async def test_a_removal_saves(client):
    """What is gone shall not come back."""
    persister = Spy()
    client.set_query_data(["a"], 1)
    persistence = persist_query_client_subscribe(client, persister)
    client.remove_queries()
    assert persister.stored["client_state"]["queries"] == []
    await persistence.stop()


async def test_a_slow_persister_saves_one_after_the_other(client, clock):
    """What changes meanwhile is saved once, by the state of then."""
    persister = Slow(clock)
    persistence = persist_query_client_subscribe(client, persister)
    for number in range(5):
        client.set_query_data(["a"], number)
        await clock.advance(1)
    await clock.advance(15)
    assert persister.began == [0, 10]
    assert persister.stored["client_state"]["queries"][0]["state"]["data"] == 4
    await persistence.stop()


async def test_a_save_that_fails_is_told_and_the_next_one_tried(client, caplog):
    """By the log, or by whoever asked to be told; the writer of the cache never hears of it."""
    error, told = OSError("disk full"), []
    persister = Spy(fails={"persist": error})
    persistence = persist_query_client_subscribe(client, persister, on_error=told.append)
    client.set_query_data(["a"], 1)
    assert (set(told), caplog.messages) == ({error}, [])
    await persistence.stop()
    persistence = persist_query_client_subscribe(client, persister)
    client.set_query_data(["a"], 2)
    assert caplog.messages == ["a client could not be saved"]
    assert caplog.records[0].exc_info[1] is error
    await persistence.stop()


async def test_what_is_saved_is_made_when_it_is_saved(client, clock):
    """Not at each of the changes before."""
    made = []
    options = DehydrateOptions(should_dehydrate_query=lambda query: made.append(query.state.data) is None)
    persister = create_storage_persister(MemoryStorage(), throttle_time=5)
    persistence = persist_query_client_subscribe(client, persister, dehydrate_options=options)
    for number in range(100):
        client.set_query_data(["a"], number)
    await clock.advance(5)
    assert made == [UNSET, 99]
    await persistence.stop()


# -- both


@pytest.mark.parity("QP-persist-011")
async def test_after_a_restore_later_changes_are_saved(client, record, clock):
    """Not before: an empty client would overwrite what was saved."""
    persister = Slow(clock, record(["a"]))
    persistence = persist_query_client(client, persister)
    client.set_query_data(["b"], 1)
    await clock.advance(10)
    await persistence.restored
    assert persister.began == []
    client.set_query_data(["c"], 1)
    assert persister.began == [10]
    await clock.advance(20)
    saved = [plain["query_key"] for plain in persister.stored["client_state"]["queries"]]
    assert saved == [["b"], ["a"], ["c"]]
    await persistence.stop()


@pytest.mark.parity("QP-persist-012")
async def test_who_stops_before_the_restore_is_done_saves_nothing(client, clock):
    """Not even later."""
    persister = Slow(clock)
    persistence = persist_query_client(client, persister)
    await persistence.stop()
    await clock.advance(10)
    await persistence.restored
    client.set_query_data(["a"], 1)
    assert persister.began == []


async def test_a_restore_that_fails_is_told_to_whoever_waits(client, reported, caplog):
    """And to nobody else; the client is not saved then."""
    persister = Spy(fails={"restore": OSError("unreadable")})
    persistence = persist_query_client(client, persister)
    with pytest.raises(OSError, match="unreadable"):
        await persistence.restored
    client.set_query_data(["a"], 1)
    assert persister.asked == ["restore", "remove"]
    await persistence.stop()


async def test_the_end_of_the_client_ends_a_restore(clock):
    """Whoever waits for it is told, and not cancelled himself."""
    client = QueryClient(clock=clock)
    persistence = persist_query_client(client, Slow(clock))
    waiting = asyncio.ensure_future(persistence.restored)
    await clock.settle()
    await client.aclose()
    with pytest.raises(QueryCancelledError):
        await waiting
    assert client.leaks() == []


def test_without_a_loop_nothing_is_restored():
    """Restoring may take a while."""
    with pytest.raises(LoopError, match="no event loop runs"):
        persist_query_client(QueryClient(), Spy())


# -- the end


@pytest.fixture
async def saved(clock):
    """A client that was saved when it got a query, and whose data waits to be saved; its persistence; the storage."""
    client, storage = QueryClient(clock=clock), MemoryStorage()
    persistence = persist_query_client(client, create_storage_persister(storage))
    await persistence.restored
    client.set_query_data(["a"], 1)
    await clock.settle()
    client.set_query_data(["a"], 2)
    yield client, persistence, storage
    await client.aclose()
    assert client.leaks() == []


def data_in(storage):
    """What the queries of the saved client hold."""
    state = json.loads(storage.get_item("query_client"))["client_state"]
    return [plain["state"]["data"] for plain in state["queries"]]


async def test_what_waits_is_saved_when_it_is_stopped(saved):
    """At once, and nothing after it."""
    client, persistence, storage = saved
    await persistence.stop()
    assert data_in(storage) == [2]
    client.set_query_data(["a"], 3)
    await persistence.stop()
    assert data_in(storage) == [2]


async def test_what_waits_is_saved_when_the_client_closes(saved):
    """Before its fetches are cancelled."""
    client, _, storage = saved
    await client.aclose()
    assert data_in(storage) == [2]


async def test_what_waits_can_be_saved_without_an_end(saved, clock):
    """Before a risky step, say."""
    client, persistence, storage = saved
    await persistence.flush()
    await persistence.flush()
    assert data_in(storage) == [2]
    client.set_query_data(["a"], 3)
    await clock.advance(1)
    assert data_in(storage) == [3]


async def test_a_slow_save_is_waited_for_at_the_end(clock):
    """Though nobody waits for it before."""
    client, persister = QueryClient(clock=clock), Slow(clock)
    persist_query_client_subscribe(client, persister)
    client.set_query_data(["a"], 1)
    closing = asyncio.ensure_future(client.aclose())
    await clock.advance(5)
    assert not closing.done()
    await clock.advance(100)
    await closing
    assert persister.stored["client_state"]["queries"][0]["state"]["data"] == 1


async def test_a_loop_that_has_ended_saves_nothing(saved):
    """There is nobody to do it; the timer is gone as well."""
    client, persistence, storage = saved
    client.discard()
    assert client.leaks() == []
    client.set_query_data(["a"], 3)
    await persistence.flush()
    assert data_in(storage) == []


async def test_a_program_finds_its_data_again(tmp_path, answering):
    """From one process to the next, by way of a file."""
    for number in (1, 2):
        async with QueryClient() as client:
            persister = create_storage_persister(FileStorage(tmp_path))
            await persist_query_client(client, persister).restored
            options = QueryOptions(query_key=["a"], query_fn=answering(number), stale_time=1000)
            assert await client.query(options) == 1
