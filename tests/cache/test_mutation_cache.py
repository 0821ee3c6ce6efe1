"""The mutation cache: what it holds and finds, whose turn it is in a scope, and what it tells."""

from __future__ import annotations

import pytest
from client_fixtures import FakeMutationObserver, event_text

from query import MutationCache, MutationFilters, MutationOptions, MutationState, UnknownOptionError

Failed = pytest.fail.Exception


@pytest.fixture
def cache(client):
    """The client's mutation cache."""
    return client.get_mutation_cache()


@pytest.fixture
def trace(cache):
    """The events with the number of their mutation, and "paused" where a pending one is."""
    texts = []

    def note(event):
        what = event.type if event.action is None else event.action.type
        paused = " paused" if what == "pending" and event.action.is_paused else ""
        texts.append(f"{event.mutation.mutation_id} {what}{paused}")

    cache.subscribe(note)
    return texts


# -- building, adding, removing


def test_each_mutation_is_new_and_has_the_next_number(cache, mutation_of):
    """Equal keys make no difference: a write is a write."""
    mutations = [mutation_of(mutation_key=["add"]) for _ in range(3)]
    assert [mutation.mutation_id for mutation in mutations] == [1, 2, 3]
    assert cache.get_all() == mutations
    assert repr(cache) == "<MutationCache with 3 mutations>"


def test_a_mutation_inherits_from_the_defaults(client, mutation_of):
    """Those of its key too."""
    client.set_mutation_defaults(["add"], MutationOptions(meta={"a": 1}))
    assert mutation_of(mutation_key=["add", 1]).meta == {"a": 1}


def test_adding_and_removing_is_told(cache, mutation_of):
    """The mutation is in or out by then."""
    told = []
    cache.subscribe(lambda event: told.append((event.type, event.mutation in cache.get_all())))
    mutation = mutation_of()
    cache.remove(mutation)
    assert told == [("added", True), ("removed", False)]


@pytest.mark.parity("QC-mutationCache-016")
def test_removing_what_is_gone_is_told_again(cache, mutation_of, trace):
    """Kept for parity; it harms nobody."""
    mutation = mutation_of()
    cache.remove(mutation)
    cache.remove(mutation)
    assert trace == ["1 added", "1 removed", "1 removed"]


def test_clear_empties_the_cache_before_it_tells(cache, mutation_of):
    """A listener finds nothing left."""
    for _ in range(2):
        mutation_of(scope="writes")
    told = []
    cache.subscribe(lambda event: told.append((event.type, len(cache.get_all()))))
    cache.clear()
    assert told == [("removed", 0), ("removed", 0)]


@pytest.mark.parity("QC-mutationCache-014", "QC-mutationCache-015")
def test_a_scope_is_forgotten_with_its_last_mutation(cache, mutation_of):
    """The others stay."""
    first, second = mutation_of(scope="writes"), mutation_of(scope="writes")
    cache.remove(first)
    assert cache.get_all() == [second]
    assert list(cache._scopes) == ["writes"]
    cache.remove(second)
    assert list(cache._scopes) == []


@pytest.mark.parametrize("how", ["remove", "clear"])
async def test_a_removed_mutation_goes_on(cache, mutation_of, answering, clock, how):
    """A write under way is not lost with its entry."""
    mutation = mutation_of(mutation_fn=answering("data", after=1))
    handle = mutation.execute(None)
    cache.remove(mutation) if how == "remove" else cache.clear()
    await clock.advance(1)
    assert await handle == "data"


@pytest.mark.parametrize("how", ["remove", "clear"])
async def test_a_stored_paused_mutation_is_not_run_by_its_removal(client, cache, answering, clock, how):
    """Whoever clears the cache does not mean to send what waits in it."""
    write = answering("data")
    state = MutationState(status="pending", is_paused=True, variables="stored")
    mutation = cache.build(client, MutationOptions(mutation_fn=write), state)
    cache.remove(mutation) if how == "remove" else cache.clear()
    await clock.settle()
    assert write.calls == []
    assert mutation.state is state


# -- finding


@pytest.fixture
async def four(mutation_of, answering, clock):
    """Mutations by name: a success and a failure of one kind, one of another kind, and one without a key."""
    mutations = {
        "1": mutation_of(mutation_key=["a", {"page": 1, "size": 5}], mutation_fn=answering("data")),
        "2": mutation_of(mutation_key=["a", {"page": 2}], mutation_fn=answering(ValueError())),
        "3": mutation_of(mutation_key=["b"]),
        "4": mutation_of(),
    }
    await mutations["1"].execute(None)
    with pytest.raises(ValueError):
        await mutations["2"].execute(None)
    return mutations


