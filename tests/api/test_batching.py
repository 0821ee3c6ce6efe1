"""What is asked for in one moment is asked for together."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from query import OptionError, QueriesObserver, QueryCancelledError, QueryClient, QueryOptions
from query.api import ApiRequest, NotInBatchError, RequestError, batch_requests, call_api


class Context:
    def __init__(self, id, client=None, group=None):
        self.id, self.client, self.group = id, client, group


class Loads:
    """A function that loads batches, each when it is told to."""

    def __init__(self, at_once=True):
        self.at_once = at_once
        self.batches = []
        self.ends = []
        self.cancelled = []

    async def __call__(self, ids, context):
        self.batches.append(ids)
        number = len(self.batches) - 1
        if not self.at_once:
            self.ends.append(asyncio.get_running_loop().create_future())
            try:
                await self.ends[number]
            except asyncio.CancelledError:
                self.cancelled.append(number)
                raise
        return {name: f"<{name}>" for name in ids}


def batched(load, **options):
    return batch_requests(load, id_of=lambda context: context.id, **options)


async def settle():
    for _ in range(8):
        await asyncio.sleep(0)


async def test_one_call_for_all_of_a_moment():
    """Each is given its own; an id that is asked for twice is asked for once."""
    load = Loads()
    fetch = batched(load)
    assert await asyncio.gather(*(fetch(Context(n)) for n in (3, 1, 3, 2))) == ["<3>", "<1>", "<3>", "<2>"]
    assert load.batches == [(3, 1, 2)]
    assert await fetch(Context(1)) == "<1>"
    assert load.batches == [(3, 1, 2), (1,)]


async def test_a_full_batch_goes_off_at_once():
    """The next one begins anew."""
    load = Loads()
    fetch = batched(load, max_size=2)
    await asyncio.gather(*(fetch(Context(n)) for n in range(5)))
    assert load.batches == [(0, 1), (2, 3), (4,)]


async def test_what_must_not_be_mixed_is_not():
    """Clients have different logins; other groups are named."""
    load = Loads()
    fetch = batched(load, group_of=lambda context: context.group)
    one, other = object(), object()
    contexts = [Context(1, one), Context(2, other), Context(3, one), Context(4, one, "eu")]
    await asyncio.gather(*map(fetch, contexts))
    assert load.batches == [(1, 3), (2,), (4,)]


async def test_one_that_fails_leaves_the_others_alone():
    """By an exception among the answers; one that is missing fails as well, and says so."""

    async def load(ids, context):
        return {1: "one", 2: ZeroDivisionError("two")}

    fetch = batched(load)
    answers = await asyncio.gather(*(fetch(Context(n)) for n in (1, 2, 3)), return_exceptions=True)
    assert answers[0] == "one"
    assert isinstance(answers[1], ZeroDivisionError)
    assert isinstance(answers[2], NotInBatchError)
    assert str(answers[2]) == "the batch of 3 ids was answered without 3."
    assert (answers[2].id, answers[2].ids, answers[2].retryable) == (3, (1, 2, 3), False)


@pytest.mark.parametrize("error", [ZeroDivisionError(), StopIteration()])
async def test_a_call_that_fails_fails_all(error):
    """There is no telling whose fault it was."""

    async def load(ids, context):
        raise error

    def plain(ids, context):
        raise error

    for function in (load, plain):
        fetch = batched(function)
        answers = await asyncio.gather(fetch(Context(1)), fetch(Context(2)), return_exceptions=True)
        assert [type(answer) for answer in answers] == [
            RuntimeError if isinstance(error, StopIteration) else ZeroDivisionError
        ] * 2


@pytest.mark.parametrize("answers", [None, ["one"], "one"])
async def test_answers_that_are_no_mapping_are_refused(answers):
    """It says what to return."""

    async def load(ids, context):
        return answers

    with pytest.raises(OptionError, match="expected the answers by id"):
        await batched(load)(Context(1))


async def test_who_leaves_before_the_call_is_not_asked_for():
    """When all have left there is no call."""
    load = Loads()
    fetch = batched(load)
    tasks = [asyncio.create_task(fetch(Context(n))) for n in (1, 2)]
    asyncio.get_running_loop().call_soon(tasks[0].cancel)
    fetches = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(fetches[0], asyncio.CancelledError)
    assert fetches[1] == "<2>"
    waiting = batched(load, max_wait=1000)
    task = asyncio.create_task(waiting(Context(1)))
    await settle()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not any(waiting._open.values())


async def test_a_call_is_cancelled_when_all_have_left():
    """As long as one waits, it goes on."""
    load = Loads(at_once=False)
    fetch = batched(load)
    tasks = [asyncio.create_task(fetch(Context(n))) for n in (1, 2)]
    await settle()
    tasks[0].cancel()
    await settle()
    assert load.cancelled == []
    tasks[1].cancel()
    await settle()
    assert load.cancelled == [0]


async def test_a_call_that_is_cancelled_from_within_cancels_those_who_wait():
    """Nobody waits for an answer that cannot come."""

    async def load(ids, context):
        raise asyncio.CancelledError

    fetch = batched(load)
    answers = await asyncio.gather(fetch(Context(1)), fetch(Context(2)), return_exceptions=True)
    assert [type(answer) for answer in answers] == [asyncio.CancelledError] * 2


async def test_who_has_left_is_dealt_nothing():
    """While the others still wait."""
    load = Loads(at_once=False)
    fetch = batched(load)
    tasks = [asyncio.create_task(fetch(Context(n))) for n in (1, 2)]
    await settle()
    load.ends[0].set_result(None)
    tasks[0].cancel()
    assert await tasks[1] == "<2>"
    with pytest.raises(asyncio.CancelledError):
        await tasks[0]


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_an_exit_ends_the_program_and_is_told_to_those_who_wait(error):
    """It is not swallowed on the way."""

    async def load(ids, context):
        raise error

    fetch = batched(load)
    told = []

    async def ask():
        try:
            await fetch(Context(1))
        except BaseException as caught:
            told.append(type(caught))
            raise

    with pytest.raises(error):
        asyncio.run(ask())
    assert told


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("ask"), st.integers(0, 5)),
        st.tuples(st.just("cancel"), st.integers(0, 30)),
        st.tuples(st.sampled_from(["end", "fail"]), st.integers(0, 30)),
        st.just(("turn",)),
    ),
    max_size=60,
)


@settings(max_examples=300)
@given(max_size=st.one_of(st.none(), st.integers(1, 4)), steps=STEPS)
def test_whatever_happens_each_gets_what_it_asked_for(max_size, steps):
    """Questions come, calls end and fail, and those who ask leave, in whatever order and several in one turn."""

    async def play():
        load = Loads(at_once=False)
        fetch = batched(load, max_size=max_size)
        asked, tasks, left, failed = [], [], set(), set()
        for step, *which in steps:
            if step == "ask":
                asked.append(which[0])
                tasks.append(asyncio.create_task(fetch(Context(which[0]))))
            elif step == "cancel" and tasks and not tasks[which[0] % len(tasks)].done():
                left.add(which[0] % len(tasks))
                tasks[which[0] % len(tasks)].cancel()
            elif step in ("end", "fail") and load.ends:
                number = which[0] % len(load.ends)
                if not load.ends[number].done():
                    if step == "fail":
                        failed.add(number)
                        load.ends[number].set_exception(ZeroDivisionError())
                    else:
                        load.ends[number].set_result(None)
            elif step == "turn":
                await asyncio.sleep(0)
        while any(not task.done() for task in tasks):
            await settle()
            for end in load.ends:
                if not end.done():
                    end.set_result(None)
        await settle()
        for number, task in enumerate(tasks):
            if task.cancelled():
                assert number in left
            elif task.exception() is None:
                assert task.result() == f"<{asked[number]}>"
            else:
                assert isinstance(task.exception(), ZeroDivisionError)
                assert any(asked[number] in load.batches[index] for index in failed)
        for ids in load.batches:
            assert len(set(ids)) == len(ids) >= 1
            assert max_size is None or len(ids) <= max_size
        # a call is given up only if nobody who could hear of it is left
        assert all(any(asked[number] in load.batches[index] for number in left) for index in load.cancelled)
        assert not any(fetch._open.values())

    asyncio.run(play())


@settings(max_examples=300)
@given(max_size=st.one_of(st.none(), st.integers(1, 4)), steps=STEPS)
def test_a_call_is_given_up_when_its_last_one_leaves_and_not_before(max_size, steps):
    """Each asks for something of his own here, so that it is known whose call is whose."""

    async def play():
        load = Loads(at_once=False)
        fetch = batched(load, max_size=max_size)
        tasks = []
        for step, *which in steps:
            if step == "ask":
                tasks.append(asyncio.create_task(fetch(Context(len(tasks)))))
            elif step == "cancel" and tasks:
                tasks[which[0] % len(tasks)].cancel()
            elif step == "turn":
                await asyncio.sleep(0)
            for index in load.cancelled:
                assert all(tasks[number].cancelling() or tasks[number].done() for number in load.batches[index])
        await settle()
        for index, ids in enumerate(load.batches):
            assert (index in load.cancelled) == all(tasks[number].cancelled() for number in ids)
        for end in load.ends:
            if not end.done():
                end.set_result(None)
        results = await asyncio.gather(*tasks, return_exceptions=True)
        for number, result in enumerate(results):
            assert result == f"<{number}>" or tasks[number].cancelled()
        # who had left before the call was made is in none
        asked = [number for ids in load.batches for number in ids]
        assert asked == sorted(asked)
        assert {number for number, task in enumerate(tasks) if not task.cancelled()} <= set(asked)

    asyncio.run(play())


@pytest.fixture
async def timed(clock):
    """A query client whose time is ours."""
    async with QueryClient(clock=clock) as client:
        yield client
        client.clear()


async def test_a_batch_may_wait_for_more(timed, clock):
    """In the time of the client, from its first question on; a full one does not wait."""
    load = Loads()
    fetch = batch_requests(load, id_of=lambda context: context.query_key[1], max_wait=timedelta(seconds=2), max_size=3)
    handles = [timed.fetch_query(QueryOptions(query_key=("user", 1), query_fn=fetch))]
    await clock.advance(1.5)
    handles.append(timed.fetch_query(QueryOptions(query_key=("user", 2), query_fn=fetch)))
    await clock.advance(0.499)
    assert load.batches == []
    await clock.advance(0.001)
    assert load.batches == [(1, 2)]
    handles += [timed.fetch_query(QueryOptions(query_key=("user", n), query_fn=fetch)) for n in (3, 4, 5)]
    await clock.advance()
    assert load.batches == [(1, 2), (3, 4, 5)]
    assert [await handle for handle in handles] == [f"<{n}>" for n in (1, 2, 3, 4, 5)]
    assert not [line for line in timed.leaks() if "batch" in line]


async def test_without_a_client_the_loop_has_the_time():
    """As for a function that is called by hand."""
    load = Loads()
    assert await batched(load, max_wait=0.001)(Context(1)) == "<1>"


async def test_queries_of_an_api_are_asked_together(server, client):
    """One request for the rows of a page; the row that is not there fails alone."""

    async def load_users(ids, context):
        answer = await call_api(ApiRequest(url="/users/", query={"ids": ",".join(map(str, ids))}), context.client)
        return {user["id"]: user for user in answer.json}

    server.answer = {"status_code": 200, "json": [{"id": 1}, {"id": 2}]}
    fetch = batch_requests(load_users, id_of=lambda context: context.query_key[1])
    options = [QueryOptions(query_key=("user", n), query_fn=fetch) for n in (1, 2, 3)]
    observer = QueriesObserver(client, options)
    unsubscribe = observer.subscribe(lambda results: None)
    assert await client.fetch_query(options[0]) == {"id": 1}
    assert await client.fetch_query(options[1]) == {"id": 2}
    with pytest.raises(NotInBatchError):
        await client.fetch_query(options[2].with_(retry=False))
    assert str(server.requests[0].url) == "https://api.test/users/?ids=1%2C2%2C3"
    unsubscribe()

    server.answer = {"status_code": 500}
    with pytest.raises(RequestError):
        await client.fetch_query(options[0].with_(retry=False))


async def test_a_cancelled_query_leaves_the_batch(server, client):
    """The last one takes the request with it."""
    arrived, given_up = asyncio.Event(), asyncio.Event()

    async def never(request):
        arrived.set()
        try:
            await asyncio.Event().wait()
        finally:
            given_up.set()

    async def load(ids, context):
        return (await call_api(ApiRequest(url="/users/"), context.client)).json

    server.answer = never
    fetch = batch_requests(load, id_of=lambda context: context.query_key[1])
    handles = [client.fetch_query(QueryOptions(query_key=("user", n), query_fn=fetch)) for n in (1, 2)]
    await arrived.wait()
    await client.cancel_queries(("user", 1))
    await settle()
    assert not given_up.is_set()
    await client.cancel_queries(("user", 2))
    await asyncio.wait_for(given_up.wait(), 10)
    for handle in handles:
        with pytest.raises(QueryCancelledError):
            await handle


@pytest.mark.parametrize(
    ("options", "option"),
    [
        ({"load": 5}, "load"),
        ({"id_of": None}, "id_of"),
        ({"group_of": 5}, "group_of"),
        ({"max_size": 0}, "max_size"),
        ({"max_size": 1.5}, "max_size"),
        ({"max_wait": -1}, "max_wait"),
        ({"max_wait": None}, "max_wait"),
    ],
)
def test_what_cannot_be_right_is_refused(options, option):
    """By the name that it has."""
    given = {"load": Loads(), "id_of": id, **options}
    with pytest.raises(OptionError) as caught:
        batch_requests(given.pop("load"), **given)
    assert caught.value.option == option
