"""Dicts of which many have the same names."""

from __future__ import annotations

import json
import sys

from query.base.shared_names import sharing_names

MEMBERS = {name: number for number, name in enumerate("abcdefghijkl")}


def test_a_copy_is_a_dict_like_any():
    """It says the same in the same order, also once members are replaced, added and removed."""
    copied, usual = sharing_names(MEMBERS).copy(), MEMBERS.copy()
    for plain in (copied, usual):
        plain["c"] = plain["more"] = None
        del plain["a"]
    assert type(copied) is dict
    assert copied == usual
    assert json.dumps(copied) == json.dumps(usual)


def test_copies_have_nothing_in_common():
    """What one is given the others do not have."""
    pattern = sharing_names(MEMBERS)
    one, other = pattern.copy(), pattern.copy()
    one["a"], one["more"] = "changed", True
    assert other == pattern == MEMBERS


def test_two_patterns_have_nothing_in_common():
    """Each has a table of its own."""
    sharing_names({"x": 1, "y": 2})
    assert sharing_names({"y": 1}) == {"y": 1}


def test_a_copy_is_small():
    """Which is what it is for: also copies of a copy, and those that were filled."""
    copied = sharing_names(MEMBERS).copy().copy()
    copied.update(dict.fromkeys(MEMBERS, "other"))
    assert sys.getsizeof(copied) < sys.getsizeof(MEMBERS.copy()) / 2
