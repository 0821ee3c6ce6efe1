"""What an observer shows of the data: select, placeholders, and sharing with what it showed before."""

from __future__ import annotations

import pytest
from client_fixtures import shown

from query import UNSET, OptionError, QueryObserver, keep_previous_data


class Counting:
    """A select function that counts its calls."""

    def __init__(self, function):
        self.function = function
        self.calls = 0

    def __call__(self, data):
        self.calls += 1
        return self.function(data)


# -- select


@pytest.mark.parity("QC-queryObserver-013", "QC-queryObserver-014", "QC-queryObserver-015")
async def test_select_makes_what_is_shown(client, key, observe, watch, answering, clock):
    """To listeners and to who refetches; the cache keeps the whole."""
    observer = observe(query_fn=answering({"name": "data"}), select=lambda data: {"shown": data["name"]})
    told = watch(observer)
    await clock.settle()
    assert shown(told[-1]) == ("success", "idle", {"shown": "data"})
    assert (await observer.refetch()).data == {"shown": "data"}
    assert client.get_query_data(key) == {"name": "data"}


@pytest.mark.parity("QC-queryObserver-018")
async def test_select_is_called_once_for_the_same_data(client, key, observe, watch):
    """However often the result is computed."""
    client.set_query_data(key, [1])
    select = Counting(len)
    observer = observe(select=select, enabled=False)
    watch(observer)
    for _ in range(3):
        observer.update_result()
    assert (select.calls, observer.get_current_result().data) == (1, 1)


@pytest.mark.parity("QC-queryObserver-016", "QC-queryObserver-019")
async def test_select_is_called_again_for_other_data(client, key, observe, watch, answering):
    """Equal data from a refetch is not other data."""
    client.set_query_data(key, [1])
    select = Counting(len)
    observer = observe(query_fn=answering([1], [1, 2]), select=select)
    await observer.refetch()
    assert select.calls == 1
    assert (await observer.refetch()).data == 2
    assert select.calls == 2


@pytest.mark.parity("QC-queryObserver-017")
async def test_another_select_is_called_at_once(client, key, observe, watch):
    """Its result is told without any fetching."""
    client.set_query_data(key, [1, 2])
    observer = observe(select=len, enabled=False)
    told = watch(observer)
    observer.set_options(observer.options.with_(select=sum))
    assert [shown(result) for result in told] == [("success", "idle", 3)]


@pytest.mark.parity("QC-queryObserver-026")
async def test_what_is_selected_is_shared_with_what_was(client, key, observe, watch):
    """Equal parts stay the same objects."""
    client.set_query_data(key, {"items": [1], "page": 1})
    observer = observe(select=lambda data: {"items": list(data["items"])}, enabled=False)
    told = watch(observer)
    first = observer.get_current_result().data
    client.set_query_data(key, {"items": [1], "page": 2})
    assert observer.get_current_result().data is first
    client.set_query_data(key, {"items": [1, 2], "page": 2})
    assert told[-1].data == {"items": [1, 2]}


@pytest.mark.parity("QC-queryObserver-045", "QC-queryObserver-046")
@pytest.mark.parametrize("placeholder", [False, True])
async def test_without_sharing_the_selected_object_itself_is_shown(client, key, observe, placeholder):
    """Of placeholders as well."""
    selected = []
    if not placeholder:
        client.set_query_data(key, [1])
    more = {"placeholder_data": [1]} if placeholder else {}
    select = lambda data: selected.append(list(data)) or selected[-1]  # noqa: E731 - one line is enough
    observer = observe(select=select, structural_sharing=False, **more)
    assert observer.get_current_result().data is selected[-1]


async def test_nothing_is_selected_from_no_data(observe):
    """There is nothing to call it with; None is data."""
    assert observe(select=lambda data: pytest.fail("called")).get_current_result().data is None
    assert observe(select=lambda data: data is None, initial_data=None).get_current_result().data is True


async def test_an_async_select_is_refused(observe):
    """Its coroutine would be shown."""

    async def select(data):
        return data

    with pytest.raises(OptionError, match="select is the coroutine function"):
        observe(select=select)


# -- a select that raises


@pytest.fixture
def broken():
    """A select that refuses what says so."""

    def select(data):
        if "bad" in data:
            raise ValueError(data)
        return data.upper()

    return select


@pytest.mark.parity("QC-queryObserver-020")
async def test_a_select_that_raises_is_the_observers_error(client, key, observe, watch, answering, broken, clock):
    """The query has nothing to do with it; fetching goes on as ever."""
    told = watch(observe(query_fn=answering("bad"), select=broken))
    await clock.settle()
    assert [(result.status, result.fetch_status, result.has_data) for result in told] == [
        ("pending", "fetching", False),
        ("error", "idle", False),
    ]
    assert str(told[-1].error) == "bad"
    assert (told[-1].failure_count, told[-1].error_update_count) == (0, 0)
    assert told[-1].is_loading_error
    state = client.get_query_state(key)
    assert (state.status, state.error) == ("success", None)


