"""Pages that name their neighbours by cursors in the body."""

import pytest

from query import OptionError
from query.api import ApiRequest, ApiResponse, PageError, cursor_in_body

FIRST = ApiRequest(url="/rows/?cursor=old", query={"sort": "name"})


def test_a_cursor_is_added_to_the_query():
    """It may be a number; what the first request has of the same name is replaced."""
    strategy = cursor_in_body("next")
    param = strategy.next_page_param(ApiResponse({"next": 5}), [], None, [None])
    assert param == {"cursor": 5}
    request = strategy.request(FIRST, param)
    assert (request.url, request.query) == ("/rows/", {"cursor": 5, "sort": "name"})
    assert strategy.request(FIRST, None) is FIRST


def test_the_way_back_may_have_a_name_of_its_own():
    """And is kept in the page param, for a page may be fetched again in another direction."""
    page = ApiResponse({"meta": {"first": "a", "last": "z"}})
    strategy = cursor_in_body("meta.last", param="after", previous="meta.first", previous_param="before")
    assert strategy.next_page_param(page, [page], None, [None]) == {"after": "z"}
    assert strategy.previous_page_param(page, [page], None, [None]) == {"before": "a"}
    assert cursor_in_body("x", previous="meta.first").previous_page_param(page, [], None, []) == {"cursor": "a"}
    assert cursor_in_body("x").previous_page_param(page, [], None, []) is None


def test_a_server_that_repeats_itself_ends_the_list():
    """A page that names itself, or one that is there, has none behind it."""
    strategy = cursor_in_body("next", previous="next")
    page, params = ApiResponse({"next": "a"}), [{"cursor": "a"}, {"cursor": "b"}]
    assert strategy.next_page_param(page, [], params[1], params) is None
    assert strategy.previous_page_param(page, [], params[0], params) is None


@pytest.mark.parametrize(
    ("wrong", "option"),
    [
        ({"next": "a", "param": ""}, "param"),
        ({"next": "a", "previous": 5}, "previous"),
        ({"next": "a", "previous_param": ""}, "previous_param"),
        ({"next": 5}, "next"),
    ],
)
def test_what_cannot_be_is_refused(wrong, option):
    """Where it is written."""
    with pytest.raises(OptionError) as caught:
        cursor_in_body(**wrong)
    assert caught.value.option == option


@pytest.mark.parametrize("param", [2, "?cursor=2"])
def test_a_page_param_of_another_strategy_is_refused(param):
    """All options of one key must say the same."""
    with pytest.raises(PageError, match="no page param of pages with cursors"):
        cursor_in_body("next").request(FIRST, param)
