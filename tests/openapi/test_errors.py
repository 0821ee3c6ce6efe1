"""What is wrong with a document can be read by a program."""

from __future__ import annotations

import mockapi
from query.openapi.errors import DescriptionError, MissingExtraError


def test_the_errors_are_those_that_the_mock_raises():
    """Who catches one catches the other."""
    assert mockapi.DescriptionError is DescriptionError
    assert mockapi.MissingExtraError is MissingExtraError


def test_an_error_knows_its_place():
    """Empty if the whole document is meant."""
    assert DescriptionError("broken", where="a.json#/paths").where == "a.json#/paths"
    assert DescriptionError("broken").where == ""
