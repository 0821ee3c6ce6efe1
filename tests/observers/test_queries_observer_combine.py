"""Combining the results of a group: when it is done, what it is given, and who is told."""

from __future__ import annotations

import math

import pytest

from query import UNSET, OptionError, QueriesObserver, QueryOptions


@pytest.fixture
def options(key):
    """Makes the options of one of several queries that do not fetch, by its number."""
    return lambda number, **fields: QueryOptions(**{"query_key": (*key, number), "enabled": False, **fields})


@pytest.fixture
def write(client, options):
    """Writes the data of one of the queries."""
    return lambda number, data, **how: client.set_query_data(options(number).query_key, data, **how)


def counting(function):
    """The function, and the list of what it was called with."""
    calls = []

    def combine(results):
        calls.append(results)
        return function(results)

    return combine, calls


def data(results):
    """The data of all results."""
    return [result.data for result in results]


# -- the combined value


def test_without_combine_the_results_are_the_combined_value(client, options):
    """There is nothing to do."""
    observer = QueriesObserver(client, [options(1)])
    assert observer.get_combined_result() is observer.get_current_result()


@pytest.mark.parity("QX-021")
async def test_the_constructors_combine_is_used(client, options, write, watch):
    """From the first look on."""
    combine, calls = counting(data)
    observer = QueriesObserver(client, [options(1), options(2)], combine)
    assert observer.get_combined_result() == [None, None]
    told = watch(observer)
    write(1, "data")
    assert observer.get_combined_result() == ["data", None]
    assert [data(results) for results in told] == [["data", None]]
    assert len(calls) == 2


async def test_listeners_are_told_only_of_another_combined_value(client, options, write, watch):
    """But get the raw results, like all listeners."""
    observer = QueriesObserver(client, [options(1), options(2)], lambda results: results[0].data)
    observer.get_combined_result()
    told = watch(observer)
    write(2, "not looked at")
    assert told == []
    write(1, "data")
    assert [data(results) for results in told] == [["data", "not looked at"]]


async def test_fields_that_combine_does_not_read_are_not_waited_for(client, options, write, watch):
    """The group is not even computed anew for them."""
    combine, calls = counting(data)
    observer = QueriesObserver(client, [options(1)], combine)
    observer.get_combined_result()
    told = watch(observer)
    write(1, "data", updated_at=1.0)
    write(1, "data", updated_at=2.0)
    assert (len(told), len(calls)) == (1, 2)


async def test_a_field_that_is_read_of_one_counts_for_all(client, options, write, watch):
    """What combine reads of the first it will want to know of the second."""
    combine, calls = counting(lambda results: results[0].data)
    observer = QueriesObserver(client, [options(1), options(2)], combine)
    observer.get_combined_result()
    watch(observer)
    write(2, "data", updated_at=1.0)
    write(2, "data", updated_at=2.0)
    assert len(calls) == 2


async def test_equal_parts_of_the_former_value_stay_the_same_objects(client, options, write, watch):
    """As with data."""
    observer = QueriesObserver(client, [options(1), options(2)], lambda results: [{"data": r.data} for r in results])
    before = observer.get_combined_result()
    watch(observer)
    write(2, "data")
    after = observer.get_combined_result()
    assert after == [{"data": None}, {"data": "data"}]
    assert after[0] is before[0]
    assert after[1] is not before[1]


async def test_a_result_that_did_not_change_is_no_other_combined_value(client, options, write, watch):
    """Though combine hands it on whole."""
    observer = QueriesObserver(client, [options(1), options(2)], lambda results: {"first": results[0]})
    observer.get_combined_result()
    told = watch(observer)
    write(2, "data")
    assert told == []
    write(1, "data")
    assert len(told) == 1
    assert observer.get_combined_result()["first"].data == "data"


async def test_a_combine_that_raises_is_reported_and_asked_again(client, options, write, watch, reported):
    """It is a mistake of the listener's side, not of who wrote the data."""
    observer = QueriesObserver(client, [options(1)], lambda results: 1 / len(results[0].data or "data"))
    watch(observer)
    write(1, ["", ""])
    write(1, [])
    assert observer.get_combined_result() == 0.25
    write(1, 5)
    assert [str(context["exception"]) for context in reported] == ["object of type 'int' has no len()"]
    with pytest.raises(TypeError, match="no len"):
        observer.get_combined_result()
    reported.clear()


@pytest.mark.parametrize("wrong", [5, lambda: None], ids=["no function", "no parameter"])
def test_what_cannot_combine_is_refused(client, options, wrong):
    """Where it is written."""
    observer = QueriesObserver(client, [options(1)])
    for use in (
        lambda: QueriesObserver(client, [options(1)], wrong),
        lambda: observer.set_queries([], wrong),
        lambda: observer.get_optimistic_result([], wrong),
    ):
        with pytest.raises(OptionError, match="combine"):
            use()
    assert len(observer.get_queries()) == 1


# -- other queries, another function


async def test_combine_stays_when_other_queries_are_set(client, options, write, watch):
    """Until another is given, or None."""
    observer = QueriesObserver(client, [options(1)], data)
    watch(observer)
    write(1, "one")
    write(2, "two")
    observer.set_queries([options(1), options(2)])
    assert observer.get_combined_result() == ["one", "two"]
    observer.set_queries([options(2)], lambda results: results[0].data)
    assert observer.get_combined_result() == "two"
    observer.set_queries([options(2)], None)
    assert observer.get_combined_result() is observer.get_current_result()


