"""Single queries that are restored when they are first fetched, and stored when they have been."""

from __future__ import annotations

import asyncio
import json

import pytest

from query import (
    UNSET,
    InfiniteData,
    InfiniteQueryOptions,
    MemoryStorage,
    OptionError,
    QueryCancelledError,
    QueryClient,
    QueryFilters,
    QueryOptions,
    create_query_persister,
    hash_key,
)

# Source of the tests with parity ids: createPersister.test.ts

DAY = 86_400


@pytest.fixture
def storage():
    """A storage in memory."""
    return MemoryStorage()


@pytest.fixture
def persister(storage, clock):
    """A persister with the defaults, and the test's clock where no client brings one."""
    return create_query_persister(storage=storage, clock=clock)


@pytest.fixture
def put(storage, clock):
    """Stores a query as if another program had: by key, with changes of the record and of its state."""

    def put(key, data="stored", *, age=0, state=(), **changes):
        record = {
            "version": 1,
            "buster": "",
            "query_hash": hash_key(key),
            "query_key": list(key),
            "state": {
                "data": data,
                "data_update_count": 1,
                "data_updated_at": clock.time() - age,
                "error": None,
                "error_update_count": 0,
                "error_updated_at": 0.0,
                "fetch_failure_count": 0,
                "fetch_failure_reason": None,
                "fetch_meta": None,
                "is_invalidated": False,
                "status": "success",
                "fetch_status": "idle",
                **dict(state),
            },
            **changes,
        }
        if data is UNSET:
            del record["state"]["data"]
        storage.set_item(f"query-{hash_key(key)}", json.dumps(record))
        return record

    return put


@pytest.fixture
def names(storage):
    """The names of what is stored."""
    return lambda: [name for name, _ in storage.entries()]


class Slow:
    """A storage whose every call takes a second of the clock; remembers what was asked for."""

    def __init__(self, clock, storage):
        self.clock = clock
        self.storage = storage
        self.asked = []

    async def _later(self, method, *args):
        self.asked.append(method)
        await self.clock.sleep(1)
        return getattr(self.storage, method)(*args)

    def get_item(self, key):
        return self._later("get_item", key)

    def set_item(self, key, value):
        return self._later("set_item", key, value)

    def remove_item(self, key):
        return self._later("remove_item", key)

    def entries(self):
        return self._later("entries")


class Broken:
    """A storage that fails."""

    def __getattr__(self, name):
        def fail(*_):
            raise OSError(f"no {name}")

        return fail


# -- around a fetch


@pytest.mark.parity("QP-createPersister-001")
async def test_without_storage_the_function_is_called(build):
    """With the context, and nothing else happens."""
    seen = []
    query = build(
        query_fn=lambda context: seen.append(context.query_key) or "fetched",
        persister=create_query_persister(storage=None).persister_fn,
    )
    assert await query.fetch() == "fetched"
    assert seen == [query.query_key]


@pytest.mark.parity("QP-createPersister-002", "QP-createPersister-012")
async def test_what_was_fetched_is_stored(build, answering, persister, storage, key, clock):
    """With all that it takes to know it again; the state is the one after the fetch."""
    query = build(query_fn=answering("fetched"), persister=persister.persister_fn)
    assert await query.fetch() == "fetched"
    record = json.loads(storage.get_item(f"query-{query.query_hash}"))
    state = record.pop("state")
    assert record == {"version": 1, "buster": "", "query_hash": query.query_hash, "query_key": list(key)}
    assert (state["data"], state["status"], state["fetch_status"]) == ("fetched", "success", "idle")
    assert (state["data_updated_at"], state["data_update_count"]) == (clock.time(), 1)


@pytest.mark.parity("QP-createPersister-003")
async def test_a_query_with_data_is_not_restored(build, answering, persister, put, key):
    """The storage is not even looked at."""
    put(key)
    query = build(query_fn=answering("fetched"), persister=persister.persister_fn, initial_data="initial")
    assert await query.fetch() == "fetched"


