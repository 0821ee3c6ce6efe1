"""Regular expressions as URLs, found by the text that they begin with."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockapi.regexes import literal_beginning


@pytest.mark.parametrize(
    ("pattern", "beginning"),
    [
        (r"https://api\.test/k1/([^/]+)", "https://api.test/k1/"),
        (r"^/items/\d+/", "/items/"),
        (r"/items/?", "/items"),
        (r"/items*", "/item"),
        (r"/ite{0,2}ms", "/it"),
        (r"/items+", "/items"),
        (r"/a|/b", ""),
        (r"(/a)?/b", ""),
        (r"/a\\-b[cd]", "/a\\-b"),
        (r"/plain", "/plain"),
        (r"", ""),
    ],
)
@given(data=st.data())
def test_all_that_a_regular_expression_matches_begins_with_its_text(pattern, beginning, data):
    """Else a mock that is filed by the text would not be found."""
    compiled = re.compile(pattern)
    assert literal_beginning(compiled) == beginning
    assert data.draw(st.from_regex(compiled, fullmatch=True)).startswith(beginning)


@pytest.mark.parametrize("flags", [re.IGNORECASE, re.VERBOSE])
def test_flags_that_change_the_meaning_of_plain_text_leave_no_beginning(flags):
    """Of a pattern that ignores case no letter is sure."""
    assert literal_beginning(re.compile("/a/", flags)) == ""
