"""Clients that tell each other what they have fetched, over a transport of the test's own."""

from __future__ import annotations

import asyncio
import json
import logging

import pytest

from query import (
    UNSET,
    DefaultOptions,
    DehydrateOptions,
    HydrateOptions,
    InfiniteData,
    QueryClient,
    QueryFilters,
    QueryOptions,
    broadcast_query_client,
)


class Channel:
    """Carries each message to everybody, the sender included."""

    def __init__(self):
        self.listeners = []
        self.sent = []

    def join(self):
        return Transport(self)

    def say(self, message):
        for listener in list(self.listeners):
            listener(message if isinstance(message, str) else json.dumps(message))


class Transport:
    """One end of a channel."""

    def __init__(self, channel):
        self.channel = channel
        self.closed = 0
        self.fails = None

    def send(self, message):
        if self.fails is not None:
            raise self.fails
        self.channel.sent.append(json.loads(message))
        self.channel.say(message)

    def subscribe(self, listener):
        self.channel.listeners.append(listener)
        return lambda: self.channel.listeners.remove(listener)

    def close(self):
        self.closed += 1


@pytest.fixture
def channel():
    """Between the clients of a test."""
    return Channel()


@pytest.fixture
def transport(channel):
    """The end of ``client``."""
    return channel.join()


@pytest.fixture
async def told(channel, there):
    """What ``there`` has of a key, being told by others."""
    broadcast_query_client(there, channel.join())
    return lambda key: there.get_query_data(key, UNSET)


def kinds(channel):
    """What was told, in order."""
    return [message["type"] for message in channel.sent]


# -- out and in


@pytest.mark.parity("QB-broadcast-001", "QB-broadcast-002")
async def test_it_listens_until_it_is_stopped(client, transport, channel):
    """To the cache as well as to the others; then the transport is closed, once."""
    broadcast = broadcast_query_client(client, transport)
    assert client.get_query_cache().has_listeners()
    assert len(channel.listeners) == 1
    await broadcast.stop()
    await broadcast.stop()
    assert not client.get_query_cache().has_listeners()
    assert (channel.listeners, transport.closed) == ([], 1)
    client.set_query_data(["a"], 1)
    assert channel.sent == []


async def test_what_one_fetches_the_others_have(client, transport, channel, told, answering, clock, there):
    """With its date; nobody answers to what he was told."""
    broadcast_query_client(client, transport)
    await client.query(QueryOptions(query_key=["a"], query_fn=answering({"n": 1})))
    assert told(["a"]) == {"n": 1}
    assert there.get_query_state(["a"]).data_updated_at == clock.time()
    assert kinds(channel) == ["added", "updated"]


async def test_a_write_is_told_too(client, transport, told):
    """And the last one wins."""
    broadcast_query_client(client, transport)
    client.set_query_data(["a"], 1)
    client.set_query_data(["a"], 2, updated_at=5)
    assert told(["a"]) == 2


async def test_only_new_data_is_an_update(client, transport, channel, answering):
    """Not a fetch that begins or fails, nor an invalidation."""
    broadcast_query_client(client, transport)
    await client.prefetch_query(QueryOptions(query_key=["a"], query_fn=answering(OSError("boom"))))
    await client.invalidate_queries(["a"])
    assert kinds(channel) == ["added"]


async def test_a_query_that_is_watched_and_removed_is_removed_everywhere(client, transport, told, observe, key, watch):
    """One that nobody watches was collected, which is no reason to lose it elsewhere."""
    broadcast_query_client(client, transport)
    for name in (["a"], key):
        client.set_query_data(name, 1)
    watch(observe(enabled=False))
    client.remove_queries()
    assert (told(["a"]), told(key)) == (1, UNSET)


async def test_what_is_removed_and_unknown_here_is_no_matter(channel, told):
    """It may never have come here."""
    channel.say({"version": 1, "sender": "x", "type": "removed", "query_hash": '["a"]'})
    assert told(["a"]) is UNSET


async def test_a_fetch_of_ones_own_goes_on(client, transport, there, told, answering, clock):
    """Whether one fetches is nobody else's business."""
    broadcast_query_client(client, transport)
    there.prefetch_query(QueryOptions(query_key=["a"], query_fn=answering("own", after=10)))
    client.set_query_data(["a"], "told")
    assert (told(["a"]), there.get_query_state(["a"]).fetch_status) == ("told", "fetching")
    await clock.advance(10)
    assert (told(["a"]), there.get_query_state(["a"]).fetch_status) == ("own", "idle")


async def test_a_fetch_elsewhere_is_none_here(client, transport, there, told, answering):
    """Nobody here would end it."""
    broadcast_query_client(client, transport)
    client.prefetch_query(QueryOptions(query_key=["a"], query_fn=answering(1, after=10)))
    client.set_query_data(["a"], 1)
    assert there.get_query_state(["a"]).fetch_status == "idle"
    client.cancel_queries()


