"""The mutation state machine: what each action changes, and what it leaves alone."""

from __future__ import annotations

import pytest
from msgspec import structs

from query.base.mutation_state import (
    MutationContinueAction,
    MutationErrorAction,
    MutationFailedAction,
    MutationPauseAction,
    MutationPendingAction,
    MutationState,
    MutationSuccessAction,
    reduce_mutation_state,
)
from query.base.types import UNSET

ERROR, OLD_ERROR = ValueError("new"), ValueError("old")

RUNNING = MutationState(
    context="undo",
    failure_count=2,
    failure_reason=OLD_ERROR,
    is_paused=True,
    status="pending",
    variables={"name": "x"},
    submitted_at=100.0,
)


def changes(before, action):
    """The fields that *action* gives another value, with that value."""
    after = reduce_mutation_state(before, action)
    return {name: value for name, value in structs.asdict(after).items() if value is not getattr(before, name)}


def test_a_new_mutation_is_idle():
    """Not called yet, so it has no variables either."""
    assert structs.asdict(MutationState()) == {
        "context": UNSET,
        "data": UNSET,
        "error": None,
        "failure_count": 0,
        "failure_reason": None,
        "is_paused": False,
        "status": "idle",
        "variables": UNSET,
        "submitted_at": 0.0,
    }


def test_a_state_is_frozen_and_compared_by_identity():
    """As that of a query."""
    with pytest.raises(AttributeError):
        RUNNING.data = "other"
    assert MutationState() != MutationState()


@pytest.mark.parametrize("is_paused", [True, False])
def test_calling_starts_from_a_clean_state(is_paused):
    """Nothing of a former run is left."""
    former = MutationState(data=1, error=OLD_ERROR, failure_count=1, failure_reason=OLD_ERROR, status="error")
    after = reduce_mutation_state(former, MutationPendingAction("input", is_paused, 50.0))
    fresh = MutationState(status="pending", variables="input", is_paused=is_paused, submitted_at=50.0)
    assert structs.asdict(after) == structs.asdict(fresh)


def test_what_on_mutate_returned_becomes_the_context():
    """With the variables and the date that the action brings along again."""
    after = reduce_mutation_state(MutationState(), MutationPendingAction(None, False, 50.0, context=None))
    assert (after.context, after.variables, after.submitted_at) == (None, None, 50.0)


def test_a_failed_attempt_changes_only_the_failure():
    """The mutation is still pending."""
    assert changes(RUNNING, MutationFailedAction(3, ERROR)) == {"failure_count": 3, "failure_reason": ERROR}


def test_pause_and_continue_change_only_is_paused():
    """All the rest stays."""
    assert changes(MutationState(), MutationPauseAction()) == {"is_paused": True}
    assert changes(RUNNING, MutationContinueAction()) == {"is_paused": False}


@pytest.mark.parametrize("data", [None, 0, "answer"])
def test_a_success_clears_the_failures(data):
    """Variables, context and date stay readable."""
    assert changes(RUNNING, MutationSuccessAction(data)) == {
        "data": data,
        "failure_count": 0,
        "failure_reason": None,
        "is_paused": False,
        "status": "success",
    }


def test_a_success_clears_an_error():
    """The mutation was retried by hand."""
    assert changes(MutationState(error=OLD_ERROR, status="error"), MutationSuccessAction(1))["error"] is None


def test_an_error_takes_the_data_away():
    """It counts itself among the failures."""
    before = structs.replace(RUNNING, data="old")
    assert changes(before, MutationErrorAction(ERROR)) == {
        "data": UNSET,
        "error": ERROR,
        "failure_count": 3,
        "failure_reason": ERROR,
        "is_paused": False,
        "status": "error",
    }


def test_actions_name_their_kind():
    """As cache events show it."""
    actions = (
        MutationPendingAction,
        MutationFailedAction,
        MutationPauseAction,
        MutationContinueAction,
        MutationSuccessAction,
        MutationErrorAction,
    )
    assert [action.type for action in actions] == ["pending", "failed", "pause", "continue", "success", "error"]
