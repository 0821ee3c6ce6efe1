"""Clients in a storage: what is written, what is read, and what happens when it does not fit."""

from __future__ import annotations

import asyncio
import json

import pytest

from query import (
    MemoryStorage,
    OptionError,
    QueryClient,
    SerializationError,
    create_storage_persister,
    dehydrate,
    remove_oldest_query,
)


def record(queries=(), mutations=()):
    """What is saved of a client that has queries with these dates."""
    client = QueryClient()
    for key, updated_at in queries:
        client.set_query_data([key], f"data of {key}", updated_at=updated_at)
    state = dehydrate(client)
    state["mutations"] = [{"state": {"variables": variables}} for variables in mutations]
    return {"timestamp": 5.0, "buster": "", "client_state": state}


def keys(record):
    """The keys of the saved queries."""
    return [query["query_key"][0] for query in record["client_state"]["queries"]]


class FullStorage(MemoryStorage):
    """Holds so many characters and no more."""

    def __init__(self, room):
        super().__init__()
        self.room = room
        self.tries = 0

    def set_item(self, key, value, /):
        self.tries += 1
        if len(value) > self.room:
            raise OSError(f"{len(value)} characters do not fit")
        super().set_item(key, value)


# -- writing and reading


async def test_what_is_saved_is_found_again():
    """As compact JSON under one name."""
    storage, saved = MemoryStorage(), record([("a", 1)])
    persister = create_storage_persister(storage, key="my-program")
    await persister.persist_client(saved)
    assert await persister.restore_client() == saved
    ((key, text),) = storage.entries()
    assert key == "my-program"
    assert text.startswith('{"timestamp":5.0,"buster":""')
    await persister.remove_client()
    assert await persister.restore_client() is None


async def test_an_empty_text_is_nothing():
    """Some storages say so."""
    assert await create_storage_persister(MemoryStorage([("query_client", "")])).restore_client() is None


async def test_without_a_storage_nothing_is_saved_and_nothing_found():
    """A program may have no place for it."""
    persister = create_storage_persister(None)
    await persister.persist_client(record())
    await persister.remove_client()
    assert await persister.restore_client() is None


async def test_the_storage_and_the_callbacks_may_be_async():
    """And keep something else than text."""

    class Remote(MemoryStorage):
        async def get_item(self, key):
            return super().get_item(key)

        async def set_item(self, key, value):
            super().set_item(key, value)

        async def remove_item(self, key):
            super().remove_item(key)

    async def pack(record):
        return json.dumps(record).encode()

    async def unpack(packed):
        return json.loads(packed)

    storage, saved = Remote(), record([("a", 1)])
    persister = create_storage_persister(storage, serialize=pack, deserialize=unpack)
    await persister.persist_client(saved)
    assert isinstance(storage.entries()[0][1], bytes)
    assert await persister.restore_client() == saved
    await persister.remove_client()
    assert storage.entries() == []


async def test_a_slow_save_does_not_overtake_a_later_one(clock):
    """They are written one after the other, whatever each takes."""

    class Slow(MemoryStorage):
        async def set_item(self, key, value):
            await clock.sleep(5 if "early" in value else 0)
            super().set_item(key, value)

    storage = Slow()
    persister = create_storage_persister(storage)
    saves = [asyncio.ensure_future(persister.persist_client(record([(key, 1)]))) for key in ("early", "late")]
    await clock.advance(5)
    await asyncio.gather(*saves)
    assert keys(await persister.restore_client()) == ["late"]


def test_the_throttle_must_be_a_duration():
    """Checked where it is written."""
    assert create_storage_persister(None).throttle_time == 1
    with pytest.raises(OptionError, match="throttle_time='1s' is a str"):
        create_storage_persister(None, throttle_time="1s")


def test_a_persister_tells_its_place():
    """In messages."""
    assert repr(create_storage_persister(MemoryStorage())) == (
        "<StoragePersister of 'query_client' in <MemoryStorage with 0 items>>"
    )


