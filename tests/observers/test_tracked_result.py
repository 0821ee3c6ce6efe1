"""Results that note which of their fields are read, and listeners that are told of those only."""

from __future__ import annotations

import pytest

from query import ErrorResult, PendingResult, SuccessResult


@pytest.fixture
def track(observe):
    """An observer, its tracked result, and the names that were read of it."""

    def make(**options):
        observer, read = observe(**{"enabled": False, **options}), []
        return observer, observer.track_result(observer.get_current_result(), read.append), read

    return make


async def test_a_tracked_result_reads_like_the_result(track):
    """Facts, flags and functions."""
    observer, tracked, read = track(initial_data="data")
    result = observer.get_current_result()
    names = ["data", "status", "is_success", "is_stale", "refetch", "is_fetched"]
    assert [getattr(tracked, name) for name in names] == [getattr(result, name) for name in names]
    assert read == names
    assert repr(tracked) == repr(result)


async def test_asking_whether_there_is_data_is_reading_it(track):
    """Both answers come from one fact."""
    _, tracked, read = track()
    assert not tracked.has_data
    assert read == ["data"]


async def test_a_tracked_result_is_matched_by_its_class(track):
    """Which is to read the status."""
    _, tracked, read = track(initial_data="data")
    match tracked:
        case ErrorResult():
            pytest.fail("no error")
        case SuccessResult(data=data):
            assert data == "data"
    assert isinstance(tracked, SuccessResult)
    assert not isinstance(tracked, PendingResult)
    assert set(read) == {"status", "has_data", "data"}


async def test_a_tracked_result_cannot_be_changed(track):
    """Like the result itself. What is no field is not noted, nor what it does not have."""
    _, tracked, read = track()
    with pytest.raises(AttributeError):
        tracked.data = "other"
    with pytest.raises(AttributeError, match="dta"):
        _ = tracked.dta
    assert "data" in tracked.__struct_fields__
    assert read == []


async def test_listeners_are_told_of_changes_of_what_was_read(client, key, track, watch):
    """And of nothing else; the result is the latest all the same."""
    observer, tracked, _ = track()
    told = watch(observer)
    assert tracked.data is None
    client.set_query_data(key, "data", updated_at=1.0)
    client.set_query_data(key, "data", updated_at=2.0)
    assert [result.data for result in told] == ["data"]
    assert observer.get_current_result().data_updated_at == 2.0


async def test_a_match_by_class_is_told_of_another_status(client, key, track, watch):
    """Though no field was read by its name."""
    observer, tracked, _ = track()
    told = watch(observer)
    assert isinstance(tracked, PendingResult)
    client.set_query_data(key, "data")
    client.set_query_data(key, "other")
    assert [result.data for result in told] == ["data"]


async def test_what_was_read_stays_read(client, key, track, watch):
    """There is no way back; more may be read of any result, or noted by hand."""
    observer, tracked, _ = track()
    assert tracked.is_stale is False
    told = watch(observer)
    client.set_query_data(key, "data", updated_at=1.0)
    assert told == []
    observer.track_prop("data_updated_at")
    client.set_query_data(key, "data", updated_at=2.0)
    assert len(told) == 1


@pytest.mark.parametrize(("props", "count"), [("all", 2), (["data"], 1), ([], 0), (lambda: ["data"], 1)])
async def test_what_the_option_says_goes_before_what_was_read(client, key, track, watch, props, count):
    """The option is explicit."""
    observer, tracked, _ = track(notify_on_change_props=props)
    assert tracked.status == "pending"
    told = watch(observer)
    client.set_query_data(key, "data", updated_at=1.0)
    client.set_query_data(key, "data", updated_at=2.0)
    assert len(told) == count


@pytest.mark.parametrize("throw_on_error", [True, False, lambda error, query: False], ids=["yes", "no", "function"])
@pytest.mark.parity("QC-queryObserver-062", "QC-queryObserver-063")
async def test_an_error_that_is_to_be_thrown_is_told_though_it_was_not_read(
    observe, watch, answering, clock, throw_on_error
):
    """Who throws must hear of it; a function counts as yes."""
    observer = observe(
        query_fn=answering(RuntimeError("failed"), after=1), retry=False, throw_on_error=throw_on_error, initial_data=1
    )
    tracked = observer.track_result(observer.get_current_result())
    assert tracked.data == 1
    told = watch(observer)
    await clock.advance(1)
    assert [result.status for result in told] == (["error"] if throw_on_error else [])