@pytest.mark.parity("QC-queriesObserver-012", "QC-queriesObserver-015", "QC-queriesObserver-016")
@pytest.mark.parametrize("drawn", [True, False], ids=["drawn before", "just set"])
@pytest.mark.parametrize("numbers", [(1, 2, 3), (1,), (1, 3)], ids=["added", "removed", "replaced"])
async def test_other_queries_are_combined_anew_by_the_same_function(client, options, write, watch, numbers, drawn):
    """Who has drawn their combined value already is not told of it again."""
    for number in (1, 2, 3):
        write(number, number)
    observer = QueriesObserver(client, [options(1), options(2)], data)
    told, queries = watch(observer), [options(number) for number in numbers]
    assert observer.get_combined_result() == [1, 2]
    if drawn:
        _, get_combined, track = observer.get_optimistic_result(queries, data)
        assert get_combined(track()) == list(numbers)
    observer.set_queries(queries)
    assert observer.get_combined_result() == list(numbers)
    assert [data(results) for results in told] == ([] if drawn else [list(numbers)])


# -- results before they are set


@pytest.mark.parity("QC-queriesObserver-017")
def test_another_function_combines_anew(client, options, write):
    """Of the same results."""
    write(1, 1)
    observer = QueriesObserver(client, [options(1)])
    for combine, combined in ((data, [1]), (len, 1), (data, [1])):
        assert observer.get_optimistic_result([options(1)], combine).get_combined() == combined


@pytest.mark.parity("QC-queriesObserver-018")
def test_the_getter_combines_what_it_is_given_or_the_raw_results(client, options, write):
    """None is given by default."""
    write(1, "data")
    observer = QueriesObserver(client, [options(1)])
    results, get_combined, _ = observer.get_optimistic_result([options(1)], lambda results: results[0])
    assert get_combined() is results[0]
    assert get_combined(results) is results[0]
    _, get_plain, track = observer.get_optimistic_result([options(1)])
    assert data(get_plain()) == ["data"]
    tracked = track()
    assert get_plain(tracked) is tracked


@pytest.mark.parity("QC-queriesObserver-020")
def test_the_same_queries_and_function_give_the_same_object(client, options):
    """However often they are asked for."""
    combine, calls = counting(lambda results: {"count": len(results)})
    observer = QueriesObserver(client, [options(1)])
    first, second = (observer.get_optimistic_result([options(1)], combine) for _ in range(2))
    assert first.get_combined() is second.get_combined()
    assert first.get_combined(first.track()) is second.get_combined(second.track())
    assert len(calls) == 1


@pytest.mark.parity(
    "QC-queriesObserver-021",
    "QC-queriesObserver-022",
    "QC-queriesObserver-023",
    "QC-queriesObserver-024",
    "QC-queriesObserver-025",
    "QC-queriesObserver-026",
    "QC-queriesObserver-027",
)
@pytest.mark.parametrize("value", [0, -0.0, math.nan, False, "", None, UNSET, []], ids=repr)
def test_any_value_is_computed_once(client, options, value):
    """Whether it counts as true, equals itself, or is the mark of no data."""
    combine, calls = counting(lambda results: value)
    observer = QueriesObserver(client, [options(1)], combine)
    got = [observer.get_optimistic_result([options(1)], combine).get_combined() for _ in range(3)]
    assert [*got, observer.get_combined_result()] == [value] * 4
    assert len(calls) == 1


def test_results_can_be_asked_for_before_they_are_set(client, options, write):
    """Neither the members nor the current results are others for it."""
    write(2, "two")
    observer = QueriesObserver(client, (options(1),))
    current, members = observer.get_current_result(), observer.get_observers()
    made = observer.get_optimistic_result((options(2), options(1)))
    assert data(made.results) == ["two", None]
    assert type(made.results) is type(made.track()) is tuple
    assert observer.get_current_result() is current
    assert observer.get_observers() == members


# -- what is read


@pytest.mark.parity("QC-queriesObserver-029")
async def test_reading_a_field_of_one_marks_it_on_all_once(client, options, write, watch, monkeypatch):
    """Then each member tells of that field, and of no other."""
    queries = [options(1), options(2)]
    observer = QueriesObserver(client, queries)
    told, marked = watch(observer), []
    for member in observer.get_observers():
        mark = member.track_prop
        monkeypatch.setattr(member, "track_prop", lambda name, mark=mark: marked.append(name) or mark(name))
    first, second = observer.get_optimistic_result(queries).track()
    assert (first.data, second.data) == (None, None)
    # each read marks its own member, and the first read all of them
    assert marked == ["data"] * 4
    write(2, "data", updated_at=1.0)
    write(2, "data", updated_at=2.0)
    assert [data(results) for results in told] == [[None, "data"]]


@pytest.mark.parity("QC-queriesObserver-019")
@pytest.mark.parametrize("props", [["data"], "all", [], lambda: ["data"]], ids=["list", "all", "empty", "function"])
def test_members_that_say_themselves_what_is_told_are_not_tracked(client, options, props):
    """They are handed on as they are."""
    queries = [options(1, notify_on_change_props=props), options(2)]
    results, _, track = QueriesObserver(client, queries).get_optimistic_result(queries)
    first, second = track()
    assert first is results[0]
    assert second is not results[1]


async def test_new_members_are_told_of_what_is_read_after_they_came(client, options, write, watch):
    """The wrapped results of another group are others."""
    observer = QueriesObserver(client, [options(1)], data)
    told = watch(observer)
    write(1, "one", updated_at=1.0)
    observer.set_queries([options(1), options(2)])
    told.clear()
    write(2, "two", updated_at=1.0)
    write(2, "two", updated_at=2.0)
    assert [data(results) for results in told] == [["one", "two"]]
