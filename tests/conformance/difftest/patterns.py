"""Patterns of random JSON: what a value may look like. The same seed draws the same values."""

from __future__ import annotations

import random
from typing import Any


class Pattern:
    """A description of values."""

    def sample(self, rng: random.Random) -> Any:
        """One value."""
        raise NotImplementedError


class Just(Pattern):
    """Always this value."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def sample(self, rng: random.Random) -> Any:
        return self._value


class Pick(Pattern):
    """One of some plain values."""

    def __init__(self, *values: Any) -> None:
        self._values = values

    def sample(self, rng: random.Random) -> Any:
        return rng.choice(self._values)


class OneOf(Pattern):
    """A weighted choice of patterns: ``OneOf(a, (5, b))``."""

    def __init__(self, *alternatives: Any) -> None:
        pairs = [a if isinstance(a, tuple) else (1, a) for a in alternatives]
        self._weights = [weight for weight, _ in pairs]
        self._patterns = [pattern(p) for _, p in pairs]

    def sample(self, rng: random.Random) -> Any:
        return rng.choices(self._patterns, self._weights)[0].sample(rng)


class Int(Pattern):
    """A whole number, both ends included."""

    def __init__(self, low: int, high: int) -> None:
        self._low, self._high = low, high

    def sample(self, rng: random.Random) -> int:
        return rng.randint(self._low, self._high)


class Record(Pattern):
    """A dict with fixed fields and optional ones.

    Args:
        fixed: Fields that are always there.
        maybe: Fields of which each is there with probability *p*.
        p: See above.
        at_most: How many optional fields there may be at once.
    """

    def __init__(
        self, fixed: dict[str, Any] | None = None, maybe: dict[str, Any] | None = None, p: float = 0.3, at_most: int = 4
    ) -> None:
        self._fixed = {k: pattern(v) for k, v in (fixed or {}).items()}
        self._maybe = {k: pattern(v) for k, v in (maybe or {}).items()}
        self._p, self._at_most = p, at_most

    def sample(self, rng: random.Random) -> dict[str, Any]:
        out = {k: v.sample(rng) for k, v in self._fixed.items()}
        names = [k for k in self._maybe if rng.random() < self._p]
        if len(names) > self._at_most:
            names = rng.sample(names, self._at_most)
        return out | {name: self._maybe[name].sample(rng) for name in names}


class ListOf(Pattern):
    """A list of *low* to *high* items."""

    def __init__(self, item: Any, low: int, high: int) -> None:
        self._item, self._low, self._high = pattern(item), low, high

    def sample(self, rng: random.Random) -> list[Any]:
        return [self._item.sample(rng) for _ in range(rng.randint(self._low, self._high))]


class Concat(Pattern):
    """Several patterns of lists, one after the other, as one list."""

    def __init__(self, *parts: Pattern) -> None:
        self._parts = parts

    def sample(self, rng: random.Random) -> list[Any]:
        return [x for part in self._parts for x in part.sample(rng)]


def pattern(x: Any) -> Pattern:
    """*x* itself if it is a pattern, else the pattern of just that value."""
    return x if isinstance(x, Pattern) else Just(x)
