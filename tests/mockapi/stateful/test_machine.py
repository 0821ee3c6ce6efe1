"""The machine finds nothing in the real cache, and finds what is broken."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test

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