@pytest.mark.parity(
    "QP-createPersister-004", "QP-createPersister-005", "QP-createPersister-006", "QP-createPersister-007"
)
@pytest.mark.parametrize(
    "spoil",
    [
        lambda put, storage, key: storage.set_item(f"query-{hash_key(key)}", "{"),
        lambda put, storage, key: storage.set_item(f"query-{hash_key(key)}", ""),
        lambda put, storage, key: storage.set_item(f"query-{hash_key(key)}", '{"state": {"data": 1}}'),
        lambda put, storage, key: put(key, version=2),
        lambda put, storage, key: put(key, query_key="projects"),
        lambda put, storage, key: put(key, state={"data_updated_at": 0.0}),
        lambda put, storage, key: put(key, age=DAY + 0.001),
        lambda put, storage, key: put(key, buster="other"),
    ],
    ids=["no json", "empty", "no query", "later format", "no key", "no date", "too old", "other program"],
)
async def test_what_cannot_be_used_is_removed(build, answering, persister, storage, put, names, key, spoil):
    """The function is called, and its failure leaves the storage empty."""
    spoil(put, storage, key)
    fetch = answering(ValueError("no network"))
    query = build(query_fn=fetch, persister=persister.persister_fn, retry=False)
    with pytest.raises(ValueError, match="no network"):
        await query.fetch()
    assert (len(fetch.calls), names()) == (1, [])


@pytest.mark.parity("QP-createPersister-008")
async def test_a_stored_query_is_restored_with_its_dates(build, answering, persister, put, key, clock, observe):
    """The function is not called, nor is fresh data fetched anew."""
    put(key, age=100, state={"error_updated_at": 7.0})
    fetch = answering("fetched")
    observer = observe(query_fn=fetch, persister=persister.persister_fn, stale_time=101)
    unsubscribe = observer.subscribe(lambda _: None)
    await clock.settle()
    state = observer.get_current_query().state
    assert (state.data, state.data_updated_at, state.error_updated_at) == ("stored", clock.time() - 100, 7.0)
    assert (state.fetch_status, fetch.calls) == ("idle", [])
    unsubscribe()


@pytest.mark.parity("QP-createPersister-009", "QP-createPersister-010", "QP-createPersister-011")
@pytest.mark.parametrize(
    ("refetch_on_restore", "stale_time", "refetches"),
    [(True, 99, True), (True, 101, False), ("always", 101, True), (False, 99, False)],
)
async def test_restored_data_may_be_fetched_anew(
    storage, put, key, clock, answering, observe, refetch_on_restore, stale_time, refetches
):
    """If it is stale, always, or never: at once, with the old data shown meanwhile."""
    put(key, age=100)
    persister = create_query_persister(storage=storage, refetch_on_restore=refetch_on_restore)
    fetch = answering("fetched", after=1)
    observer = observe(query_fn=fetch, persister=persister.persister_fn, stale_time=stale_time)
    unsubscribe = observer.subscribe(lambda _: None)
    await clock.settle()
    result = observer.get_current_result()
    assert (result.data, result.is_fetching) == ("stored", refetches)
    await clock.advance(1)
    assert observer.get_current_result().data == ("fetched" if refetches else "stored")
    unsubscribe()


async def test_who_awaits_a_restored_query_sees_its_dates(client, persister, put, key, clock):
    """They are right before anybody is told."""
    put(key, age=100)
    options = QueryOptions(query_key=key, query_fn=lambda _: "fetched", persister=persister.persister_fn)
    assert await client.query(options) == "stored"
    assert client.get_query_state(key).data_updated_at == clock.time() - 100


@pytest.mark.parity("QP-createPersister-013")
async def test_queries_that_the_filters_leave_out_are_left_alone(build, storage, put, key, names):
    """Neither restored nor stored."""
    put(key)
    persister = create_query_persister(storage=storage, filters=QueryFilters(query_key=["other"]))
    query = build(query_fn=lambda _: "fetched", persister=persister.persister_fn)
    assert await query.fetch() == "fetched"
    assert json.loads(storage.entries()[0][1])["state"]["data"] == "stored"
    meant = build(query_key=["other", 1], query_fn=lambda _: "fetched", persister=persister.persister_fn)
    await meant.fetch()
    assert names() == [f"query-{hash_key(key)}", 'query-["other",1]']


@pytest.mark.parity("QP-createPersister-014", "QP-createPersister-015")
async def test_serialising_may_be_async(client, key, clock):
    """In both directions; a storage keeps whatever that makes."""

    async def serialize(query):
        await clock.sleep(1)
        return query

    async def deserialize(value):
        await clock.sleep(1)
        return value

    storage = MemoryStorage()
    persister = create_query_persister(storage=storage, serialize=serialize, deserialize=deserialize)
    options = QueryOptions(query_key=key, query_fn=lambda _: {1, 2}, persister=persister.persister_fn)
    await client.query(options)
    assert len(storage) == 0
    await clock.advance(1)
    assert storage.entries()[0][1]["state"]["data"] == {1, 2}
    client.clear()
    handle = client.query(options)
    await clock.advance(1)
    assert await handle == {1, 2}


