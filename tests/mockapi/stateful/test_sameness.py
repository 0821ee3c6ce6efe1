"""The same data, whatever it is made of."""

import msgspec
import pytest

from mockapi.stateful.sameness import is_same


class Page(msgspec.Struct, eq=False):
    items: list[int]


class Opaque:
    pass


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        ({"a": [1, {"b": None}]}, {"a": [1, {"b": None}]}, True),
        ({"a": 1}, {"a": 2}, False),
        ({"a": 1}, {"b": 1}, False),
        ([1], [1, 2], False),
        ([1], (1,), False),
        (Page([1]), Page([1]), True),
        (Page([1]), Page([2]), False),
        ([Page([1])], [Page([1])], True),
        (Opaque(), Opaque(), True),
        (1, 1.0, True),
    ],
)
def test_same_data(a, b, wanted):
    """Records are compared field by field; what is compared by identity says nothing."""
    assert is_same(a, b) is wanted
