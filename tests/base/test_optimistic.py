"""Optimistic writes: shown at once, taken back after a failure, settled by the server."""

from __future__ import annotations

import asyncio

import pytest

from query import (
    UNSET,
    MutationObserver,
    OptionError,
    QueryClient,
    QueryFilters,
    QueryKeyError,
    QueryObserver,
    Undo,
    invalidates,
    mutation_options,
    query_options,
    take_back,
    update_data,
)
from query.sync import QueryClient as SyncQueryClient


@pytest.fixture
async def client():
    async with QueryClient() as client:
        yield client


def options(key, query_fn=None, **more):
    return query_options(query_key=key, query_fn=query_fn, **more)


# -- writing and taking back


def test_the_data_is_changed_at_once(key):
    """Without a loop too: it is a write like any other."""
    client = QueryClient()
    client.set_query_data(key, ["Apollo"])
    undo = update_data(client, options(key), lambda rows: [*rows, "Gemini"])
    assert client.get_query_data(key) == ["Apollo", "Gemini"]
    assert undo.before == ["Apollo"]
    undo()
    assert client.get_query_data(key) == ["Apollo"]


def test_two_writes_of_one_query_are_taken_back_one_after_the_other(key):
    """The later one leaves a copy of what the earlier one wrote; that is still its own."""
    client = QueryClient()
    client.set_query_data(key, ["before"])
    undos = [update_data(client, options(key), lambda rows, n=n: [*rows, n]) for n in (1, 2, 3)]
    assert client.get_query_data(key) == ["before", 1, 2, 3]
    for undo in reversed(undos):
        undo()
    assert client.get_query_data(key) == ["before"]


def test_a_key_says_which_query_too(key):
    """As do options of every kind."""
    client = QueryClient()
    client.set_query_data(key, 1)
    update_data(client, options(key).query_key, lambda n: n + 1)
    assert client.get_query_data(key) == 2


def test_only_this_query_is_changed(key):
    """The key is meant exactly, not as a beginning."""
    client = QueryClient()
    client.set_query_data(key, 1)
    client.set_query_data((*key, "more"), 1)
    update_data(client, options(key), lambda n: n + 1)
    assert client.get_query_data((*key, "more")) == 1


def test_where_nothing_is_cached_nothing_is_done(key):
    """Neither a query nor data is made, and there is nothing to take back."""
    client = QueryClient()
    undo = update_data(client, options(key), lambda rows: [*rows, "Gemini"])
    assert client.get_query_cache().get_all() == []
    assert undo.before is UNSET
    undo()
    assert client.get_query_cache().get_all() == []


def test_null_is_data(key):
    """It is changed, and put back."""
    client = QueryClient()
    client.set_query_data(key, None)
    undo = update_data(client, options(key), lambda data: "something")
    assert (undo.before, client.get_query_data(key)) == (None, "something")
    undo()
    assert client.get_query_data(key, "nothing") is None


def test_a_change_may_write_nothing(key):
    """UNSET does, as everywhere."""
    client = QueryClient()
    client.set_query_data(key, 1)
    undo = update_data(client, options(key), lambda data: UNSET)
    assert undo.before is UNSET
    assert client.get_query_state(key).data_update_count == 1
    undo()
    assert client.get_query_state(key).data_update_count == 1


def test_data_that_can_be_called_is_written_and_not_called(key):
    """What a change returns is the data itself."""
    client = QueryClient()
    client.set_query_data(key, lambda old: print)
    undo = update_data(client, options(key), lambda data: len)
    assert client.get_query_data(key) is len
    undo()
    assert client.get_query_data(key) is print


def test_what_is_put_back_is_as_old_as_it_was(key):
    """It does not count as fresh because it was away for a moment."""
    client = QueryClient()
    client.set_query_data(key, 1, updated_at=1000.0)
    undo = update_data(client, options(key), lambda n: n + 1)
    assert client.get_query_state(key).data_updated_at > 1000
    undo()
    assert client.get_query_state(key).data_updated_at == 1000


def test_newer_data_is_not_taken_back(key):
    """What the server said since, or another write, would be lost."""
    client = QueryClient()
    client.set_query_data(key, ["Apollo"])
    undo = update_data(client, options(key), lambda rows: [*rows, "Gemini"])
    client.set_query_data(key, ["Apollo", "Mercury"])
    undo()
    assert client.get_query_data(key) == ["Apollo", "Mercury"]


