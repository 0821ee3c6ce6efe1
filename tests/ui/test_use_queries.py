"""The contract of ``use_queries``, on a page of every framework."""

from __future__ import annotations

import pytest

from query import OptionError, QueryOptions


@pytest.fixture
def option(key):
    """Options of one query of several."""
    return lambda name, **fields: QueryOptions(**{"query_key": (*key, name), "enabled": False, **fields})


def data(results):
    """What most components read."""
    return [result.data for result in results]


async def test_results_come_in_the_order_of_the_queries(stage, option, answering):
    """And all are fetched."""
    queries = [option(name, query_fn=answering(f"data of {name}"), enabled=True) for name in "ab"]
    probe = await stage.mount("use_queries", lambda _: {"queries": queries}, data)
    assert probe.shown[0] == [None, None]
    assert probe.shown[-1] == ["data of a", "data of b"]


async def test_the_first_render_shows_fetches_that_are_about_to_start(stage, option, answering, clock):
    """As with one query; and they are no reason to draw again."""
    queries = [option(name, query_fn=answering("data", after=1), enabled=True) for name in "ab"]
    probe = await stage.mount(
        "use_queries", lambda _: {"queries": queries}, lambda results: [result.fetch_status for result in results]
    )
    assert probe.shown == [["fetching", "fetching"]]
    await clock.advance(1)
    await stage.settle()
    assert probe.shown[-1] == ["idle", "idle"]


async def test_what_changed_between_drawing_and_listening_is_drawn(stage, client, key, option):
    """The cache was written while the component was on its way onto the page."""

    def read(results):
        if results[0].data == "before":
            client.set_query_data((*key, "a"), "after")
        return data(results)

    client.set_query_data((*key, "a"), "before")
    probe = await stage.mount("use_queries", lambda _: {"queries": [option("a"), option("b")]}, read)
    assert probe.shown == [["before", None], ["after", None]]


async def test_a_tuple_gives_a_tuple(stage, option):
    """A list a list."""
    probe = await stage.mount("use_queries", lambda kind: {"queries": kind([option("a")])}, type, tuple)
    await stage.rerender(probe, list)
    assert probe.shown == [tuple, list]


async def test_there_may_be_more_and_fewer_queries(stage, client, key, option):
    """Each render says which; those that are left are left for good."""
    for name in "abc":
        client.set_query_data((*key, name), name)
    probe = await stage.mount(
        "use_queries", lambda names: {"queries": [option(name) for name in names]}, data, props="ab"
    )
    await stage.rerender(probe, "abc")
    await stage.rerender(probe, "c")
    await stage.rerender(probe, "")
    assert probe.shown == [["a", "b"], ["a", "b", "c"], ["c"], []]
    assert [query.get_observers_count() for query in client.get_query_cache().get_all()] == [0, 0, 0]


async def test_a_change_of_one_is_drawn(stage, client, key, option):
    """The others stay as they are."""
    probe = await stage.mount("use_queries", lambda _: {"queries": [option("a"), option("b")]}, data)
    client.set_query_data((*key, "b"), "written")
    await stage.settle()
    assert probe.shown == [[None, None], [None, "written"]]


async def test_only_changes_of_what_was_read_are_drawn(stage, client, key, option, answering):
    """A field that is read of one counts as read of all."""
    client.set_query_data((*key, "a"), "data")
    queries = [option("a", query_fn=answering("data")), option("b")]
    probe = await stage.mount("use_queries", lambda _: {"queries": queries}, data)
    await probe.result[0].refetch()
    await stage.settle()
    assert probe.shown == [["data", None]]


async def test_combine_makes_one_value(stage, client, key, option):
    """The component is drawn when that is another, and only then."""
    for name in "ab":
        client.set_query_data((*key, name), 1)

    def make(_):
        return {
            "queries": [option("a"), option("b")],
            "combine": lambda results: sum(result.data for result in results) > 2,
        }

    probe = await stage.mount("use_queries", make)
    client.set_query_data((*key, "a"), 1.5)
    client.set_query_data((*key, "b"), 0.25)
    await stage.settle()
    assert probe.shown == [False]
    client.set_query_data((*key, "a"), 2)
    await stage.settle()
    assert probe.shown == [False, True]


async def test_a_combined_value_keeps_its_equal_parts(stage, client, key, option):
    """Though the function is made anew at each render."""
    client.set_query_data((*key, "a"), [1])
    client.set_query_data((*key, "b"), [2])
    probe = await stage.mount(
        "use_queries", lambda _: {"queries": [option("a"), option("b")], "combine": lambda results: data(results)}
    )
    await stage.rerender(probe)
    assert probe.results[0] is probe.results[1]
    client.set_query_data((*key, "a"), [3])
    await stage.settle()
    assert probe.result == [[3], [2]]
    assert probe.result[1] is probe.results[0][1]


async def test_combine_of_the_latest_render_counts(stage, client, key, option):
    """It may use what the component knows."""
    client.set_query_data((*key, "a"), 10)
    probe = await stage.mount(
        "use_queries",
        lambda factor: {"queries": [option("a")], "combine": lambda results: results[0].data * factor},
        props=2,
    )
    await stage.rerender(probe, 3)
    client.set_query_data((*key, "a"), 20)
    await stage.settle()
    assert probe.shown == [20, 30, 60]


async def test_without_subscription_nothing_is_fetched_or_followed(stage, client, key, option, answering):
    """What is there is shown, at each render."""
    fn = answering("data")
    make = {"queries": [option("a", query_fn=fn, enabled=True)], "subscribed": False}
    probe = await stage.mount("use_queries", lambda _: make, data)
    client.set_query_data((*key, "a"), "written")
    await stage.settle()
    assert probe.shown == [[None]]
    await stage.rerender(probe)
    assert probe.shown == [[None], ["written"]]
    assert fn.calls == []


async def test_nothing_is_fetched_while_a_stored_cache_is_restored(stage, option, answering):
    """When that is done, all begins."""
    fn = answering("data")
    queries = [option("a", query_fn=fn, enabled=True)]
    await stage.restore(True)
    probe = await stage.mount(
        "use_queries", lambda _: {"queries": queries}, lambda results: (results[0].fetch_status, results[0].data)
    )
    assert probe.shown == [("idle", None)]
    assert fn.calls == []
    await stage.restore(False)
    assert probe.shown[-1] == ("idle", "data")


async def test_what_is_no_list_is_refused(stage, option):
    """While rendering, in words."""
    probe = await stage.mount("use_queries", lambda _: {"queries": option("a")})
    assert isinstance(probe.errors[0], OptionError)


async def test_an_unmounted_component_has_left_all_queries(stage, client, option):
    """Each of them."""
    probe = await stage.mount("use_queries", lambda _: {"queries": [option("a"), option("b")]})
    assert [query.get_observers_count() for query in client.get_query_cache().get_all()] == [1, 1]
    await stage.unmount(probe)
    assert [query.get_observers_count() for query in client.get_query_cache().get_all()] == [0, 0]
