"""What an observer of mutations publishes: one class a status, whose flags and fields agree with it."""

from __future__ import annotations

import asyncio

import pytest

from query import (
    ErrorMutationResult,
    IdleMutationResult,
    MutationObserver,
    MutationOptions,
    MutationResult,
    PendingMutationResult,
    SuccessMutationResult,
)
from query.observers.mutation_result import MUTATION_RESULT_CLASSES

STATUSES = ("idle", "pending", "success", "error")


@pytest.mark.parametrize("status", STATUSES)
def test_exactly_the_flag_of_the_status_is_set(status):
    """They are facts of the class, for checkers to narrow by."""
    kind = MUTATION_RESULT_CLASSES[status]
    assert kind.status == status
    assert [other for other in STATUSES if getattr(kind, f"is_{other}")] == [status]


@pytest.mark.parametrize("answer", ["data", ValueError("failed")], ids=["success", "failure"])
async def test_each_result_of_a_run_is_of_the_class_of_its_status(client, watch, answering, answer):
    """With what that class promises: data, error and variables."""
    observer = MutationObserver(client, MutationOptions(mutation_fn=answering(answer)))
    idle = observer.get_current_result()
    told = watch(observer)
    await asyncio.gather(observer.mutate("Apollo"), return_exceptions=True)
    failed = isinstance(answer, Exception)
    last = ErrorMutationResult if failed else SuccessMutationResult
    assert [type(result) for result in (idle, *told)] == [IdleMutationResult, PendingMutationResult, last]
    assert [(result.data, result.error, result.variables) for result in (idle, *told)] == [
        (None, None, None),
        (None, None, "Apollo"),
        (None, answer, "Apollo") if failed else ("data", None, "Apollo"),
    ]


async def test_a_result_can_be_taken_apart_by_match(client, answering):
    """By class, with the field that the class promises."""
    observer = MutationObserver(client, MutationOptions(mutation_fn=answering("data")))
    await observer.mutate(None)
    match observer.get_current_result():
        case SuccessMutationResult(data=data):
            assert data == "data"
        case other:
            pytest.fail(repr(other))


def test_a_result_is_frozen(client):
    """It is what was, for good."""
    result: MutationResult = MutationObserver(client, MutationOptions()).get_current_result()
    with pytest.raises(AttributeError):
        result.data = "data"
