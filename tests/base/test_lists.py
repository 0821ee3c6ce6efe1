"""Lists that grow by one and keep at most so many items."""

from __future__ import annotations

import pytest

from query.base.lists import add_to_end, add_to_start


@pytest.mark.parity("QC-utils-051", "QC-utils-052", "QC-utils-053", "QC-utils-054")
@pytest.mark.parametrize(
    ("max", "expected"), [(None, [1, 2, 3, 4]), (0, [1, 2, 3, 4]), (4, [1, 2, 3, 4]), (3, [2, 3, 4]), (2, [3, 4])]
)
def test_what_is_added_to_the_end_pushes_out_the_start(max, expected):
    """Down to the limit, however far above it the list was; none and 0 are no limit."""
    items = [1, 2, 3]
    assert add_to_end(items, 4, max) == expected
    assert items == [1, 2, 3]


@pytest.mark.parity("QC-utils-055", "QC-utils-056", "QC-utils-057", "QC-utils-058")
@pytest.mark.parametrize(
    ("max", "expected"), [(None, [4, 1, 2, 3]), (0, [4, 1, 2, 3]), (4, [4, 1, 2, 3]), (3, [4, 1, 2]), (2, [4, 1])]
)
def test_what_is_added_to_the_start_pushes_out_the_end(max, expected):
    """Down to the limit, however far above it the list was; none and 0 are no limit."""
    items = [1, 2, 3]
    assert add_to_start(items, 4, max) == expected
    assert items == [1, 2, 3]
