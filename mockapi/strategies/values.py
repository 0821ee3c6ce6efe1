"""Any JSON data, and its parts: what is there to draw where nothing says more."""

from __future__ import annotations

from typing import Any, Final, Literal

from hypothesis import strategies as st

MAX_ITEMS: Final = 4
"""Items of a list, or members of an object, of which nothing says how many it has."""


def any_json() -> st.SearchStrategy[Any]:
    """Any JSON data: small, and three levels deep at the most."""
    return st.recursive(scalars(), _containers, max_leaves=6)


def scalars() -> st.SearchStrategy[Any]:
    """JSON data without lists and objects."""
    numbers = st.integers(-(2**53) + 1, 2**53 - 1) | finite_floats()
    return st.none() | st.booleans() | numbers | texts()


def texts(least: int = 0, most: int | None = None) -> st.SearchStrategy[str]:
    """Text that UTF-8 can hold.

    Args:
        least: Characters at the least.
        most: Characters at the most; None for any number.
    """
    surrogates: tuple[Literal["Cs"]] = ("Cs",)
    return st.text(st.characters(exclude_categories=surrogates), min_size=least, max_size=most)


def finite_floats(least: float | None = None, most: float | None = None) -> st.SearchStrategy[float]:
    """Floats that JSON has a form for.

    Args:
        least: The smallest.
        most: The largest.
    """
    return st.floats(least, most, allow_nan=False, allow_infinity=False)


def _containers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(inner, max_size=MAX_ITEMS) | st.dictionaries(texts(most=8), inner, max_size=MAX_ITEMS)