@pytest.mark.parity("QC-mutationCache-009")
@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({}, "1 2 3 4"),
        ({"mutation_key": []}, "1 2 3"),
        ({"mutation_key": ["a"]}, "1 2"),
        ({"mutation_key": ["a", {"page": 1}]}, "1"),
        ({"mutation_key": ["a", {"page": 1}], "exact": True}, ""),
        ({"mutation_key": ["a", {"page": 2}], "exact": True}, "2"),
        ({"mutation_key": ["none"]}, ""),
        ({"status": "idle"}, "3 4"),
        ({"status": "success"}, "1"),
        ({"mutation_key": ["a"], "status": "error"}, "2"),
        ({"status": None, "exact": None}, "1 2 3 4"),
        ({"predicate": lambda mutation: mutation.mutation_key is None}, "4"),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(map(str, value)),
)
async def test_find_all_combines_its_filters(cache, four, fields, names):
    """A mutation must match all that are given; one without a key matches no key."""
    wanted = [four[name] for name in names.split()]
    assert cache.find_all(**fields) == wanted
    assert cache.find_all(MutationFilters(**fields)) == wanted


@pytest.mark.parity("QC-mutationCache-008")
async def test_find_means_the_very_key(cache, four):
    """Unless told otherwise, a beginning is not enough."""
    assert cache.find(mutation_key=["b"]) is four["3"]
    assert cache.find(mutation_key=["a"]) is None
    assert cache.find(mutation_key=["a"], exact=False) is four["1"]
    assert cache.find(MutationFilters(mutation_key=["a"], exact=False), status="error") is four["2"]
    assert cache.find(predicate=lambda mutation: mutation.state.status == "idle") is four["3"]
    assert cache.find(mutation_key=["none"]) is None


def test_a_filter_that_does_not_exist_is_named(cache):
    """A misspelt filter would otherwise mean everything."""
    with pytest.raises(UnknownOptionError, match=r"has no option 'state'"):
        cache.find_all(state="idle")


# -- scopes


@pytest.mark.parity("QC-mutations-011")
async def test_mutations_of_one_scope_run_one_after_the_other(mutation_of, answering, clock, trace):
    """The second is pending and paused at once, and starts when the first is done."""
    # golden trace 12
    first, second = (mutation_of(scope="s", mutation_fn=answering("data", after=1)) for _ in range(2))
    handles = [first.execute(None), second.execute(None)]
    assert (second.state.status, second.state.is_paused) == ("pending", True)
    await clock.advance(2)
    assert [handle.result() for handle in handles] == ["data", "data"]
    assert trace == [
        "1 added",
        "2 added",
        "1 pending",
        "2 pending paused",
        "2 pause",
        "1 success",
        "2 continue",
        "2 success",
    ]


async def test_a_slow_on_mutate_may_outlast_its_wait(mutation_of, answering, clock, trace):
    """Its turn comes while it is still being prepared; it then does not pause at all."""

    # golden trace 12
    async def on_mutate(*_):
        await clock.sleep(2)
        return "kept"

    first = mutation_of(scope="s", mutation_fn=answering("data", after=1))
    second = mutation_of(scope="s", mutation_fn=answering("data"), on_mutate=on_mutate)
    handles = [first.execute(None), second.execute(None)]
    await clock.advance(2)
    assert [handle.result() for handle in handles] == ["data", "data"]
    assert trace == [
        "1 added",
        "2 added",
        "1 pending",
        "2 pending paused",
        "1 success",
        "2 pending paused",
        "2 continue",
        "2 success",
    ]


@pytest.mark.parity("QC-mutations-012", "QC-mutations-013")
@pytest.mark.parametrize(
    ("scopes", "seconds"), [(["a", "a"], 2), (["a", "b"], 1), ([None, None], 1), ([None, "a"], 1)], ids=str
)
async def test_only_mutations_of_one_scope_wait_for_one_another(mutation_of, answering, clock, scopes, seconds):
    """Without a scope, or in different ones, they overlap."""
    mutations = [mutation_of(scope=scope, mutation_fn=answering("data", after=1)) for scope in scopes]
    handles = [mutation.execute(None) for mutation in mutations]
    for _ in range(seconds):
        assert not all(handle.done() for handle in handles)
        await clock.advance(1)
    assert [handle.result() for handle in handles] == ["data", "data"]


async def test_a_failure_lets_the_next_of_the_scope_run(mutation_of, answering):
    """However the first ends."""
    first = mutation_of(scope="s", mutation_fn=answering(ValueError("failed")))
    second = mutation_of(scope="s", mutation_fn=answering("data"))
    failing, waiting = first.execute(None), second.execute(None)
    assert await waiting == "data"
    with pytest.raises(ValueError, match="failed"):
        await failing


