"""What is kept of pending mutations is what a look at every mutation finds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from query import UNSET, MutationFilters, MutationOptions, MutationState, QueryClient, match_mutation
from query.base.mutation_state import (
    MutationContinueAction,
    MutationErrorAction,
    MutationPauseAction,
    MutationPendingAction,
    MutationSuccessAction,
)
from query.cache.mutation_scope import MutationScope

SCOPES = ["a", "b", None]
ACTIONS = {
    "pending": MutationPendingAction(1, False, 1.0),
    "waiting": MutationPendingAction(1, True, 1.0),
    "pause": MutationPauseAction(),
    "continue": MutationContinueAction(),
    "success": MutationSuccessAction("data"),
    "error": MutationErrorAction(ValueError()),
}
FILTERS = [{}, {"mutation_key": ["k"]}, {"mutation_key": ["k"], "exact": True}, {"predicate": lambda m: m.scope == "a"}]

scopes, numbers = st.sampled_from(SCOPES), st.integers(0, 7)
stories = st.lists(
    st.one_of(
        st.tuples(st.just("build"), scopes, st.sampled_from(["idle", "pending", "success"])),
        st.tuples(st.just("take"), numbers, st.sampled_from(sorted(ACTIONS))),
        st.tuples(st.just("take"), numbers, st.sampled_from(sorted(ACTIONS))),
        st.tuples(st.just("scope"), numbers, scopes),
        st.tuples(st.just("remove"), numbers),
        st.tuples(st.just("add"), numbers),
        st.tuples(st.just("clear")),
    ),
    min_size=4,
    max_size=30,
)


def options_of(scope):
    return MutationOptions(scope=UNSET if scope is None else scope, mutation_key=["k", scope])


class Naive:
    """The lists of scopes as upstream keeps them, and a look at every mutation."""

    def __init__(self, client):
        self.client, self.cache = client, client.get_mutation_cache()
        self.made, self.lists = [], {}

    def do(self, name, *arguments):
        if name == "build":
            scope, status = arguments
            state = MutationState(status=status)
            self.made.append(self.cache.build(self.client, options_of(scope), state))
            self.lists.setdefault(scope, []).append(self.made[-1])
        elif name == "clear":
            self.cache.clear()
            self.lists.clear()
        elif arguments[0] < len(self.made):
            self.do_to(self.made[arguments[0]], name, *arguments[1:])

    def do_to(self, mutation, name, argument=None):
        stored = mutation in self.cache.get_all()
        if name == "take":
            mutation._dispatch(ACTIONS[argument])
        elif name == "scope":
            mutation.set_options(options_of(argument))
        elif name == "remove":
            self.cache.remove(mutation)
            self.lists = {scope: [m for m in some if m is not mutation] for scope, some in self.lists.items()}
        elif name == "add":
            self.cache.add(mutation)
            if not stored:
                self.lists.setdefault(mutation.scope, []).append(mutation)

    def check(self):
        held = self.cache.get_all()
        pending = [mutation for mutation in held if mutation.state.status == "pending"]
        assert self.client.is_mutating() == len(pending)
        for fields in FILTERS:
            meant = [mutation for mutation in pending if match_mutation(MutationFilters(**fields), mutation)]
            assert self.cache.find_all(status="pending", **fields) == meant
            assert self.client.is_mutating(**fields) == self.client.is_mutating(MutationFilters(**fields)) == len(meant)
        for mutation in self.made:
            first = next((m for m in self.lists.get(mutation.scope, []) if m.state.status == "pending"), mutation)
            alone = mutation.scope is None or mutation not in held
            assert self.cache.can_run(mutation) is (alone or first is mutation)
        kept = {scope for scope, some in self.lists.items() if some and scope is not None}
        assert set(self.cache._scopes) == kept


@given(story=stories)
def test_counts_and_turns_agree_with_a_look_at_every_mutation(story):
    """After every step, also of mutations that come back, or are given another scope."""
    naive = Naive(QueryClient())
    for step in story:
        naive.do(*step)
        naive.check()


def test_pending_ones_are_found_oldest_first(client):
    """By when they came, not by when they were called."""
    cache = client.get_mutation_cache()
    made = [cache.build(client, options_of("a")) for _ in range(3)]
    for mutation in reversed(made):
        mutation._dispatch(ACTIONS["pending"])
    assert cache.find_all(status="pending") == made


def test_what_was_cleared_comes_back_without_its_queue(client):
    """It may have left its scope meanwhile."""
    cache = client.get_mutation_cache()
    mutation = cache.build(client, options_of("a"))
    cache.clear()
    mutation.set_options(options_of(None))
    cache.add(mutation)
    cache.remove(mutation)
    assert cache.get_all() == []


class Waiting:
    """What a scope asks of a mutation."""

    def __init__(self, place):
        self._place = place
        self.state = MutationState(status="pending")


@pytest.mark.parametrize("order", [[1, 2, 3], [3, 2, 1], [2, 3, 1]])
def test_the_order_is_that_in_which_they_came(order):
    """Whatever the order in which they are called."""
    scope = MutationScope("s")
    for place in order:
        scope.note(Waiting(place))
    assert [mutation._place for mutation in scope.pending()] == [1, 2, 3]
    assert scope.first()._place == 1
