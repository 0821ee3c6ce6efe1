"""Pages that are counted: what is sent, where the end is, and what cannot be."""

import pytest

from query import OptionError
from query.api import ApiRequest, ApiResponse, PageError, offset_pages, page_number

FIRST = ApiRequest(url="/rows/", query={"sort": "name", "page": 7})


def test_the_number_is_sent():
    """With the size if one is given; what the first request has of the same name is replaced."""
    assert page_number().request(FIRST, 3).query == {"sort": "name", "page": 3}
    sized = page_number(param="p", size=50, size_param="n", total_items="n").request(FIRST, 3)
    assert sized.query == {"sort": "name", "page": 7, "p": 3, "n": 50}
    assert offset_pages(size=5).request(FIRST, 10).query == {"sort": "name", "page": 7, "offset": 10, "limit": 5}


@pytest.mark.parametrize(
    ("start", "size", "total", "last"),
    [(1, 2, 5, 3), (0, 2, 5, 2), (1, 2, 4, 2), (1, 5, 1, 1), (1, 5, 0, 1), (10, 2, 5, 12)],
)
def test_the_last_page_is_where_the_total_says(start, size, total, last):
    """Whatever the first one is called."""
    by_items = page_number(start=start, size=size, total_items="n")
    by_pages = page_number(start=start, total_pages="pages")
    page = ApiResponse({"n": total, "pages": -(-total // size)})
    for strategy in (by_items, by_pages):
        number = strategy.initial_page_param
        while (following := strategy.next_page_param(page, [], number, [])) is not None:
            number = following
        assert number == last
        while (before := strategy.previous_page_param(page, [], number, [])) is not None:
            number = before
        assert number == start


def test_the_next_offset_is_behind_what_came():
    """A server may give fewer rows than were asked for, and none of them is lost."""
    strategy = offset_pages(size=100)
    assert strategy.next_page_param(ApiResponse([1, 2, 3]), [], 10, []) == 13
    assert strategy.next_page_param(ApiResponse([]), [], 10, []) is None
    counted = offset_pages(size=100, items="rows", total_items="n")
    assert counted.next_page_param(ApiResponse({"rows": [1, 2], "n": 12}), [], 10, []) is None
    assert counted.next_page_param(ApiResponse({"rows": [1, 2], "n": 13}), [], 10, []) == 12
    assert counted.next_page_param(ApiResponse({"rows": [], "n": 13}), [], 10, []) is None


def test_no_offset_is_below_zero():
    """The first page begins at the first row."""
    strategy = offset_pages(size=10)
    assert [strategy.previous_page_param(ApiResponse([]), [], offset, []) for offset in (0, 4, 10, 25)] == [
        None,
        0,
        0,
        15,
    ]


@pytest.mark.parametrize(
    ("make", "wrong"),
    [
        (page_number, {"start": -1}),
        (page_number, {"start": "1"}),
        (page_number, {"size": 0}),
        (page_number, {"size": True}),
        (page_number, {"param": ""}),
        (page_number, {"size_param": None}),
        (page_number, {"size_param": "page"}),
        (page_number, {"items": None}),
        (page_number, {"total_pages": 5}),
        (page_number, {"size": 5, "total_items": 5}),
        (page_number, {"total_items": "n"}),
        (offset_pages, {"size": 0}),
        (offset_pages, {"size": None}),
        (offset_pages, {"size": 5, "param": 5}),
        (offset_pages, {"size": 5, "size_param": "offset"}),
        (offset_pages, {"size": 5, "items": 5}),
        (offset_pages, {"size": 5, "total_items": 5}),
    ],
)
def test_what_cannot_be_is_refused(make, wrong):
    """Where it is written, with the option's name."""
    with pytest.raises(OptionError) as caught:
        make(**wrong)
    assert caught.value.option == list(wrong)[-1]


@pytest.mark.parametrize("strategy", [page_number(), offset_pages(size=5)])
@pytest.mark.parametrize("param", [None, "2", {"page": 2}])
def test_a_page_param_of_another_strategy_is_refused(strategy, param):
    """All options of one key must say the same."""
    with pytest.raises(PageError, match="no page param of pages that are counted"):
        strategy.request(FIRST, param)