@pytest.mark.parity("QC-queryObserver-022")
async def test_the_last_good_data_stays_with_the_error(client, key, observe, watch, broken):
    """It is a refetch error to those who look."""
    client.set_query_data(key, "good")
    told = watch(observe(select=broken, enabled=False))
    client.set_query_data(key, "bad")
    assert shown(told[-1]) == ("error", "idle", "GOOD")
    assert told[-1].is_refetch_error
    client.set_query_data(key, "good again")
    assert shown(told[-1]) == ("success", "idle", "GOOD AGAIN")
    assert told[-1].error is None


async def test_an_error_that_stays_keeps_its_date(client, key, observe, clock, broken):
    """It is dated when it came, and so is the next one."""
    client.set_query_data(key, "bad")
    observer = observe(select=broken, enabled=False)
    came = clock.time()
    await clock.advance(5)
    observer.update_result()
    assert observer.get_current_result().error_updated_at == came
    client.set_query_data(key, "bad again")
    observer.update_result()
    assert observer.get_current_result().error_updated_at == came + 5


@pytest.mark.parity("QC-queryObserver-023")
async def test_a_select_error_does_not_follow_to_another_key(client, key, observe, watch, broken):
    """There is nothing there to select from."""
    client.set_query_data(key, "bad")
    observer = observe(select=broken, enabled=False)
    watch(observer)
    observer.set_options(observer.options.with_(query_key=[*key, "other"]))
    result = observer.get_current_result()
    assert (result.status, result.error, result.data) == ("pending", None, None)


@pytest.mark.parity("QC-queryObserver-025")
async def test_a_select_error_goes_with_a_reset(client, key, observe, watch, broken):
    """So does the data that it was about."""
    client.set_query_data(key, "bad")
    told = watch(observe(select=broken, enabled=False))
    client.reset_queries()
    assert (told[-1].status, told[-1].error) == ("pending", None)


# -- placeholders


@pytest.mark.parity("QC-queryObserver-039")
async def test_a_placeholder_is_shown_while_there_is_no_data(client, key, observe, watch, answering, clock):
    """As a success that is not cached; the data replaces it."""
    observer = observe(query_fn=answering("data", after=1), placeholder_data="placeholder")
    result = observer.get_current_result()
    assert (shown(result), result.is_placeholder_data) == (("success", "idle", "placeholder"), True)
    told = watch(observer)
    assert (told[-1].is_refetching, told[-1].is_loading, told[-1].data_updated_at) == (True, False, 0)
    assert client.get_query_data(key) is None
    await clock.advance(1)
    assert (shown(told[-1]), told[-1].is_placeholder_data) == (("success", "idle", "data"), False)


async def test_a_disabled_observer_shows_its_placeholder(observe, watch):
    """It has nothing else."""
    observer = observe(enabled=False, placeholder_data="placeholder")
    watch(observer)
    assert shown(observer.get_current_result()) == ("success", "idle", "placeholder")


async def test_none_is_a_placeholder(observe):
    """Like any other data."""
    result = observe(placeholder_data=None).get_current_result()
    assert (result.status, result.has_data, result.is_placeholder_data) == ("success", True, True)


@pytest.mark.parametrize("nothing", [UNSET, lambda previous, query: None, lambda previous, query: UNSET])
async def test_no_placeholder_is_none_at_all(observe, nothing):
    """A function that has nothing to show may also forget to return."""
    result = observe(placeholder_data=nothing).get_current_result()
    assert (result.status, result.has_data, result.is_placeholder_data) == ("pending", False, False)


async def test_a_failed_load_shows_no_placeholder(observe, watch, answering, clock):
    """It would hide the error."""
    told = watch(observe(query_fn=answering(ValueError()), retry=False, placeholder_data="placeholder"))
    await clock.settle()
    assert (told[-1].status, told[-1].has_data) == ("error", False)


async def test_a_placeholder_is_selected_from(observe):
    """As data is."""
    assert observe(placeholder_data=[1, 2], select=len).get_current_result().data == 2


@pytest.mark.parity("QC-queryObserver-040")
async def test_a_placeholder_of_which_select_makes_nothing_is_none(observe):
    """Nor a success without data, however often the result is computed."""
    observer = observe(enabled=False, placeholder_data={"a": 1}, select=lambda data: UNSET)
    for _ in range(2):
        result = observer.get_current_result()
        assert result.is_pending and not result.is_placeholder_data and not result.has_data
        observer.subscribe(lambda result: None)()