async def test_a_restored_query_succeeds_without_a_network(client, persister, put, key, online):
    """The storage is near."""
    online.set_online(False)
    put(key)
    options = QueryOptions(query_key=key, query_fn=lambda _: "fetched", persister=persister.persister_fn)
    assert await client.query(options) == "stored"


async def test_pages_are_restored_as_pages(client, persister, storage, key):
    """With their params: the next page can be fetched."""
    calls = []

    def fetch_page(context):
        calls.append(context.page_param)
        return f"page {context.page_param}"

    options = InfiniteQueryOptions(
        query_key=key,
        query_fn=fetch_page,
        initial_page_param=0,
        get_next_page_param=lambda page, pages, param, params: param + 1,
        pages=2,
        persister=persister.persister_fn,
    )
    fetched = await client.infinite_query(options)
    assert json.loads(storage.entries()[0][1])["query_type"] == "infinite"
    client.clear()
    assert await client.infinite_query(options) == fetched == InfiniteData(["page 0", "page 1"], [0, 1])
    assert calls == [0, 1]


async def test_a_fetch_that_was_cancelled_stores_nothing(client, persister, storage, key, answering, clock):
    """Neither what it delivered too late nor the state that it left."""

    async def fetch(context):
        try:
            await clock.sleep(1)
        except asyncio.CancelledError:
            return "late"

    client.set_query_data(key, "before")
    handle = client.query(QueryOptions(query_key=key, query_fn=fetch, persister=persister.persister_fn))
    await client.cancel_queries(key)
    assert await handle == "before"
    await clock.advance(1)
    assert len(storage) == 0


async def test_a_restoring_that_was_cancelled_changes_nothing(client, storage, put, key, clock):
    """The dates are not those of data that nobody took in."""
    put(key, age=100)
    persister = create_query_persister(storage=Slow(clock, storage))
    handle = client.query(QueryOptions(query_key=key, query_fn=lambda _: 1, persister=persister.persister_fn))
    await client.cancel_queries(key)
    with pytest.raises(QueryCancelledError):
        await handle
    await clock.advance(1)
    assert client.get_query_state(key).data_updated_at == 0


async def test_a_query_whose_data_is_refused_is_not_stored(client, persister, storage, key):
    """There is none: the function delivered nothing."""
    options = QueryOptions(query_key=key, query_fn=lambda _: UNSET, persister=persister.persister_fn)
    await client.prefetch_query(options)
    assert client.get_query_state(key).status == "error"
    assert len(storage) == 0


async def test_a_stored_query_without_data_is_fetched(client, persister, put, key):
    """It was stored by hand, before it had any; its date may be anything."""
    put(key, UNSET, state={"status": "pending"})
    options = QueryOptions(query_key=key, query_fn=lambda _: "fetched", persister=persister.persister_fn)
    assert await client.query(options) == "fetched"


async def test_the_age_counts_when_the_storage_has_answered(client, storage, put, key, clock):
    """However long it took."""
    put(key, age=10)
    persister = create_query_persister(storage=Slow(clock, storage), max_age=10.5)
    handle = client.query(QueryOptions(query_key=key, query_fn=lambda _: "fetched", persister=persister.persister_fn))
    await clock.advance(3)
    assert await handle == "fetched"


async def test_writes_of_one_query_do_not_overtake_each_other(client, storage, key, clock, answering):
    """While one is under way, the newest state waits, and is written once."""
    slow = Slow(clock, storage)
    persister = create_query_persister(storage=slow)
    options = QueryOptions(query_key=key, query_fn=answering(1, 2, 3), persister=persister.persister_fn, initial_data=0)
    for expected in (1, 2, 3):
        assert await client.query(options) == expected
    await clock.advance(1)
    assert json.loads(storage.entries()[0][1])["state"]["data"] == 1
    await clock.advance(1)
    assert json.loads(storage.entries()[0][1])["state"]["data"] == 3
    assert slow.asked == ["set_item", "set_item"]
    await client.query(options)
    assert slow.asked == ["set_item"] * 3
    await clock.advance(1)


