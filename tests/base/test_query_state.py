"""The query state machine: what each action changes, and what it leaves alone."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from query.base.query_state import (
    INITIAL_STATE,
    ContinueAction,
    ErrorAction,
    FailedAction,
    FetchAction,
    FetchMeta,
    InvalidateAction,
    PauseAction,
    QueryState,
    SetStateAction,
    SuccessAction,
    fields_of,
    reduce_query_state,
    started,
    state_with_data,
    written,
)
from query.base.types import UNSET

ERROR, OLD_ERROR = ValueError("new"), ValueError("old")
META = FetchMeta("forward")

# a state in which no field has its initial value
FULL = QueryState(
    data="old",
    data_update_count=3,
    data_updated_at=100.0,
    error=OLD_ERROR,
    error_update_count=2,
    error_updated_at=90.0,
    fetch_failure_count=4,
    fetch_failure_reason=OLD_ERROR,
    fetch_meta=META,
    is_invalidated=True,
    status="error",
    fetch_status="paused",
)


def changes(before, action):
    """The fields that *action* gives another value, with that value."""
    after = reduce_query_state(before, action)
    return {name: value for name, value in fields_of(after).items() if value is not getattr(before, name)}


def test_a_new_query_is_pending_and_idle():
    """Nothing known, nothing under way."""
    assert fields_of(QueryState()) == {
        "data": UNSET,
        "data_update_count": 0,
        "data_updated_at": 0.0,
        "error": None,
        "error_update_count": 0,
        "error_updated_at": 0.0,
        "fetch_failure_count": 0,
        "fetch_failure_reason": None,
        "fetch_meta": None,
        "is_invalidated": False,
        "status": "pending",
        "fetch_status": "idle",
    }


@pytest.mark.parametrize("data", [None, 0, "", [], "data"])
def test_a_query_born_with_data_is_a_success(data):
    """Falsy data is data; it does not count as an update."""
    state = state_with_data(data, 5.0)
    assert (state.data, state.data_updated_at, state.status) == (data, 5.0, "success")
    assert (state.data_update_count, state.fetch_status) == (0, "idle")


def test_a_state_is_frozen_and_compared_by_identity():
    """Consumers tell a new state by ``is``; comparing never looks into the data."""
    with pytest.raises(AttributeError):
        FULL.data = "other"
    assert QueryState() != QueryState()


@pytest.mark.parametrize(("can_start", "fetch_status"), [(True, "fetching"), (False, "paused")])
def test_a_fetch_without_data_goes_back_to_pending(can_start, fetch_status):
    """A former error is forgotten: the query loads again."""
    failed = QueryState(
        error=OLD_ERROR, status="error", error_update_count=1, fetch_failure_count=4, fetch_failure_reason=OLD_ERROR
    )
    assert changes(failed, FetchAction(can_start)) == {
        "status": "pending",
        "error": None,
        "fetch_failure_count": 0,
        "fetch_failure_reason": None,
        "fetch_status": fetch_status,
    }


def test_a_fetch_with_data_keeps_status_and_error():
    """An errored query with data stays errored while it refetches."""
    assert changes(FULL, FetchAction(True, None)) == {
        "fetch_failure_count": 0,
        "fetch_failure_reason": None,
        "fetch_meta": None,
        "fetch_status": "fetching",
    }


def test_none_is_data_to_a_fetch():
    """Only UNSET is a first load."""
    state = started(state_with_data(None, 1.0), can_start=True)
    assert (state.status, state.fetch_status, state.data) == ("success", "fetching", None)


def test_a_fetch_keeps_its_meta():
    """The very object, so that two fetches are told apart."""
    assert started(QueryState(), True, META).fetch_meta is META
    assert started(FULL, True, META).fetch_meta is META
    assert FetchMeta("forward") != META


def test_a_failed_attempt_changes_only_the_failure():
    """Status, data and error wait for the last attempt."""
    state = QueryState(fetch_status="fetching")
    assert changes(state, FailedAction(2, ERROR)) == {"fetch_failure_count": 2, "fetch_failure_reason": ERROR}


@pytest.mark.parametrize(
    ("before", "action", "after"),
    [("fetching", PauseAction(), "paused"), ("paused", ContinueAction(), "fetching")],
)
def test_pause_and_continue_change_only_the_fetch_status(before, action, after):
    """All the rest stays."""
    assert changes(QueryState(fetch_status=before), action) == {"fetch_status": after}


def test_fetched_data_ends_the_fetch_and_clears_error_and_invalidation():
    """The error's own counters stay."""
    assert changes(FULL, SuccessAction("new", 200.0)) == {
        "data": "new",
        "data_update_count": 4,
        "data_updated_at": 200.0,
        "error": None,
        "is_invalidated": False,
        "status": "success",
        "fetch_status": "idle",
        "fetch_failure_count": 0,
        "fetch_failure_reason": None,
    }