async def test_a_placeholder_is_shared_with_what_was_shown(client, key, observe, watch):
    """An equal one stays the same object."""
    observer = observe(enabled=False, placeholder_data={"a": [1]}, select=lambda data: dict(data))
    watch(observer)
    first = observer.get_current_result().data
    observer.set_options(observer.options.with_(placeholder_data={"a": [1]}))
    assert observer.get_current_result().data is first


async def test_a_placeholder_that_stays_is_selected_from_once(observe, watch, answering, clock):
    """Also over a fetch."""
    select = Counting(len)
    watch(observe(query_fn=answering([1], after=1), placeholder_data=[1, 2], select=select))
    assert select.calls == 1
    await clock.advance(1)
    assert select.calls == 2


@pytest.mark.parity("QC-queryObserver-021")
async def test_a_select_that_refuses_the_placeholder_is_an_error(observe, broken):
    """Nothing is shown, and it is no placeholder."""
    result = observe(placeholder_data="bad", select=broken).get_current_result()
    assert (result.status, result.has_data, result.is_placeholder_data) == ("error", False, False)


@pytest.mark.parity("QC-queryObserver-024")
async def test_the_error_of_a_refused_placeholder_does_not_stay(client, key, observe, watch, broken):
    """The next placeholder, and the data, are shown."""
    observer = observe(enabled=False, placeholder_data="bad", select=broken)
    told = watch(observer)
    observer.set_options(observer.options.with_(placeholder_data="good"))
    assert (shown(told[-1]), told[-1].error) == (("success", "idle", "GOOD"), None)


@pytest.mark.parity("QC-queryObserver-047")
async def test_a_placeholder_function_gets_what_was_shown_under_the_key_before(client, key, observe, watch):
    """Nothing at first; then the data and the query. It is asked three times: made, subscribed, moved."""
    calls = []
    keep = lambda previous, query: calls.append((previous, query)) or previous  # noqa: E731 - one line is enough
    observer = observe(enabled=False, placeholder_data=keep)
    told = watch(observer)
    client.set_query_data(key, [1, 2])
    former = observer.get_current_query()
    observer.set_options(observer.options.with_(query_key=[*key, "other"]))
    assert calls == [(None, None), (None, None), ([1, 2], former)]
    assert (shown(told[-1]), told[-1].is_placeholder_data) == (("success", "idle", [1, 2]), True)


@pytest.mark.parity("QC-queryObserver-048")
async def test_a_placeholder_function_gets_the_whole_data(client, key, observe, watch, answering, clock):
    """Not what was selected of it; a select that is written anew runs for each: data, placeholder, other data."""
    given, selected = [], []

    def options(*parts):
        return observe(
            query_key=[*key, *parts],
            query_fn=answering({"name": "-".join(("data", *parts))}, after=1),
            placeholder_data=lambda previous, query: given.append(previous) or previous,
            select=lambda data: selected.append(data["name"]) or data["name"].upper(),
        ).options

    observer = QueryObserver(client, options())
    told = watch(observer)
    await clock.advance(1)
    observer.set_options(options("other"))
    await clock.advance(1)
    assert given[-1] == {"name": "data"}
    assert selected == ["data", "data", "data-other"]
    assert [result.data for result in told] == [None, "DATA", "DATA", "DATA-OTHER"]
    assert [result.is_placeholder_data for result in told] == [False, False, True, False]


async def test_a_class_as_a_placeholder_is_shown(observe):
    """Only functions, methods, builtins and partials are called."""
    assert observe(placeholder_data=dict).get_current_result().data is dict


@pytest.mark.parity("QC-queryObserver-049")
async def test_keeping_the_previous_data_runs_a_stable_select_twice(client, key, observe, watch, answering, clock):
    """Once for each data; the kept one was selected from already."""
    select = Counting(lambda data: f"{data}!")
    observer = observe(
        query_fn=answering("first", "second", after=1), placeholder_data=keep_previous_data, select=select
    )
    told = watch(observer)
    await clock.advance(1)
    observer.set_options(observer.options.with_(query_key=[*key, "other"]))
    assert (told[-1].data, told[-1].is_placeholder_data) == ("first!", True)
    await clock.advance(1)
    assert told[-1].data == "second!"
    assert select.calls == 2


async def test_previous_data_that_is_none_is_kept_too(client, key, observe):
    """It is data; before there was any, nothing is kept."""
    observer = observe(enabled=False, placeholder_data=keep_previous_data)
    assert not observer.get_current_result().has_data
    client.set_query_data(key, None)
    observer.update_result()
    observer.set_options(observer.options.with_(query_key=[*key, "other"]))
    result = observer.get_current_result()
    assert (result.data, result.has_data, result.is_placeholder_data) == (None, True, True)
