"""The pages of an infinite query as one value."""

from __future__ import annotations

import pytest

from query import InfiniteData, replace_equal_deep
from query.base.infinite_data import has_pages


@pytest.mark.parametrize(
    ("at_start", "max_pages", "pages", "params"),
    [
        (False, 0, ["a", "b", "new"], [1, 2, 9]),
        (True, 0, ["new", "a", "b"], [9, 1, 2]),
        (False, 2, ["b", "new"], [2, 9]),
        (True, 2, ["new", "a"], [9, 1]),
        (False, 5, ["a", "b", "new"], [1, 2, 9]),
        (True, 1, ["new"], [9]),
    ],
)
def test_a_page_is_added_at_one_end_and_dropped_at_the_other(at_start, max_pages, pages, params):
    """Pages and params stay side by side; the value before is not changed."""
    data = InfiniteData(["a", "b"], [1, 2])
    assert data.with_page("new", 9, at_start=at_start, max_pages=max_pages) == InfiniteData(pages, params)
    assert data == InfiniteData(["a", "b"], [1, 2])


def test_equal_pages_stay_the_same_objects():
    """What did not change can be told by identity, page by page."""
    before = InfiniteData([{"n": 1}, {"n": 2}], [0, 1])
    after = replace_equal_deep(before, InfiniteData([{"n": 1}, {"n": 3}], [0, 1]))
    assert after == InfiniteData([{"n": 1}, {"n": 3}], [0, 1])
    assert after.pages[0] is before.pages[0]
    assert after.page_params is before.page_params


def test_other_params_are_other_data():
    """Equal pages that were asked for with something else; the pages stay the same objects."""
    before = InfiniteData([{"n": 1}], ["cursor"])
    after = replace_equal_deep(before, InfiniteData([{"n": 1}], ["another"]))
    assert after == InfiniteData([{"n": 1}], ["another"])
    assert after.pages is before.pages


def test_equal_data_is_the_same_object():
    """A refetch that brings nothing new changes nothing."""
    before = InfiniteData([{"n": 1}], [None])
    assert replace_equal_deep(before, InfiniteData([{"n": 1}], [None])) is before


@pytest.mark.parametrize("written", [None, [], {"pages": [1]}, InfiniteData([], [])])
def test_what_has_no_pages_is_told(written):
    """Programs may write what they like under a key."""
    assert not has_pages(written)
    assert has_pages(InfiniteData([written], [0]))


def test_each_page_has_its_param():
    """A page without one could not be fetched again."""
    with pytest.raises(ValueError, match="2 pages, but 1 page_params; expected one for each page"):
        InfiniteData(["a", "b"], [1])


@pytest.mark.parametrize(("pages", "params", "wrong"), [(("a",), [1], "pages"), (["a"], "1", "page_params")])
def test_pages_and_params_are_lists(pages, params, wrong):
    """Nothing else can be shared and extended."""
    with pytest.raises(TypeError, match=rf"InfiniteData\.{wrong} is a (tuple|str); expected a list"):
        InfiniteData(pages, params)