async def test_a_query_that_is_new_elsewhere_does_not_overwrite_data(client, transport, there, told):
    """It has none yet."""
    there.set_query_data(["a"], 1)
    broadcast_query_client(client, transport)
    client.get_query_cache().build(client, QueryOptions(query_key=["a"], initial_data=2))
    assert told(["a"]) == 1


async def test_a_query_that_is_new_elsewhere_fills_one_without_data(client, transport, there, told):
    """With its initial data, say."""
    there.get_query_cache().build(there, QueryOptions(query_key=["a"]))
    broadcast_query_client(client, transport)
    client.get_query_cache().build(client, QueryOptions(query_key=["a"], initial_data=2))
    assert told(["a"]) == 2


async def test_some_queries_may_be_kept_to_oneself(client, transport, told):
    """By filters."""
    broadcast_query_client(client, transport, filters=QueryFilters(query_key=["shared"]))
    client.set_query_data(["shared", 1], 1)
    client.set_query_data(["secret"], 1)
    assert (told(["shared", 1]), told(["secret"])) == (1, UNSET)


async def test_data_and_pages_go_through_the_callbacks(client, transport, channel, there):
    """Of the call, or else of the client; a fetch under way is never told."""
    client.set_default_options(DefaultOptions(dehydrate=DehydrateOptions(serialize_data=list, promises=True)))
    broadcast_query_client(client, transport)
    hydrate_options = HydrateOptions(deserialize_data=set, queries=QueryOptions(gc_time=7))
    broadcast_query_client(there, channel.join(), hydrate_options=hydrate_options)
    client.set_query_data(["a"], {1, 2})
    assert there.get_query_data(["a"]) == {1, 2}
    assert there.get_query_cache().get_all()[0].options.gc_time == 7


async def test_pages_are_pages_elsewhere(client, transport, told):
    """As after any dehydration."""
    broadcast_query_client(client, transport)
    client.set_query_data(["a"], InfiniteData([["x"]], [0]))
    assert told(["a"]) == InfiniteData([["x"]], [0])


# -- mistakes of others


@pytest.mark.parity("QB-broadcast-003", "QB-broadcast-004")
@pytest.mark.parametrize("exists", [False, True])
async def test_a_listener_that_raises_does_not_mute_the_client(client, transport, channel, there, reported, exists):
    """It raised while a message was taken in; what is changed here later is told as before."""
    broadcast_query_client(client, transport)
    broadcast_query_client(there, channel.join())
    if exists:
        client.set_query_data(["a"], 0)
    unsubscribe = client.get_query_cache().subscribe(lambda _: 1 / 0)
    there.set_query_data(["a"], 1)
    unsubscribe()
    assert reported
    reported.clear()
    assert client.get_query_data(["a"]) == 1
    channel.sent.clear()
    client.set_query_data(["b"], 1)
    assert kinds(channel) == ["added", "updated"]


QUERY = {"query_key": ["a"], "query_hash": '["a"]', "state": {"status": "success"}}
HEAD = {"version": 1, "sender": "x", "query_hash": '["a"]', "type": "updated"}


@pytest.mark.parametrize(
    ("message", "why"),
    [
        ("{", "Expecting property name"),
        ([], "expected `object`, got `array`"),
        ({**HEAD, "type": "cleared"}, "type: invalid enum value"),
        (HEAD, "it tells of a query without saying which"),
        ({**HEAD, "query": QUERY}, "query.state: object missing required field"),
        ({**HEAD, "version": 2}, "it has format 2, a later one than 1"),
    ],
    ids=["no json", "no object", "unknown type", "no query", "bad query", "later version"],
)
async def test_a_message_that_is_none_is_dropped(there, channel, told, caplog, message, why):
    """And logged: it came from outside."""
    with caplog.at_level(logging.WARNING, logger="query"):
        channel.say(message)
    assert caplog.messages[0].startswith("a broadcast of another client was dropped: ")
    assert why in caplog.messages[0]
    assert there.get_query_cache().get_all() == []


# -- messages that cannot be sent


@pytest.mark.parity("QB-broadcast-009")
async def test_a_message_that_is_lost_is_told(client, transport):
    """With what it was about."""
    transport.fails = OSError("no connection")
    lost = []
    broadcast_query_client(client, transport, on_error=lambda error, event: lost.append((error, event)))
    client.set_query_data(["a"], 1)
    assert [(error, event.type, event.query_hash, event.query_key) for error, event in lost] == [
        (transport.fails, "added", '["a"]', ["a"]),
        (transport.fails, "updated", '["a"]', ["a"]),
    ]


