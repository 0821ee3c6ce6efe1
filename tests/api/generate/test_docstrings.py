"""Descriptions: one line each, harmless, and easy to leave out."""

import pytest

from query.api.generate.docstrings import docstring, without_docstrings


@pytest.mark.parametrize(
    "text", ["plain", 'say "hi"', 'a """ b', '"""', "a\\", "\\n", "a\n  b", 'ends in \\"', '"', "é"]
)
def test_descriptions_cannot_break_out(text):
    """Whatever quotes and backslashes are in them."""
    module = {}
    exec(f"class Said:\n{docstring(text)}    x = 1\n", module)
    assert module["Said"].__doc__ == " ".join(text.split()).replace('"""', "'''")
    assert module["Said"].x == 1


def test_no_description_is_no_line():
    """Nor is white space."""
    assert docstring("") == docstring(" \n") == ""


def test_a_text_without_descriptions():
    """At whatever depth they are."""
    assert without_docstrings(f"x = 1\n{docstring('a', '')}class A:\n{docstring('b')}    y = 1\n") == (
        "x = 1\nclass A:\n    y = 1\n"
    )
