"""Query functions whose data comes in pieces."""

from __future__ import annotations

import asyncio

import pytest

from query import UNSET, OptionError, QueryCancelledError, QueryObserver, QueryOptions, streamed_query
from query.base.contexts import QueryFunctionContext

# Source of the tests with parity ids: streamedQuery.test.tsx


class Stream:
    """A stream function: a chunk each second, counting on over all its streams.

    Args:
        clock: Whose seconds.
        count: How many chunks a stream has.
        signal: Whether it reads the signal.
    """

    def __init__(self, clock, count=3, *, signal=False):
        self.clock = clock
        self.count = count
        self.signal = signal
        self.opened = 0
        self.sent = []
        self.closed = []

    async def __call__(self, context):
        number = self.opened = self.opened + 1
        if self.signal:
            context.signal.raise_if_aborted()
        try:
            for _ in range(self.count):
                await self.clock.sleep(1)
                self.sent.append(len(self.sent))
                yield self.sent[-1]
        finally:
            self.closed.append(number)


@pytest.fixture
def stream(clock):
    """A stream of three chunks."""
    return Stream(clock)


@pytest.fixture
def streaming(client, key):
    """Makes an observer of a streamed query: of a stream function and what else ``streamed_query`` takes."""

    def make(stream_fn, *, initial_data=..., **how):
        options = QueryOptions(query_key=key, query_fn=streamed_query(stream_fn, **how), retry=False)
        if initial_data is not ...:
            options = options.with_(initial_data=initial_data, stale_time=0)
        return QueryObserver(client, options)

    return make


def brief(observer):
    """What an observer shows."""
    result = observer.get_current_result()
    return (result.status, result.fetch_status, result.data)


@pytest.mark.parity("QC-streamedQuery-001")
async def test_each_chunk_is_shown_as_it_arrives(streaming, stream, clock, watch, states):
    """Successful from the first one on, idle at the end; every chunk is an update, and the end one more."""
    observer = streaming(stream)
    watch(observer)
    shown = [brief(observer)]
    for _ in range(3):
        await clock.advance(1)
        shown.append(brief(observer))
    assert shown == [
        ("pending", "fetching", None),
        ("success", "fetching", [0]),
        ("success", "fetching", [0, 1]),
        ("success", "idle", [0, 1, 2]),
    ]
    assert states[-1].data_update_count == 4


@pytest.mark.parity("QC-streamedQuery-002")
async def test_a_chunk_that_is_a_list_is_one_item(client, key, clock):
    """Not as many as it has."""

    async def lists(context):
        yield [0, 0]
        yield [1, 1]

    assert await client.query(QueryOptions(query_key=key, query_fn=streamed_query(lists))) == [[0, 0], [1, 1]]


@pytest.mark.parity("QC-streamedQuery-003")
async def test_a_stream_without_chunks_has_the_initial_value(client, key, streaming, watch, clock):
    """An empty list, which is data; each query has its own."""

    async def empty(context):
        return
        yield

    observer = streaming(empty)
    watch(observer)
    await clock.advance()
    assert brief(observer) == ("success", "idle", [])
    other = await client.query(QueryOptions(query_key=[*key, "other"], query_fn=streamed_query(empty)))
    assert other == []
    assert other is not observer.get_current_result().data


@pytest.mark.parity("QC-streamedQuery-004")
async def test_a_refetch_begins_anew(streaming, stream, clock, watch):
    """By default: pending and without data until the first chunk."""
    observer = streaming(stream)
    watch(observer)
    await clock.advance(3)
    observer.refetch()
    assert brief(observer) == ("pending", "fetching", None)
    await clock.advance(1)
    assert brief(observer) == ("success", "fetching", [3])
    await clock.advance(2)
    assert brief(observer) == ("success", "idle", [3, 4, 5])


@pytest.mark.parity("QC-streamedQuery-005")
async def test_a_refetch_may_add_to_what_is_there(streaming, clock, watch):
    """The mode append."""
    observer = streaming(Stream(clock, 2), refetch_mode="append")
    watch(observer)
    await clock.advance(2)
    observer.refetch()
    assert brief(observer) == ("success", "fetching", [0, 1])
    await clock.advance(1)
    assert brief(observer) == ("success", "fetching", [0, 1, 2])
    await clock.advance(1)
    assert brief(observer) == ("success", "idle", [0, 1, 2, 3])


@pytest.mark.parity("QC-streamedQuery-006")
async def test_a_refetch_may_replace_what_is_there_at_its_end(streaming, clock, watch):
    """The mode replace: until then the old data is shown. A first fetch shows its chunks."""
    observer = streaming(Stream(clock, 2), refetch_mode="replace")
    watch(observer)
    await clock.advance(1)
    assert brief(observer) == ("success", "fetching", [0])
    await clock.advance(1)
    observer.refetch()
    await clock.advance(1)
    assert brief(observer) == ("success", "fetching", [0, 1])
    await clock.advance(1)
    assert brief(observer) == ("success", "idle", [2, 3])