@pytest.mark.parity("QB-broadcast-010")
async def test_a_message_that_is_lost_is_logged_if_nobody_asked(client, transport, caplog):
    """Once a message; the next one may arrive."""
    broadcast_query_client(client, transport)
    transport.fails = OSError("no connection")
    client.set_query_data(["a"], 1)
    assert caplog.messages == [
        'query ["a"] was added, but that could not be told to others: no connection',
        'query ["a"] was updated, but that could not be told to others: no connection',
    ]


async def test_data_that_json_has_no_word_for_is_not_told(client, transport, channel, told):
    """Which is told like any other failure."""
    lost = []
    broadcast_query_client(client, transport, on_error=lambda error, event: lost.append((type(error), event.type)))
    client.set_query_data(["a"], {1, 2})
    assert (kinds(channel), lost) == (["added"], [(TypeError, "updated")])


async def test_one_may_say_how_a_query_without_words_is_told(client, transport, told):
    """A query goes by the options of the call first."""
    client.set_default_options(DefaultOptions(dehydrate=DehydrateOptions(serialize_data=repr)))
    broadcast_query_client(client, transport, dehydrate_options=DehydrateOptions(serialize_data=sorted))
    client.set_query_data(["a"], {2, 1})
    assert told(["a"]) == [1, 2]


@pytest.mark.parity("QB-broadcast-005", "QB-broadcast-006", "QB-broadcast-007", "QB-broadcast-008")
@pytest.mark.parametrize("later", [False, True])
async def test_an_error_callback_that_raises_is_only_logged(client, transport, clock, caplog, reported, later):
    """At once, or when it is awaited."""

    def raise_now(*_):
        raise ValueError("a mistake")

    async def raise_later(*_):
        await clock.sleep(1)
        raise ValueError("a mistake")

    transport.fails = OSError("no connection")
    broadcast = broadcast_query_client(client, transport, on_error=raise_later if later else raise_now)
    client.get_query_cache().build(client, QueryOptions(query_key=["a"]))
    await clock.advance(1)
    assert caplog.messages == ["on_error of a broadcast raised"]
    assert str(caplog.records[0].exc_info[1]) == "a mistake"
    assert reported == []
    await broadcast.stop()


# -- order and end


class SlowTransport(Transport):
    """Takes a second a message."""

    def __init__(self, channel, clock):
        super().__init__(channel)
        self.clock = clock

    async def send(self, message):
        await self.clock.sleep(1)
        super().send(message)

    async def close(self):
        await self.clock.sleep(1)
        super().close()


async def test_messages_arrive_in_order(client, channel, clock, told):
    """However long one takes."""
    broadcast = broadcast_query_client(client, SlowTransport(channel, clock))
    client.set_query_data(["a"], 1)
    client.set_query_data(["a"], 2)
    await clock.advance(2)
    assert told(["a"]) == 1
    await clock.advance(1)
    assert told(["a"]) == 2
    stopping = asyncio.ensure_future(broadcast.stop())
    await clock.advance(1)
    await stopping


async def test_what_waits_is_sent_before_the_client_closes(clock, channel, told):
    """And then the transport is closed."""
    client, transport = QueryClient(clock=clock), SlowTransport(channel, clock)
    broadcast_query_client(client, transport)
    client.set_query_data(["a"], 1)
    closing = asyncio.ensure_future(client.aclose())
    await clock.advance(2)
    assert (told(["a"]), transport.closed, closing.done()) == (1, 0, False)
    await clock.advance(1)
    assert (transport.closed, closing.done()) == (1, True)
    await closing


async def test_a_transport_that_cannot_be_closed_does_not_keep_the_client_open(clock, transport, caplog):
    """It is logged."""
    client = QueryClient(clock=clock)
    broadcast_query_client(client, transport)
    transport.close = lambda: 1 / 0
    await client.aclose()
    assert caplog.messages == ["the transport of a broadcast could not be closed"]


async def test_a_loop_that_has_ended_sends_nothing(clock, channel):
    """Nor does it listen."""
    client = QueryClient(clock=clock)
    broadcast_query_client(client, SlowTransport(channel, clock))
    client.set_query_data(["a"], 1)
    client.discard()
    client.set_query_data(["a"], 2)
    await clock.advance(9)
    assert (len(channel.sent), channel.listeners) == (1, [])
    await client.aclose()


def test_what_is_written_without_a_loop_is_told_within_one(channel, clock):
    """Data may be there before the program has begun."""
    client = QueryClient(clock=clock)
    broadcast_query_client(client, channel.join())
    client.set_query_data(["a"], 1)
    client.set_query_data(["a"], 2)
    assert channel.sent == []

    async def main():
        async with client:
            await clock.settle()

    asyncio.run(main())
    assert kinds(channel) == ["added", "updated", "updated"]