async def test_closing_waits_for_the_write(storage, key, clock):
    """A program that fetches and ends finds its data the next time."""
    persister = create_query_persister(storage=Slow(clock, storage))
    client = QueryClient(clock=clock)
    options = QueryOptions(query_key=key, query_fn=lambda _: 1, persister=persister.persister_fn, initial_data=0)
    await client.query(options)
    closing = asyncio.create_task(client.aclose())
    await clock.advance(1)
    assert closing.done()
    assert len(storage) == 1


async def test_a_storage_that_fails_does_not_fail_the_fetch(client, key, reported):
    """Reading and writing are reported, with what could not be done."""
    persister = create_query_persister(storage=Broken())
    options = QueryOptions(query_key=key, query_fn=lambda _: "fetched", persister=persister.persister_fn)
    assert await client.query(options) == "fetched"
    texts = [f"{context['message']}: {context['exception']}" for context in reported]
    assert texts == [
        f"query {hash_key(key)} could not be restored: no get_item",
        f"query {hash_key(key)} could not be stored: no set_item",
    ]
    reported.clear()


async def test_data_that_json_does_not_know_is_not_stored(client, storage, persister, key, reported):
    """Nor turned into something else without a word."""
    options = QueryOptions(query_key=key, query_fn=lambda _: {1, 2}, persister=persister.persister_fn)
    assert await client.query(options) == {1, 2}
    assert "set is not JSON serializable" in str(reported.pop()["exception"])
    assert len(storage) == 0


async def test_a_persister_may_be_called_outside_a_fetch(client, persister, storage, key, clock):
    """By a persister of a program's own; it stores on the next turn."""
    client.set_query_data(key, "written")
    query = client.get_query_cache().find(query_key=key)
    assert await persister.persister_fn(lambda context: context, "context", query) == "context"
    assert len(storage) == 0
    await clock.settle()
    assert json.loads(storage.entries()[0][1])["state"]["data"] == "written"


# -- by hand


@pytest.fixture
def cached(client, key):
    """A query with data."""
    client.set_query_data(key, "written")
    return client.get_query_cache().find(query_key=key)


@pytest.mark.parity("QP-createPersister-016", "QP-createPersister-020")
@pytest.mark.parametrize("by_key", [False, True])
async def test_a_query_may_be_stored_by_hand(client, persister, storage, key, cached, by_key):
    """The query itself, or the one of exactly this key."""
    await (persister.persist_query_by_key(key, client) if by_key else persister.persist_query(cached))
    assert json.loads(storage.get_item(f"query-{hash_key(key)}"))["state"]["data"] == "written"


@pytest.mark.parity("QP-createPersister-017", "QP-createPersister-018")
async def test_without_storage_nothing_is_done_by_hand_either(client, key, cached, caplog):
    """Nothing is serialised or looked for."""

    def serialize(query):
        raise AssertionError("not to be called")

    persister = create_query_persister(storage=None, serialize=serialize)
    await persister.persist_query(cached)
    await persister.persist_query_by_key(key, client)
    await persister.persist_query_by_key(["unknown"], client)
    await persister.restore_queries(client)
    await persister.remove_queries()
    await persister.persister_gc()
    assert await persister.retrieve_query(hash_key(key)) is UNSET
    assert caplog.records == []


@pytest.mark.parity("QP-createPersister-019")
async def test_an_unknown_key_is_logged(client, persister, storage, caplog):
    """There is nothing to store."""
    await persister.persist_query_by_key(["unknown"], client)
    assert [record.message for record in caplog.records] == [
        'query ["unknown"] was to be stored, but the client has none'
    ]
    assert len(storage) == 0


@pytest.mark.parity("QP-createPersister-021")
async def test_stored_data_can_be_had_without_a_query(persister, put, key, clock):
    """By the hash alone; who wants the rest is told on the next turn."""
    record, told = put(key, "stored"), []
    assert await persister.retrieve_query(hash_key(key)) == "stored"
    assert await persister.retrieve_query(hash_key(key), told.append) == "stored"
    assert told == []
    await clock.settle()
    assert told[0]["state"] == record["state"]
    assert await persister.retrieve_query("unknown", told.append) is UNSET
    await clock.settle()
    assert len(told) == 1