@pytest.mark.parity("QC-streamedQuery-007")
@pytest.mark.parametrize("signal", [True, False])
async def test_a_refetch_stops_the_stream_under_way(streaming, clock, watch, signal):
    """It is closed at once, whether it reads the signal or not, and nothing of it is written any more."""
    stream = Stream(clock, signal=signal)
    observer = streaming(stream)
    watch(observer)
    await clock.advance(1)
    observer.refetch()
    await clock.advance()
    assert stream.closed == [1]
    await clock.advance(3)
    assert brief(observer) == ("success", "idle", [1, 2, 3])


@pytest.mark.parity("QC-streamedQuery-008")
async def test_a_stream_that_heeds_the_signal_ends_with_its_last_observer(streaming, clock):
    """What it delivered stays."""
    stream = Stream(clock, signal=True)
    observer = streaming(stream)
    unsubscribe = observer.subscribe(lambda _: None)
    await clock.advance(2)
    unsubscribe()
    await clock.advance(5)
    state = observer.get_current_query().state
    assert (state.status, state.fetch_status, state.data) == ("success", "idle", [0, 1])
    assert (stream.sent, stream.closed) == ([0, 1], [1])


@pytest.mark.parity("QC-streamedQuery-009")
async def test_another_stream_goes_on_without_observers(streaming, stream, clock):
    """To its end."""
    observer = streaming(stream)
    unsubscribe = observer.subscribe(lambda _: None)
    await clock.advance(1)
    unsubscribe()
    await clock.advance(2)
    state = observer.get_current_query().state
    assert (state.status, state.fetch_status, state.data) == ("success", "idle", [0, 1, 2])


@pytest.mark.parity("QC-streamedQuery-010", "QC-streamedQuery-011")
@pytest.mark.parametrize(("initial", "expected"), [({}, {0: True, 1: True}), ({"a": 1}, {"a": 1, 0: True, 1: True})])
async def test_a_reducer_makes_the_data(streaming, clock, watch, initial, expected):
    """Beginning with the initial value, which stays as it is."""
    before = dict(initial)
    observer = streaming(Stream(clock, 2), reducer=lambda data, n: {**data, n: True}, initial_value=initial)
    watch(observer)
    await clock.advance(2)
    assert brief(observer) == ("success", "idle", expected)
    assert initial == before


async def test_an_initial_value_suits_a_list_too(client, key, clock):
    """The chunks follow it."""
    options = QueryOptions(query_key=key, query_fn=streamed_query(Stream(clock, 1), initial_value=["first"]))
    handle = client.query(options)
    await clock.advance(1)
    assert await handle == ["first", 0]


def failing(clock, *fails):
    """A stream function whose n-th stream has one chunk, after a second, or an error instead if ``fails[n]``."""
    wanted = list(fails)

    async def stream(context):
        await clock.sleep(1)
        if wanted.pop(0):
            raise ValueError("no stream")
        yield 0

    return stream


@pytest.mark.parity("QC-streamedQuery-012")
async def test_a_refetch_that_fails_shows_the_initial_data_again(streaming, watch, clock):
    """With the error: that is where a reset goes back to."""
    observer = streaming(failing(clock, False, True), initial_data=[])
    watch(observer)
    await clock.advance(1)
    assert brief(observer) == ("success", "idle", [0])
    observer.refetch()
    await clock.advance(1)
    assert brief(observer) == ("error", "idle", [])


@pytest.mark.parity("QC-streamedQuery-013")
async def test_a_fetch_after_a_failure_is_a_refetch(streaming, watch, clock, states):
    """The error goes at once, and the query is pending again."""
    observer = streaming(failing(clock, True, False))
    watch(observer)
    await clock.advance(1)
    assert brief(observer) == ("error", "idle", None)
    observer.refetch()
    assert brief(observer) == ("pending", "fetching", None)
    reset = states[-1]
    assert (reset.status, reset.fetch_status, reset.error, reset.error_update_count) == ("pending", "fetching", None, 0)
    await clock.advance(1)
    assert brief(observer) == ("success", "idle", [0])


@pytest.mark.parity("QC-streamedQuery-014")
async def test_a_fetch_after_a_failure_shows_the_initial_data(streaming, watch, clock):
    """Successful, while it fetches."""
    observer = streaming(failing(clock, True, False), initial_data=[])
    watch(observer)
    await clock.advance(1)
    assert brief(observer) == ("error", "idle", [])
    observer.refetch()
    assert brief(observer) == ("success", "fetching", [])
    await clock.advance(1)
    assert brief(observer) == ("success", "idle", [0])


