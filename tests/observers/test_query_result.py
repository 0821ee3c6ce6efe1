"""What an observer publishes: the flags that follow from the facts, and when two results are the same."""

from __future__ import annotations

import itertools

import pytest
from msgspec import structs

from query import (
    ErrorResult,
    LoadingErrorResult,
    PendingResult,
    QueryResult,
    RefetchErrorResult,
    SuccessResult,
)
from query.observers.query_result import RESULT_CLASSES, changed_any, same_result

FACTS = QueryResult.__struct_fields__
FLAGS = {
    *("is_pending", "is_success", "is_error", "is_fetching", "is_paused", "is_loading", "is_initial_loading"),
    *("is_refetching", "is_loading_error", "is_refetch_error"),
}


class Unequal:
    """Data that must never be asked whether it is equal, as arrays and rows of a database must not."""

    def __eq__(self, other):
        raise AssertionError("compared")

    __hash__ = None


def refetch():
    """Stands for the observer's method."""


@pytest.fixture
def result():
    """The result of a query that nobody has fetched."""
    return PendingResult(
        fetch_status="idle",
        data=None,
        has_data=False,
        data_updated_at=0.0,
        error=None,
        error_updated_at=0.0,
        failure_count=0,
        failure_reason=None,
        error_update_count=0,
        is_fetched=False,
        is_fetched_after_mount=False,
        is_placeholder_data=False,
        is_stale=True,
        is_enabled=True,
        refetch=refetch,
    )


def of_status(result, status, **changes):
    """The same facts in the class of another status."""
    facts = {**structs.asdict(result), **changes}
    return RESULT_CLASSES[status, facts["has_data"]](**facts)


@pytest.mark.parametrize(
    ("status", "fetch_status", "has_data"),
    list(itertools.product(["pending", "error", "success"], ["fetching", "paused", "idle"], [False, True])),
)
def test_the_flags_follow_from_status_fetch_status_and_data(result, status, fetch_status, has_data):
    """All combinations occur, and each has its flags."""
    result = of_status(result, status, fetch_status=fetch_status, has_data=has_data)
    assert result.status == status
    on = {name for name in FLAGS if getattr(result, name)}
    wanted = {f"is_{status}"}
    if fetch_status == "paused":
        wanted |= {"is_paused"}
    if fetch_status == "fetching":
        wanted |= {"is_fetching"}
        wanted |= {"is_loading", "is_initial_loading"} if status == "pending" else {"is_refetching"}
    if status == "error":
        wanted |= {"is_refetch_error" if has_data else "is_loading_error"}
    assert on == wanted


@pytest.mark.parametrize(
    ("status", "has_data", "kind"),
    [
        ("pending", False, PendingResult),
        ("success", True, SuccessResult),
        ("error", False, LoadingErrorResult),
        ("error", True, RefetchErrorResult),
    ],
)
def test_the_class_of_a_result_says_its_status(result, status, has_data, kind):
    """Of the two classes of errors, and of all, there is one above."""
    result = of_status(result, status, has_data=has_data)
    assert type(result) is kind
    assert isinstance(result, QueryResult)
    assert isinstance(result, ErrorResult) is (status == "error")


def test_a_result_has_all_fields_of_the_original():
    """Twenty-four and an older name of one; and ``has_data``, since None is data."""
    fields = {name for name in dir(QueryResult) if not name.startswith("_")} | {*QueryResult.__annotations__}
    assert fields == {*FACTS, *FLAGS, "status"}
    assert len(fields) == 26


def test_a_result_cannot_be_changed(result):
    """Each change is a new one."""
    with pytest.raises(AttributeError):
        result.status = "success"


def test_a_copy_is_the_same(result):
    """Fact by fact."""
    assert same_result(result, structs.replace(result))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("fetch_status", "fetching"),
        ("data", "data"),
        ("has_data", True),
        ("data_updated_at", 1.0),
        ("error", ValueError()),
        ("error_updated_at", 1.0),
        ("failure_count", 1),
        ("failure_reason", ValueError()),
        ("error_update_count", 1),
        ("is_fetched", True),
        ("is_fetched_after_mount", True),
        ("is_placeholder_data", True),
        ("is_stale", False),
        ("is_enabled", False),
        ("refetch", print),
    ],
)
def test_one_other_fact_makes_another_result(result, name, value):
    """Whichever it is; and it is the field that has changed."""
    other = structs.replace(result, **{name: value})
    assert not same_result(result, other)
    assert changed_any(result, other, [name])
    changed = [name, "data"] if name == "has_data" else [name]
    assert {field for field in FACTS if changed_any(result, other, [field])} == set(changed)


def test_another_status_makes_another_result(result):
    """Though all else is the same."""
    other = of_status(result, "success")
    assert not same_result(result, other)
    assert changed_any(result, other, ["status"])
    assert not changed_any(result, other, FACTS)


@pytest.mark.parity("QX-029")
def test_data_and_errors_are_compared_by_identity(result):
    """Never by their own ``==``: it may be slow, or have no answer."""
    data = Unequal()
    one = structs.replace(result, data=data, error=ValueError("a"))
    assert same_result(one, structs.replace(one))
    assert not same_result(one, structs.replace(one, data=Unequal()))
    assert not same_result(one, structs.replace(one, error=ValueError("a")))


@pytest.mark.parametrize(("one", "other", "same"), [("a b", " ".join("ab"), True), (1, 1.0, False), (1, True, False)])
def test_scalar_data_is_compared_by_type_and_value(result, one, other, same):
    """Equal texts are the same data, a number and a flag are not."""
    assert same_result(structs.replace(result, data=one), structs.replace(result, data=other)) is same


def test_a_flag_that_follows_from_a_fact_changes_with_it(result):
    """Flags can be listed like facts; unknown names never change."""
    other = structs.replace(result, fetch_status="fetching")
    assert changed_any(result, other, ["data", "is_loading"])
    assert not changed_any(result, other, ["data", "is_error", "no_such_field"])
    assert not changed_any(result, other, [])