async def test_a_stored_query_without_data_has_none(persister, cached, clock, client, key):
    """Nor is anybody told of it."""
    client.get_query_cache().find(query_key=key).set_state(data=UNSET, status="pending")
    await persister.persist_query(cached)
    assert await persister.retrieve_query(hash_key(key), print) is UNSET


@pytest.mark.parity("QP-createPersister-022", "QP-createPersister-023", "QP-createPersister-024")
async def test_tidying_up_removes_what_cannot_be_used(persister, storage, put, names):
    """Of this prefix only; what can be used stays."""
    put(["old"], age=DAY + 1)
    put(["good"])
    storage.set_item("query-broken", "{")
    storage.set_item("other-broken", "{")
    await persister.persister_gc()
    assert names() == ['query-["good"]', "other-broken"]


KEYS = [["a"], ["a", 1], ["b"]]


@pytest.mark.parity(
    "QP-createPersister-026",
    "QP-createPersister-027",
    "QP-createPersister-028",
    "QP-createPersister-029",
    "QP-createPersister-030",
    "QP-createPersister-031",
)
@pytest.mark.parametrize(
    ("wanted", "restored"),
    [
        ({}, [["a"], ["a", 1], ["b"]]),
        ({"query_key": ["a", 1]}, [["a", 1]]),
        ({"query_key": ["c"]}, []),
        ({"query_key": ["a", 2]}, []),
        ({"query_key": ["a"]}, [["a"], ["a", 1]]),
        ({"query_key": ["a"], "exact": True}, [["a"]]),
        ({"query_key": ["a", 1], "exact": True}, [["a", 1]]),
        ({"query_key": [], "exact": True}, []),
    ],
)
async def test_stored_queries_are_restored_by_key(client, persister, put, clock, wanted, restored):
    """Into the cache, with their dates, without a fetch."""
    for key in KEYS:
        put(key, f"data of {key}", age=10)
    await persister.restore_queries(client, **wanted)
    assert [list(query.query_key) for query in client.get_query_cache().get_all()] == restored
    for key in restored:
        state = client.get_query_state(key)
        assert (state.data, state.data_updated_at) == (f"data of {key}", clock.time() - 10)


@pytest.mark.parity("QP-createPersister-025", "QP-createPersister-032")
async def test_restoring_removes_what_cannot_be_used(client, persister, storage, put, names):
    """Also of other keys."""
    put(["old"], age=DAY + 1)
    storage.set_item("query-broken", "{")
    put(["good"])
    await persister.restore_queries(client, ["good"])
    assert names() == ['query-["good"]']
    assert client.get_query_data(["good"]) == "stored"


@pytest.mark.parametrize(("age", "kept"), [(10, "written"), (0, "written"), (-1, "stored")])
async def test_restoring_leaves_newer_data_alone(client, persister, put, key, cached, age, kept):
    """What was stored before it, or at the same time, is not news."""
    put(key, age=age)
    await persister.restore_queries(client)
    assert client.get_query_data(key) == kept


async def test_restoring_fills_a_query_without_data(client, persister, put, key, build):
    """Whatever its dates; what was stored without data changes nothing."""
    query = build()
    query.set_state(data_updated_at=2e9)
    put(key)
    await persister.restore_queries(client)
    assert query.state.data == "stored"


async def test_restoring_ignores_what_has_no_data(client, persister, put, key):
    """There is nothing to write."""
    put(key, UNSET, state={"status": "pending"})
    await persister.restore_queries(client)
    assert client.get_query_cache().get_all() == []


@pytest.mark.parity(
    "QP-createPersister-033",
    "QP-createPersister-034",
    "QP-createPersister-035",
    "QP-createPersister-036",
    "QP-createPersister-037",
    "QP-createPersister-038",
)
@pytest.mark.parametrize(
    ("wanted", "left"),
    [
        ({}, []),
        ({"query_key": ["a", 1]}, [["a"], ["b"]]),
        ({"query_key": ["c"]}, [["a"], ["a", 1], ["b"]]),
        ({"query_key": ["a"]}, [["b"]]),
        ({"query_key": ["a"], "exact": True}, [["a", 1], ["b"]]),
        ({"query_key": ["a", 1], "exact": True}, [["a"], ["b"]]),
    ],
)
async def test_stored_queries_are_removed_by_key(persister, storage, put, names, wanted, left):
    """Of this prefix only."""
    for key in KEYS:
        put(key)
    storage.set_item("other", "kept")
    await persister.remove_queries(**wanted)
    assert names() == [*(f"query-{hash_key(key)}" for key in left), "other"]