@pytest.mark.parity("QC-streamedQuery-015")
async def test_a_reducer_is_called_once_for_each_chunk(streaming, clock, watch):
    """Also where a refetch only gathers them."""
    calls = []

    def reducer(data, chunk):
        calls.append(chunk)
        return [*data, chunk]

    observer = streaming(Stream(clock, 2), refetch_mode="replace", reducer=reducer, initial_value=[])
    watch(observer)
    await clock.advance(2)
    observer.refetch()
    await clock.advance(2)
    assert calls == [0, 1, 2, 3]


# -- beyond query-core's own tests


@pytest.mark.parity("QC-utils-075", "QC-utils-078")
async def test_a_stream_sees_the_context_of_its_fetch(client, key, clock):
    """With the one signal of that fetch, however often it is read; reading it leaves nothing behind."""
    seen = []

    async def stream(context):
        seen.append((context.query_key, context.client, context.meta, context.signal, context.signal))
        yield 1

    await client.query(QueryOptions(query_key=key, query_fn=streamed_query(stream), meta={"m": 1}))
    query_key, its_client, meta, signal, again = seen[0]
    assert (query_key, its_client, meta) == (key, client, {"m": 1})
    assert signal is again
    assert signal._listeners == {}


async def test_none_is_data_of_a_stream(client, key, clock):
    """It is no reason to begin anew with the initial value."""
    seen = []
    query_fn = streamed_query(Stream(clock, 2), reducer=lambda data, n: seen.append(data), initial_value=0)
    handle = client.query(QueryOptions(query_key=key, query_fn=query_fn))
    await clock.advance(2)
    assert await handle is None
    assert seen == [0, None]


async def test_a_reducer_that_delivers_nothing_writes_nothing(client, key, clock):
    """UNSET is no data; the initial value is what remains."""
    query_fn = streamed_query(Stream(clock, 2), reducer=lambda data, n: UNSET, initial_value="start")
    handle = client.query(QueryOptions(query_key=key, query_fn=query_fn))
    await clock.advance(2)
    assert await handle == "start"


async def test_a_function_may_be_the_data(client, key, clock):
    """It is stored, not called."""

    def chosen():
        raise AssertionError("not to be called")

    query_fn = streamed_query(
        Stream(clock, 1), refetch_mode="replace", reducer=lambda data, n: chosen, initial_value=chosen
    )
    options = QueryOptions(query_key=key, query_fn=query_fn)
    for _ in range(2):
        handle = client.query(options)
        await clock.advance(1)
        assert await handle is chosen


async def test_a_stream_may_be_awaited_first(client, key):
    """A function that opens it over the network."""

    async def chunks():
        yield "a"

    async def opens(context):
        await asyncio.sleep(0)
        return chunks()

    assert await client.query(QueryOptions(query_key=key, query_fn=streamed_query(opens))) == ["a"]


async def test_any_async_iterable_is_a_stream(client, key):
    """It need not have anything to close."""

    class Chunks:
        def __init__(self):
            self.left = ["a", "b"]

        def __aiter__(self):
            return self

        async def __anext__(self):
            if not self.left:
                raise StopAsyncIteration
            return self.left.pop(0)

    options = QueryOptions(query_key=key, query_fn=streamed_query(lambda context: Chunks()))
    assert await client.query(options) == ["a", "b"]


async def test_what_is_no_stream_fails_the_fetch(client, key):
    """A list is no async iterable, though it looks like one that has ended."""
    options = QueryOptions(query_key=key, query_fn=streamed_query(lambda context: [1, 2]))
    with pytest.raises(OptionError, match=r"stream_fn of .* returned a list; expected an async iterable"):
        await client.query(options)


@pytest.mark.parametrize(("before", "after"), [((7,), [7, 0]), ([7], [7, 0])])
async def test_a_stream_goes_on_with_a_list_that_was_written(client, key, clock, before, after):
    """By hand, or by another function."""
    client.set_query_data(key, before)
    options = QueryOptions(query_key=key, query_fn=streamed_query(Stream(clock, 1), refetch_mode="append"))
    handle = client.query(options)
    await clock.advance(1)
    assert await handle == after


@pytest.mark.parametrize("before", [{"a": 1}, "text", None])
async def test_a_stream_does_not_go_on_with_other_data(client, key, clock, before):
    """The members of a dict, or the letters of a text, are no chunks."""
    client.set_query_data(key, before)
    handle = client.query(QueryOptions(query_key=key, query_fn=streamed_query(Stream(clock, 1), refetch_mode="append")))
    await clock.advance(1)
    with pytest.raises(OptionError, match=r"the data of this query is a (dict|str|NoneType)\. Pass reducer="):
        await handle
    assert client.get_query_data(key) == before