def test_a_second_undo_does_nothing(key):
    """The same data may be there again for another reason."""
    client = QueryClient()
    client.set_query_data(key, 1)
    undo = update_data(client, options(key), lambda n: 2)
    undo()
    client.set_query_data(key, 2)
    undo()
    assert client.get_query_data(key) == 2


def test_a_query_that_is_gone_stays_gone(key):
    """Taking back makes no new one."""
    client = QueryClient()
    client.set_query_data(key, 1)
    undo = update_data(client, options(key), lambda n: 2)
    client.remove_queries(key)
    undo()
    assert client.get_query_cache().get_all() == []


def test_it_shows_what_it_takes_back():
    """In a debugger."""
    client = QueryClient()
    client.set_query_data(("a",), 1)
    assert repr(update_data(client, options(("a",)), lambda n: 2)) == "<Undo of a write to QueryKey('a')>"


async def test_a_fetch_under_way_does_not_wipe_out_the_change(client, key):
    """Its answer does not know of it, so the fetch is cancelled."""
    released = asyncio.Event()

    async def load(context):
        await released.wait()
        return ["Apollo"]

    query = options(key, load)
    client.set_query_data(key, ["Apollo"])
    handle = client.prefetch_query(query)
    update_data(client, query, lambda rows: [*rows, "Gemini"])
    released.set()
    await handle
    assert client.get_query_data(key) == ["Apollo", "Gemini"]
    assert client.get_query_state(key).fetch_status == "idle"


async def test_a_first_fetch_goes_on(client, key):
    """There is nothing that its answer could wipe out, and somebody waits for it."""

    async def load(context):
        await asyncio.sleep(0)
        return ["Apollo"]

    query = options(key, load)
    handle = client.fetch_query(query)
    update_data(client, query, lambda rows: [*rows, "Gemini"])
    assert await handle == ["Apollo"]


def test_it_serves_clients_of_threads(key):
    """Which wait where others return a handle."""
    with SyncQueryClient() as client:
        client.set_query_data(key, 1)
        undo = update_data(client, options(key), lambda n: n + 1)
        assert client.get_query_data(key) == 2
        undo()
        assert client.get_query_data(key) == 1


@pytest.mark.parametrize("change", [["Apollo"], None, lambda: 1, lambda a, b: 1])
def test_what_cannot_change_data_is_refused(change, key):
    """Before anything is done."""
    with pytest.raises(OptionError):
        update_data(QueryClient(), options(key), change)


def test_an_async_change_is_refused(key):
    """Its coroutine would be the data."""

    async def change(data):
        return data

    with pytest.raises(OptionError, match="coroutine function"):
        update_data(QueryClient(), options(key), change)


def test_the_words_for_data_in_the_place_of_a_change(key):
    """There is another method for it."""
    with pytest.raises(OptionError, match=r"was given \[\]; expected a function from the present data.*set_query_data"):
        update_data(QueryClient(), options(key), [])


# -- in a mutation


class Server:
    """Has projects, and refuses those that are named in *refused*."""

    def __init__(self, *names, refused=()):
        self.names, self.refused = list(names), refused

    async def load(self, context):
        await asyncio.sleep(0)
        return list(self.names)

    async def add(self, name, context):
        await asyncio.sleep(0)
        if name in self.refused:
            raise ValueError("refused")
        self.names.append(name)
        return len(self.names)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Gemini", [["Apollo"], ["Apollo", "Gemini (saving)"], ["Apollo", "Gemini"]]),
        ("Titanic", [["Apollo"], ["Apollo", "Titanic (saving)"], ["Apollo"]]),
    ],
)
async def test_all_of_an_optimistic_write(client, key, name, shown):
    """Shown at once; taken back after a failure; the server has the last word."""
    server = Server("Apollo", refused=["Titanic"])
    projects = options(key, server.load)
    adding = mutation_options(
        mutation_fn=server.add,
        on_mutate=lambda name, context: update_data(context.client, projects, lambda rows: [*rows, f"{name} (saving)"]),
        on_error=take_back,
        on_settled=invalidates(projects),
    )
    observer, screens = QueryObserver(client, projects), []

    def draw(result):
        if result.has_data and result.data not in screens[-1:]:
            screens.append(result.data)

    unsubscribe = observer.subscribe(draw)
    await observer.wait_for(lambda result: result.is_success)
    await asyncio.gather(MutationObserver(client, adding).mutate(name), return_exceptions=True)
    assert screens == shown
    unsubscribe()


