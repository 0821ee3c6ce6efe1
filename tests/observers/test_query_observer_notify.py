"""Which changes an observer tells its listeners of, and what happens when somebody raises."""

from __future__ import annotations

import numbers

import pytest

from query import OptionError

Failed = pytest.fail.Exception


# -- which changes


async def test_by_default_every_change_is_told(client, key, observe, watch):
    """Of any field."""
    client.set_query_data(key, "data", updated_at=1.0)
    told = watch(observe(enabled=False))
    client.set_query_data(key, "data", updated_at=2.0)
    assert [result.data_updated_at for result in told] == [2.0]


@pytest.mark.parity("QC-queryObserver-037", "QC-queryObserver-038")
@pytest.mark.parametrize(
    "props", [["data"], ("data",), {"data"}, lambda: ["data"]], ids=["list", "tuple", "set", "function"]
)
async def test_only_changes_of_listed_fields_are_told(client, key, observe, watch, props):
    """The result is the latest all the same."""
    observer = observe(enabled=False, notify_on_change_props=props)
    told = watch(observer)
    client.set_query_data(key, "data", updated_at=1.0)
    client.set_query_data(key, "data", updated_at=2.0)
    assert [result.data for result in told] == ["data"]
    assert observer.get_current_result().data_updated_at == 2.0


async def test_none_that_becomes_data_is_a_change_of_data(client, key, observe, watch):
    """Though ``data`` shows None before and after."""
    told = watch(observe(enabled=False, notify_on_change_props=["data"]))
    client.set_query_data(key, None)
    assert [(result.data, result.has_data) for result in told] == [(None, True)]


async def test_a_flag_can_be_listed(observe, watch, answering, clock):
    """It follows from the facts."""
    told = watch(observe(query_fn=answering("data"), notify_on_change_props=["is_loading"]))
    await clock.settle()
    assert [result.is_loading for result in told] == [True, False]


@pytest.mark.parametrize("props", ["all", None, lambda: "all", lambda: None], ids=["all", "None", "f all", "f None"])
async def test_all_fields_may_be_asked_for(client, key, observe, watch, props):
    """As by default."""
    told = watch(observe(enabled=False, notify_on_change_props=props))
    client.set_query_data(key, "data", updated_at=1.0)
    client.set_query_data(key, "data", updated_at=2.0)
    assert len(told) == 2


async def test_an_empty_list_tells_nothing(client, key, observe, watch):
    """Who gives one polls."""
    told = watch(observe(enabled=False, notify_on_change_props=[]))
    client.set_query_data(key, "data")
    assert told == []


@pytest.mark.parity("QC-queryObserver-062", "QC-queryObserver-063")
@pytest.mark.parametrize("throw_on_error", [True, False])
async def test_an_error_that_is_to_be_thrown_is_told_whatever_is_listed(
    observe, watch, answering, clock, throw_on_error
):
    """Who throws must hear of it."""
    told = watch(
        observe(
            query_fn=answering(ValueError()),
            retry=False,
            notify_on_change_props=["data"],
            throw_on_error=throw_on_error,
        )
    )
    await clock.settle()
    assert [result.status for result in told] == (["error"] if throw_on_error else [])


async def test_the_cache_is_told_of_every_changed_result(client, key, observe, watch, events):
    """Whether the listeners are or not; nothing is told of an equal result."""
    observer = observe(enabled=False, notify_on_change_props=[])
    watch(observer)
    events.clear()
    client.set_query_data(key, "data")
    observer.update_result()
    assert events == ["observer_results_updated", "updated:success"]


@pytest.mark.parametrize("wrong", [5, "data"], ids=repr)
def test_what_is_no_list_of_names_is_refused(observe, wrong):
    """A text would be taken apart into letters."""
    with pytest.raises(OptionError, match="notify_on_change_props="):
        observe(notify_on_change_props=wrong)


class Row(numbers.Number):
    """Data that refuses to be compared, as rows of a database may."""

    def __eq__(self, other):
        raise AssertionError("compared")

    __hash__ = None


@pytest.mark.parity("QX-029")
async def test_data_is_never_compared_by_its_own_equality(client, key, observe, watch):
    """It may be slow, or have no answer."""
    told = watch(observe(enabled=False, select=lambda data: data))
    first, second = Row(), Row()
    for data in (first, second, second):
        client.set_query_data(key, data)
    assert [result.data is second for result in told] == [False, True]


# -- somebody raises


async def test_a_listener_that_raises_harms_nobody(observe, watch, answering, clock, reported):
    """The others are told, and the fetch succeeds."""
    observer = observe(query_fn=answering("data", after=1))
    unsubscribe = observer.subscribe(lambda result: 1 / 0)
    told = watch(observer)
    await clock.advance(1)
    assert told[-1].data == "data"
    assert [context["message"] for context in reported] == ["a listener of QueryObserver raised"] * 2
    reported.clear()
    unsubscribe()


@pytest.mark.parametrize("name", ["enabled", "stale_time", "refetch_interval", "notify_on_change_props"])
async def test_an_option_function_that_raises_during_a_change_harms_nobody(
    client, key, observe, watch, answering, clock, reported, name
):
    """Other observers are told, who waits gets the data, and the mistake is reported."""
    broken = [False]

    def function(*args):
        if broken[0]:
            raise RuntimeError(f"from {name}")
        return {"refetch_interval": False, "stale_time": 0.0}.get(name)

    watch(observe(query_fn=answering("data", "more", after=1), **{name: function}))
    told = watch(observe(enabled=False))
    await clock.advance(1)
    broken[0] = True
    handle = client.get_query_cache().find(query_key=key).fetch()
    await clock.advance(1)
    broken[0] = False
    assert await handle == "more"
    assert told[-1].data == "more"
    assert {str(context["exception"]) for context in reported} == {f"from {name}"}
    reported.clear()


@pytest.mark.parametrize("name", ["enabled", "stale_time", "placeholder_data"])
async def test_an_option_function_that_raises_in_a_plain_call_is_the_callers(observe, name):
    """He wrote it, and he is there to be told."""
    with pytest.raises(ZeroDivisionError):
        observe(**{name: lambda *_: 1 / 0})


async def test_a_failed_test_in_a_listener_reaches_who_waits(client, key, observe, answering, clock):
    """``pytest.fail`` in a listener fails the test that awaits, instead of leaving it waiting."""

    def refuse(result):
        if result.has_data:
            pytest.fail("unexpected data")

    unsubscribe = observe(query_fn=answering("data", after=1)).subscribe(refuse)
    handle = client.get_query_cache().find(query_key=key).fetch()
    await clock.advance(1)
    with pytest.raises(Failed, match="unexpected data"):
        await handle
    unsubscribe()