# -- what cannot be written


@pytest.mark.parametrize(
    ("saved", "entry"),
    [
        (record([("a", 1), ("b", 2)]), 'query ["b"]'),
        (record(mutations=[1, 2]), "mutation"),
        (record(), "the client"),
    ],
    ids=["query", "mutation", "record"],
)
async def test_what_json_has_no_word_for_is_named(saved, entry):
    """With the entry that it is in, and what to do."""
    if entry == "mutation":
        saved["client_state"]["mutations"][1]["state"]["variables"] = {1, 2}
    elif entry == "the client":
        saved["more"] = {1, 2}
    else:
        saved["client_state"]["queries"][1]["state"]["data"] = {1, 2}
    with pytest.raises(SerializationError, match="Make its data plain with serialize_data=") as caught:
        await create_storage_persister(MemoryStorage()).persist_client(saved)
    assert caught.value.entry == entry
    assert str(caught.value).startswith(f"{entry} cannot be written as JSON: Object of type set is not JSON serial")


async def test_a_query_without_a_hash_is_named_by_its_key():
    """It was written by hand."""
    saved = record([("a", 1)])
    del saved["client_state"]["queries"][0]["query_hash"]
    saved["client_state"]["queries"][0]["meta"] = {"x": {1, 2}}
    with pytest.raises(SerializationError) as caught:
        await create_storage_persister(MemoryStorage()).persist_client(saved)
    assert caught.value.entry == "query ['a']"


# -- what does not fit


@pytest.mark.parity("QP-retryStrategies-001")
def test_the_query_with_the_oldest_data_goes():
    """The order of the others stays."""
    less = remove_oldest_query(record([("b", 2), ("a", 1), ("c", 3)]), OSError(), 1)
    assert keys(less) == ["b", "c"]


@pytest.mark.parity("QP-retryStrategies-002")
def test_of_equally_old_queries_one_goes():
    """The first."""
    assert keys(remove_oldest_query(record([("a", 1), ("b", 1)]), OSError(), 1)) == ["b"]


@pytest.mark.parity("QP-retryStrategies-003")
def test_with_no_query_left_it_gives_up():
    """Though there are mutations."""
    assert remove_oldest_query(record(mutations=[1]), OSError(), 1) is None


@pytest.mark.parity("QP-retryStrategies-004")
def test_mutations_stay():
    """And what was given is not changed."""
    saved = record([("a", 1)], mutations=["write"])
    less = remove_oldest_query(saved, OSError(), 1)
    assert less["client_state"]["mutations"] == saved["client_state"]["mutations"]
    assert (keys(saved), keys(less)) == (["a"], [])


async def test_as_much_is_saved_as_fits():
    """Query by query, the oldest first."""
    saved = record([("a", 1), ("b", 2), ("c", 3)])
    storage = FullStorage(len(json.dumps(record([("c", 3)]))))
    persister = create_storage_persister(storage, retry=remove_oldest_query)
    await persister.persist_client(saved)
    assert keys(await persister.restore_client()) == ["c"]
    assert storage.tries == 3


async def test_a_save_that_is_given_up_fails_with_the_last_error():
    """A strategy is told what failed, why, and how often; it may be async."""
    told = []

    async def retry(record, error, error_count):
        told.append((keys(record), type(error), error_count))
        return remove_oldest_query(record, error, error_count)

    persister = create_storage_persister(FullStorage(10), retry=retry)
    with pytest.raises(OSError, match="characters do not fit"):
        await persister.persist_client(record([("a", 1), ("b", 2)]))
    assert told == [(["a", "b"], OSError, 1), (["b"], OSError, 2), ([], OSError, 3)]


async def test_without_a_strategy_the_first_failure_is_told():
    """Nothing else is tried."""
    storage = FullStorage(10)
    with pytest.raises(OSError, match="characters do not fit"):
        await create_storage_persister(storage).persist_client(record([("a", 1)]))
    assert storage.tries == 1