async def test_several_writes_are_taken_back_newest_first(client, key):
    """Two changes of one query end where they began."""
    client.set_query_data(key, 1)

    def show(variables, context):
        return [update_data(context.client, options(key), lambda n: n * 10) for _ in range(2)]

    def fail(variables, context):
        assert client.get_query_data(key) == 100
        raise ValueError("no")

    failing = mutation_options(mutation_fn=fail, on_mutate=show, on_error=take_back)
    with pytest.raises(ValueError, match="no"):
        await MutationObserver(client, failing).mutate()
    assert client.get_query_data(key) == 1


async def test_an_on_mutate_that_failed_leaves_nothing_to_take_back(client, key):
    """It returned nothing."""

    def show(variables, context):
        raise ValueError("in on_mutate")

    failing = mutation_options(mutation_fn=lambda v, c: None, on_mutate=show, on_error=take_back)
    with pytest.raises(ValueError, match="in on_mutate"):
        await MutationObserver(client, failing).mutate()


def test_take_back_takes_one_undo_or_several():
    """Or none."""
    client, taken = QueryClient(), []

    class Counted(Undo):
        def __call__(self):
            taken.append(self)

    one, two = (Counted(client, None, UNSET, UNSET, None) for _ in range(2))
    for undo in (None, [], (), one, [one, two]):
        take_back(ValueError(), None, undo, None)
    assert taken == [one, two, one]


# -- invalidating


@pytest.mark.parametrize("callback", ["on_success", "on_settled"])
@pytest.mark.parametrize("form", ["options", "key", "filters", "function"])
async def test_a_mutation_invalidates_what_it_changed(client, key, callback, form):
    """In every place of a callback, said in every way."""
    client.set_query_data((*key, 1), "one")
    client.set_query_data((*key, 2), "two")
    meant = {
        "options": options((*key, 1)),
        "key": (*key, 1),
        "filters": QueryFilters(query_key=(*key, 1)),
        "function": lambda number: (*key, number),
    }[form]
    writing = mutation_options(mutation_fn=lambda v, c: None, **{callback: invalidates(meant)})
    await MutationObserver(client, writing).mutate(1)
    assert client.get_query_state((*key, 1)).is_invalidated
    assert not client.get_query_state((*key, 2)).is_invalidated


async def test_after_an_error_too(client, key):
    """The variables are in the same place there."""
    client.set_query_data((*key, 1), "one")

    def fail(variables, context):
        raise ValueError("no")

    writing = mutation_options(mutation_fn=fail, on_error=invalidates(lambda number: (*key, number)))
    with pytest.raises(ValueError, match="no"):
        await MutationObserver(client, writing).mutate(1)
    assert client.get_query_state((*key, 1)).is_invalidated


async def test_the_mutation_is_pending_until_all_are_fetched_again(client, key):
    """And they are fetched side by side."""
    released, started = asyncio.Event(), []

    async def load(context):
        started.append(context.query_key)
        await released.wait()

    queries = [options((*key, n), load) for n in (1, 2)]
    unsubscribes = []
    for query in queries:
        client.set_query_data(query.query_key, "old")
        unsubscribes.append(QueryObserver(client, query.with_(stale_time=60)).subscribe(lambda result: None))
    handle = MutationObserver(
        client, mutation_options(mutation_fn=lambda v, c: None, on_success=invalidates(*queries))
    ).mutate()
    for _ in range(10):
        await asyncio.sleep(0)
    assert (len(started), handle.done()) == (2, False)
    released.set()
    await handle
    for unsubscribe in unsubscribes:
        unsubscribe()


def test_nothing_to_invalidate_is_a_mistake():
    """It would look as if it did something."""
    with pytest.raises(OptionError, match=r"invalidates\(\) was given nothing.*QueryFilters\(\) means all"):
        invalidates()


@pytest.mark.parametrize("wrong", ["projects", 3, {"query_key": ["a"]}])
def test_what_means_no_queries_is_refused_at_once(wrong):
    """Not after the first write."""
    with pytest.raises(QueryKeyError):
        invalidates(wrong)


def test_an_async_function_of_the_variables_is_refused():
    """Its answer is needed at once."""

    async def meant(variables):
        return ("a",)

    with pytest.raises(OptionError, match="coroutine function"):
        invalidates(meant)