@pytest.mark.parametrize("data", [None, 0, [], {"a": 1}], ids=repr)
def test_a_query_that_a_write_made_looks_like_one_that_was_written_to(data):
    """In all fields."""
    assert fields_of(written(data, 5.0)) == fields_of(reduce_query_state(INITIAL_STATE, SuccessAction(data, 5.0, True)))


def test_data_written_by_hand_leaves_the_fetch_alone():
    """A fetch under way goes on, with its failures so far."""
    assert changes(FULL, SuccessAction("new", 200.0, manual=True)) == {
        "data": "new",
        "data_update_count": 4,
        "data_updated_at": 200.0,
        "error": None,
        "is_invalidated": False,
        "status": "success",
    }


def test_older_data_is_taken_all_the_same():
    """Nobody asks whether it is newer."""
    assert reduce_query_state(FULL, SuccessAction("new", 1.0)).data_updated_at == 1.0


def test_an_error_ends_the_fetch_and_leaves_the_data_stale():
    """The data and its date stay; the next mount shall try again."""
    before = QueryState(data="old", data_updated_at=100.0, status="success", fetch_status="fetching")
    assert changes(before, ErrorAction(ERROR, 150.0)) == {
        "error": ERROR,
        "error_update_count": 1,
        "error_updated_at": 150.0,
        "fetch_failure_count": 1,
        "fetch_failure_reason": ERROR,
        "fetch_status": "idle",
        "status": "error",
        "is_invalidated": True,
    }


def test_four_attempts_leave_four_failures():
    """Three failed ones and the error, which counts itself."""
    state = started(QueryState(), True)
    for count in (1, 2, 3):
        state = reduce_query_state(state, FailedAction(count, OLD_ERROR))
    state = reduce_query_state(state, ErrorAction(ERROR, 1.0))
    assert (state.fetch_failure_count, state.fetch_failure_reason) == (4, ERROR)


def test_invalidation_only_marks():
    """Nothing else changes."""
    assert changes(QueryState(), InvalidateAction()) == {"is_invalidated": True}


def test_set_state_overwrites_what_it_names():
    """All fields of another state bring that state back."""
    assert changes(FULL, SetStateAction({"fetch_status": "idle"})) == {"fetch_status": "idle"}
    assert fields_of(reduce_query_state(FULL, SetStateAction(fields_of(QueryState())))) == fields_of(QueryState())


def test_the_state_before_is_never_changed():
    """An action makes a new state."""
    before = fields_of(FULL)
    for action in (FetchAction(True), SuccessAction(1, 2.0), ErrorAction(ERROR, 3.0), SetStateAction({"data": 1})):
        assert reduce_query_state(FULL, action) is not FULL
    assert fields_of(FULL) == before


def test_actions_name_their_kind():
    """As cache events show it."""
    actions = (FetchAction, FailedAction, PauseAction, ContinueAction, SuccessAction, ErrorAction, InvalidateAction)
    names = ["fetch", "failed", "pause", "continue", "success", "error", "invalidate", "set_state"]
    assert [action.type for action in (*actions, SetStateAction)] == names


instants = st.floats(0, 1e10)
actions = st.one_of(
    st.builds(FetchAction, st.booleans()),
    st.builds(FailedAction, st.integers(1, 5), st.just(ERROR)),
    st.builds(PauseAction),
    st.builds(ContinueAction),
    st.builds(SuccessAction, st.sampled_from([None, 0, "x"]), instants, st.booleans()),
    st.builds(ErrorAction, st.just(ERROR), instants),
    st.builds(InvalidateAction),
)


@given(st.lists(actions, max_size=12))
def test_status_data_and_error_always_agree(history):
    """Whatever happens: a success has data and no error, an error has one, a pending query has neither."""
    state = QueryState()
    for action in history:
        counts = (state.data_update_count, state.error_update_count)
        state = reduce_query_state(state, action)
        assert {
            "pending": state.data is UNSET and state.error is None,
            "success": state.data is not UNSET and state.error is None,
            "error": state.error is not None,
        }[state.status]
        assert (state.fetch_failure_count > 0) == (state.fetch_failure_reason is not None)
        assert (state.data_update_count, state.error_update_count) >= counts
        assert math.isfinite(state.data_updated_at)
