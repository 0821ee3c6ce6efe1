"""The machine finds nothing in the real cache, and finds what is broken."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from mockapi.stateful import CacheViolationError, QueryCacheMachine
from query import MutationOptions, QueryClient, QueryOptions, invalidates

QUICK = settings(
    max_examples=25,
    stateful_step_count=30,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


class Default(QueryCacheMachine):
    pass


class Shop(QueryCacheMachine):
    queries = {
        "product": QueryOptions(query_key=("product", 1), stale_time=30),
        "cart": QueryOptions(query_key=("cart",), refetch_interval=10, retry=0),
    }
    mutations = {"buy": MutationOptions(on_settled=invalidates(("cart",)))}
    payloads = {"product": st.integers(), "cart": st.lists(st.integers(), max_size=2), "buy": st.none()}


@pytest.mark.parametrize("machine", [Default, Shop])
def test_nothing_is_wrong_with_the_cache(machine):
    """The real cache keeps every promise that the machine knows of."""
    run_state_machine_as_test(machine, settings=QUICK)


def test_a_promise_of_the_application_is_looked_at():
    """``check`` is called at rest, and what it raises comes with the story."""

    class Strict(Shop):
        def check(self):
            assert self.get_data("cart") != []

    with pytest.raises(AssertionError) as caught:
        run_state_machine_as_test(Strict, settings=settings(QUICK, max_examples=200))
    assert any("What happened:" in note for note in caught.value.__notes__)


def test_a_query_that_is_collected_too_early_is_found():
    """A client that forgets what is in use breaks a promise, and the error says which."""

    class Forgetful(QueryClient):
        def set_query_data(self, query_key, updater, **options):
            self.get_query_cache().clear()
            return super().set_query_data(query_key, updater, **options)

    class Broken(Shop):
        def make_client(self):
            return Forgetful()

    with pytest.raises(CacheViolationError, match="was written|collected"):
        run_state_machine_as_test(Broken, settings=settings(QUICK, max_examples=200))


def test_a_trace_is_a_test():
    """The steps that a failure prints can be pasted and run without Hypothesis."""
    state = Shop()
    payload = {"product": 1, "cart": [], "buy": None}
    state.observe(name="product", settle=False)
    state.answer(which=0, payload=payload, settle=True)
    assert state.get_data("product") == 1
    state.advance(seconds=30.0)
    state.refetch(name="product", settle=True)
    state.teardown()


def test_an_observer_that_joins_a_fetch_of_a_new_query_may_learn_of_it_late():
    """After a removal two observers ask anew: the second joins, and is told at the end, as in query-core."""
    state = Default()
    state.observe(name="pages", settle=True)
    state.observe(name="pages", settle=True)
    state.network(online=False, settle=True)
    state.remove(name="pages", settle=True)
    state.next_page(which=0, backward=False, settle=True)
    state.next_page(which=1, backward=False, settle=True)
    state.network(online=True, settle=True)
    state.answer(which=0, payload={"v": 1}, settle=True)
    assert state.get_data("pages").pages == [{"v": 1}]
    state.teardown()


def test_the_last_waiter_takes_a_fetch_with_it_that_waits_for_the_network():
    """A fetch that never began is cancelled when its last user leaves, and that is no violation."""
    state = Default()
    state.network(online=False, settle=True)
    state.observe(name="item", settle=True)
    state.fetch(name="item", waits=True, settle=True)
    state.unmount(which=0, settle=True)
    state.leave(which=0, settle=True)
    assert state.client.get_query_state(("item", {"part": "head", "id": 1})).fetch_status == "idle"
    state.teardown()


def test_the_last_waiter_takes_the_retries_with_it():
    """Nobody is left to be told, so the attempt under way is the last."""
    state = Default()
    state.observe(name="item", settle=True)
    state.fetch(name="item", waits=True, settle=True)
    state.unmount(which=0, settle=True)
    state.leave(which=0, settle=True)
    state.fail(which=0, settle=True)
    assert state.client.get_query_state(("item", {"part": "head", "id": 1})).status == "error"
    state.teardown()


def test_the_interval_of_an_observer_outlives_the_removal_of_its_query():
    """It fetches the query that has taken its place, as in query-core."""

    class Polling(QueryCacheMachine):
        queries = {"poll": QueryOptions(query_key=("poll",), refetch_interval=5)}

    state = Polling()
    state.observe(name="poll", settle=True)
    state.remove(name="poll", settle=True)
    state.write(name="poll", payload={"v": 0}, settle=True)
    state.advance(seconds=10)
    assert state.client.is_fetching() == 1
    state.teardown()


def test_what_is_no_query_is_refused():
    """What a class names is looked at when the class is made, and named in the error."""
    with pytest.raises(TypeError, match=r"Wrong.queries\['product'\] is \('product', 1\); expected QueryOptions"):

        class Wrong(QueryCacheMachine):
            queries = {"product": ("product", 1)}

    with pytest.raises(TypeError, match=r"Unsure.mutations\['buy'\] is None; expected MutationOptions"):

        class Unsure(Shop):
            mutations = {"buy": None}

    with pytest.raises(ValueError, match="Empty.queries is empty"):

        class Empty(QueryCacheMachine):
            queries = {}


def test_a_machine_without_mutations_has_no_rule_for_them():
    """Rules are made for what the class names, not for what the class above does."""

    class Quiet(Shop):
        mutations = {}

    assert "mutate" not in {rule.function.__name__ for rule in Quiet.setup_state().rules}
    assert "mutate" in {rule.function.__name__ for rule in Shop.setup_state().rules}


def test_a_rule_of_its_own_replaces_the_machines():
    """A rule that a subclass writes is not overwritten by the one of that name."""

    class Own(Shop):
        @rule()
        def cancel(self):
            self.cancelled = True

    machine = Own()
    machine.cancel()
    assert machine.cancelled
    machine.teardown()


def test_the_failure_tells_the_story():
    """The error says what was wrong, what had happened and how things are."""
    state = Shop()
    state.write(name="cart", payload={"product": 0, "cart": [2], "buy": None}, settle=True)
    state._wrong("something was wrong")
    with pytest.raises(CacheViolationError) as caught:
        state.at_rest()
    state.teardown()
    assert caught.value.problems == ["something was wrong"]
    assert str(caught.value) == (
        "something was wrong\n\n"
        "What happened:\n"
        "         0 s  write cart\n"
        "         0 s    QueryKey('cart') is added\n\n"
        "How things are:\n"
        "  0 s have passed; online, focused\n"
        "  QueryKey('cart'): success, idle, [2] of 0 s ago"
    )


def test_what_is_left_is_told():
    """A task that lives on after the client was closed is a violation."""
    state = Shop()
    # held, or it and its task are garbage as soon as somebody looks
    never = state._example.loop.create_future()

    async def stay():
        await never

    state._example.do("", lambda: state._example.loop.create_task(stay(), name="stay"))
    with pytest.raises(CacheViolationError, match=r"left after client.aclose\(\): the task stay"):
        state.teardown()