async def test_a_failed_test_lets_the_next_of_the_scope_run(mutation_of, answering):
    """It is no state of the mutation, but it is over."""
    first = mutation_of(scope="s", mutation_fn=answering(Failed("for the test")))
    second = mutation_of(scope="s", mutation_fn=answering("data"))
    failing, waiting = first.execute(None), second.execute(None)
    with pytest.raises(Failed, match="for the test"):
        await failing
    assert await waiting == "data"


async def test_the_first_that_waits_is_the_next(mutation_of, answering, clock):
    """In the order of their coming, and each once."""
    order = []

    def noting(number):
        return lambda variables, context: order.append(number)

    mutations = [mutation_of(scope="s", mutation_fn=noting(number)) for number in range(4)]
    for mutation in mutations:
        mutation.execute(None)
    await clock.settle()
    assert order == [0, 1, 2, 3]


@pytest.mark.parametrize("how", ["remove", "clear"])
async def test_a_waiting_mutation_that_is_removed_has_no_queue_to_wait_in(cache, mutation_of, answering, clock, how):
    """It runs at once: nobody is left who would tell it that its turn has come."""
    first = mutation_of(scope="s", mutation_fn=answering("first", after=10))
    second = mutation_of(scope="s", mutation_fn=answering("second"))
    first.execute(None)
    handle = second.execute(None)
    await clock.settle()
    cache.remove(second) if how == "remove" else cache.clear()
    assert await handle == "second"
    await clock.advance(10)


async def test_the_next_runs_when_the_running_one_is_removed(cache, mutation_of, answering, clock):
    """It is first in its queue then, and is told so when the removed one ends."""
    first = mutation_of(scope="s", mutation_fn=answering("first", after=10))
    second = mutation_of(scope="s", mutation_fn=answering("second"))
    first.execute(None)
    handle = second.execute(None)
    await clock.settle()
    cache.remove(first)
    await clock.advance(10)
    assert handle.result() == "second"


# -- resuming


@pytest.mark.parity("QC-queryClient-148")
async def test_paused_mutations_resume_together(client, cache, mutation_of, answering, clock, online):
    """Those without a scope overlap; the handle is done when all are, and failures are the callers'."""
    online.set_online(False)
    answers = ["data", ValueError("failed")]
    handles = [mutation_of(mutation_fn=answering(answer, after=1)).execute(None) for answer in answers]
    await clock.settle()
    client.unmount()
    online.set_online(True)
    resumed = cache.resume_paused_mutations()
    await clock.advance(1)
    assert resumed.done()
    assert await resumed is None
    assert await handles[0] == "data"
    with pytest.raises(ValueError, match="failed"):
        await handles[1]


@pytest.mark.parity("QC-queryClient-149")
async def test_resuming_waits_for_those_whose_turn_has_not_come(client, cache, mutation_of, answering, clock, online):
    """They stay paused until then, even if resumed twice."""
    online.set_online(False)
    writes = [answering(name, after=1) for name in ("first", "second")]
    for write in writes:
        mutation_of(scope="s", mutation_fn=write).execute(None)
    await clock.settle()
    client.unmount()
    online.set_online(True)
    resumed = [cache.resume_paused_mutations(), cache.resume_paused_mutations()]
    await clock.advance(1)
    assert [len(write.calls) for write in writes] == [1, 1]
    assert not any(handle.done() for handle in resumed)
    await clock.advance(1)
    assert all(handle.done() for handle in resumed)
    assert [len(write.calls) for write in writes] == [1, 1]


async def test_resuming_nothing_is_done_at_once(cache, mutation_of):
    """An idle mutation is not paused."""
    mutation_of()
    assert cache.resume_paused_mutations().done()


async def test_the_failure_of_a_resumed_mutation_is_told_by_its_state(client, cache, answering):
    """Whoever resumes everything is not told of single failures."""
    state = MutationState(status="pending", is_paused=True, variables="stored")
    mutation = cache.build(client, MutationOptions(mutation_fn=answering(ValueError("failed"))), state)
    assert await cache.resume_paused_mutations() is None
    assert str(mutation.state.error) == "failed"


# -- events


def test_an_event_carries_what_it_is_about(cache, mutation_of):
    """Mutation, action or observer; an observer's new options may come without a mutation."""
    heard = []
    cache.subscribe(heard.append)
    mutation, observer = mutation_of(), FakeMutationObserver()
    mutation.add_observer(observer)
    mutation.remove_observer(observer)
    cache.observer_options_updated(mutation, observer)
    cache.observer_options_updated(None, observer)
    assert [(event_text(event), event.mutation, event.observer) for event in heard] == [
        ("added", mutation, None),
        ("observer_added", mutation, observer),
        ("observer_removed", mutation, observer),
        ("observer_options_updated", mutation, observer),
        ("observer_options_updated", None, observer),
    ]


def test_a_cache_can_be_made_without_a_client():
    """It is handed to one, or to several."""
    assert MutationCache().get_all() == []
