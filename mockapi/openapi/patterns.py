"""A text that a regular expression fits: the simplest one, and always the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any, cast


@lru_cache(maxsize=1024)
def text_of(pattern: str, shortest: int, longest: int | None, number: int = 0) -> str | None:
    """A text in which a pattern is found; None if there is none to be found.

    Args:
        pattern: A regular expression, as schemas have it.
        shortest: How many characters it has at the least.
        longest: How many at the most; None for any number.
        number: Which one, counted from 0: they differ.
    """
    try:
        re.compile(pattern)
    except re.error:
        return None
    taken: set[str] = set()
    text: str | None = None
    for _ in range(number + 1):

        def wanted(text: str, taken: frozenset[str] = frozenset(taken)) -> bool:
            return shortest <= len(text) <= (longest or 1_000_000) and text not in taken and "\n" not in text

        # in a thread of its own: the test that asks may be one of Hypothesis itself
        with ThreadPoolExecutor(1) as pool:
            text = pool.submit(_simplest, pattern, wanted).result()
        if text is None:
            return None
        taken.add(text)
    return text


def _simplest(pattern: str, wanted: Callable[[str], bool]) -> str | None:
    import random

    from hypothesis import HealthCheck, Phase, find, settings
    from hypothesis import strategies as st
    from hypothesis.errors import InvalidArgument, NoSuchExample

    rules = settings(
        database=None,
        derandomize=True,
        deadline=None,
        max_examples=300,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(cast("Any", HealthCheck)),
    )
    printable = st.characters(min_codepoint=32, max_codepoint=126)
    try:
        return find(
            st.from_regex(pattern, fullmatch=False, alphabet=printable), wanted, settings=rules, random=random.Random(0)
        )
    except (NoSuchExample, InvalidArgument):
        return None