async def test_a_stream_that_breaks_off_keeps_what_came(streaming, watch, clock):
    """The error is shown beside it."""

    async def breaks(context):
        yield "a"
        raise ValueError("broke off")

    observer = streaming(breaks)
    watch(observer)
    await clock.advance()
    assert brief(observer) == ("error", "idle", ["a"])


async def test_a_retry_after_a_chunk_is_a_refetch(client, key, clock):
    """What the failed attempt delivered goes, as the mode says."""
    attempts = []

    async def stream(context):
        attempts.append(1)
        yield len(attempts)
        if len(attempts) == 1:
            raise ValueError("broke off")

    options = QueryOptions(query_key=key, query_fn=streamed_query(stream), retry=1, retry_delay=1)
    handle = client.query(options)
    await clock.advance(1)
    assert await handle == [2]


@pytest.mark.parametrize("mode", ["reset", "append", "replace"])
async def test_a_cancelled_refetch_writes_nothing_more(client, streaming, clock, watch, key, mode):
    """What is there then stays; in the mode replace that is the data before."""
    stream = Stream(clock, 2)
    observer = streaming(stream, refetch_mode=mode)
    watch(observer)
    await clock.advance(2)
    observer.refetch()
    await clock.advance(1)
    before = brief(observer)[2]
    await client.cancel_queries(key)
    await clock.advance(5)
    assert brief(observer) == ("success", "idle", before)
    assert before == {"reset": [2], "append": [0, 1, 2], "replace": [0, 1]}[mode]
    assert stream.closed == [1, 2]


async def test_a_listener_that_cancels_stops_the_stream(client, key, clock):
    """At once, though the stream's own task is the one that tells it."""
    stream = Stream(clock)
    observer = QueryObserver(client, QueryOptions(query_key=key, query_fn=streamed_query(stream)))
    unsubscribe = observer.subscribe(lambda result: result.has_data and client.cancel_queries(key))
    await clock.advance(1)
    assert stream.closed == [1]
    await clock.advance(5)
    assert brief(observer) == ("success", "idle", [0])
    unsubscribe()


async def test_a_stream_that_cancels_its_own_query_writes_nothing(client, key, clock):
    """Nobody interrupts it, but nobody wants its chunks."""

    async def stream(context):
        context.client.cancel_queries(key)
        yield "unwanted"

    handle = client.query(QueryOptions(query_key=key, query_fn=streamed_query(stream)))
    with pytest.raises(QueryCancelledError):
        await handle
    assert client.get_query_data(key) is None


async def test_a_replacing_stream_that_cancels_its_own_query_writes_nothing(client, key):
    """What it gathered is dropped."""
    begun = []

    async def stream(context):
        begun.append(1)
        yield len(begun)
        if len(begun) == 2:
            context.client.cancel_queries(key)

    options = QueryOptions(query_key=key, query_fn=streamed_query(stream, refetch_mode="replace"))
    await client.query(options)
    assert await client.query(options) == [1]
    assert client.get_query_data(key) == [1]


async def test_nothing_is_opened_for_a_fetch_that_is_cancelled_already(client, key, clock):
    """A persister may have taken its time before it calls the function."""
    stream = Stream(clock)
    query_fn = streamed_query(stream)

    async def persister(query_fn, context, query):
        query.cancel(revert=True)
        assert await query_fn(context) == []
        return "late"

    options = QueryOptions(query_key=key, query_fn=query_fn, persister=persister)
    with pytest.raises(QueryCancelledError):
        await client.query(options)
    assert stream.opened == 0


async def test_a_stream_function_may_be_called_outside_a_fetch(client, clock, key):
    """With a context of a program's own, which has no fetch to be cancelled."""
    context = QueryFunctionContext(QueryOptions(query_key=key).query_key, client, None, lambda: None)
    task = asyncio.create_task(streamed_query(Stream(clock, 2))(context))
    await clock.advance(2)
    assert await task == [0, 1] == client.get_query_data(key)


async def asynchronous(data, chunk):
    """What no reducer can be."""


@pytest.mark.parametrize(
    ("how", "text"),
    [
        ({"refetch_mode": "extend"}, '"reset", "append" or "replace"'),
        ({"stream_fn": "url"}, r"stream_fn\(context\)"),
        ({"stream_fn": lambda: None}, r"stream_fn\(context\)"),
        ({"reducer": asynchronous, "initial_value": []}, "plain function"),
        ({"reducer": lambda data: data, "initial_value": []}, r"reducer\(data, chunk\)"),
        ({"reducer": lambda data, chunk: data}, "Pass initial_value="),
    ],
)
def test_what_cannot_be_right_is_refused(how, text):
    """Where it is written."""
    with pytest.raises(OptionError, match=text):
        streamed_query(**{"stream_fn": lambda context: None, **how})