@pytest.mark.parity("QP-createPersister-039")
async def test_removing_by_key_removes_what_cannot_be_read(persister, storage, put, names, caplog):
    """Nobody knows what key it had; without a key nothing needs to be read."""
    put(["a"])
    storage.set_item("query-broken", "{")
    await persister.remove_queries(["b"])
    assert names() == ['query-["a"]']
    assert [record.message.split(":")[0] for record in caplog.records] == [
        "what is stored as query-broken cannot be read"
    ]
    storage.set_item("query-broken", "{")
    await persister.remove_queries()
    assert (names(), len(caplog.records)) == ([], 1)


async def test_a_slow_storage_is_waited_for(client, storage, put, key, clock):
    """In every call by hand."""
    slow = Slow(clock, storage)
    persister = create_query_persister(storage=slow, clock=clock)
    put(key)

    async def by_hand():
        await persister.restore_queries(client)
        await persister.persist_query_by_key(key, client)
        await persister.persister_gc()
        data = await persister.retrieve_query(hash_key(key))
        await persister.remove_queries()
        return data

    task = asyncio.create_task(by_hand())
    await clock.advance(10)
    assert await task == "stored"
    assert slow.asked == ["entries", "set_item", "entries", "get_item", "entries", "remove_item"]


async def test_a_storage_that_fails_is_told_by_hand(client, key, cached):
    """Whoever asks is there to be told."""
    persister = create_query_persister(storage=Broken())
    with pytest.raises(OSError, match="no set_item"):
        await persister.persist_query(cached)
    with pytest.raises(OSError, match="no entries"):
        await persister.restore_queries(client)
    with pytest.raises(OSError, match="no get_item"):
        await persister.retrieve_query(hash_key(key))


@pytest.mark.parametrize("call", ["persister_gc", "remove_queries", "restore_queries"])
async def test_a_storage_that_lists_nothing_is_named(client, call):
    """Single queries do without it."""

    class Plain:
        def get_item(self, key):
            return None

        def set_item(self, key, value):
            """Forget it."""

        def remove_item(self, key):
            """There is none."""

    persister = create_query_persister(storage=Plain())
    args = [client] if call == "restore_queries" else []
    with pytest.raises(OptionError, match=r"no method entries\(\)"):
        await getattr(persister, call)(*args)


async def test_the_age_goes_by_the_machine_without_a_client(storage, put):
    """Where no client and no clock is given."""
    put(["a"])
    persister = create_query_persister(storage=storage, max_age=1)
    assert await persister.retrieve_query('["a"]') is UNSET


async def test_a_persister_s_own_clock_counts_for_all(client, storage, put, clock):
    """Also where a client brings one."""

    class Later:
        def time(self):
            return clock.time() + DAY + 1

    put(["a"])
    persister = create_query_persister(storage=storage, clock=Later())
    await persister.restore_queries(client)
    assert (client.get_query_cache().get_all(), len(storage)) == ([], 0)


async def test_prefixes_keep_persisters_apart(client, storage, key, cached):
    """One storage may serve many."""
    one, other = (create_query_persister(storage=storage, prefix=prefix) for prefix in ("one", "other"))
    await one.persist_query(cached)
    await other.remove_queries()
    assert storage.entries()[0][0] == f"one-{hash_key(key)}"


def test_a_persister_shows_where_it_stores():
    """And under which names."""
    assert repr(create_query_persister(storage=MemoryStorage())) == (
        "<QueryPersister of <PersistedQueries 'query-' in <MemoryStorage with 0 items>>>"
    )


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"storage": {}}, "get_item, set_item and remove_item"),
        ({"max_age": "1 day"}, "max_age"),
        ({"buster": 1}, "buster"),
        ({"prefix": None}, "prefix"),
        ({"serialize": "json"}, r"serialize\(query\)"),
        ({"deserialize": lambda: 1}, r"deserialize\(value\)"),
        ({"refetch_on_restore": "stale"}, '"always"'),
        ({"filters": ["a"]}, "QueryFilters"),
    ],
)
def test_what_cannot_be_right_is_refused(options, text):
    """Where it is written."""
    with pytest.raises(OptionError, match=text):
        create_query_persister(**{"storage": MemoryStorage(), **options})
