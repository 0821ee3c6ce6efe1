"""Records that a dehydrated state may hold: who is known, by type and by name."""

from query import InfiniteData
from query.api import ApiResponse
from query.base.plain_types import each_page, plain_type_named, plain_type_of


def test_a_registered_record_is_known():
    """By its type, by that of all its pages, and by its name."""
    kind = plain_type_of(ApiResponse([1]))
    assert kind is not None
    assert (kind.type, kind.name) == (ApiResponse, "api_response")
    assert plain_type_of(InfiniteData([ApiResponse(1), ApiResponse(2)], [1, 2])) is kind
    assert plain_type_named("api_response") is kind


def test_what_is_not_registered_is_not_known():
    """It is written as it is."""
    for data in ([1], None, InfiniteData([], []), InfiniteData([ApiResponse(1), 2], [1, 2])):
        assert plain_type_of(data) is None
    assert plain_type_named("nothing") is None


def test_pages_are_changed_one_by_one():
    """Other data as a whole."""
    assert each_page(InfiniteData([1, 2], ["a", "b"]), str) == InfiniteData(["1", "2"], ["a", "b"])
    assert each_page([1, 2], str) == "[1, 2]"
