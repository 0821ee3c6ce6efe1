"""Patterns of random JSON, usable two ways: as hypothesis strategies and as a fast seeded sampler.

A pattern knows how to become a strategy (``strategy()``, which shrinks) and how to draw from a ``random.Random``
(``sample(rng)``, ten thousand scenarios a second). Both come from one description, so they cover the same space.
"""

from __future__ import annotations

import random
from typing import Any

from hypothesis import strategies as st


class Pattern:
    """A description of values. Subclasses give it its two readings."""

    _strategy: st.SearchStrategy[Any] | None = None

    def strategy(self) -> st.SearchStrategy[Any]:
        """The pattern for hypothesis, made once."""
        if self._strategy is None:
            self._strategy = self._make()
        return self._strategy

    def _make(self) -> st.SearchStrategy[Any]:
        raise NotImplementedError

    def sample(self, rng: random.Random) -> Any:
        """One value."""
        raise NotImplementedError


class Just(Pattern):
    """Always this value."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def _make(self) -> st.SearchStrategy[Any]:
        return st.just(self.value)

    def sample(self, rng: random.Random) -> Any:
        return self.value


class Pick(Pattern):
    """One of some plain values; the first is the simplest, to which hypothesis shrinks."""

    def __init__(self, *values: Any) -> None:
        self.values = values

    def _make(self) -> st.SearchStrategy[Any]:
        return st.sampled_from(self.values)

    def sample(self, rng: random.Random) -> Any:
        return rng.choice(self.values)


class OneOf(Pattern):
    """A weighted choice: ``OneOf(a, (5, b))``."""

    def __init__(self, *alternatives: Any) -> None:
        pairs = [a if isinstance(a, tuple) else (1, a) for a in alternatives]
        self.weights = [weight for weight, _ in pairs]
        self.patterns = [pattern(p) for _, p in pairs]

    def _make(self) -> st.SearchStrategy[Any]:
        index = [i for i, weight in enumerate(self.weights) for _ in range(weight)]
        strategies = [p.strategy() for p in self.patterns]
        return st.sampled_from(index).flatmap(strategies.__getitem__)

    def sample(self, rng: random.Random) -> Any:
        return rng.choices(self.patterns, self.weights)[0].sample(rng)


class Int(Pattern):
    """A whole number, both ends included."""

    def __init__(self, low: int, high: int) -> None:
        self.low, self.high = low, high

    def _make(self) -> st.SearchStrategy[Any]:
        return st.integers(self.low, self.high)

    def sample(self, rng: random.Random) -> int:
        return rng.randint(self.low, self.high)


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
        self.fixed = {k: pattern(v) for k, v in (fixed or {}).items()}
        self.maybe = {k: pattern(v) for k, v in (maybe or {}).items()}
        self.p, self.at_most = p, at_most

    def _make(self) -> st.SearchStrategy[Any]:
        fixed = {k: v.strategy() for k, v in self.fixed.items()}
        if not self.maybe:
            return st.fixed_dictionaries(fixed)
        maybe = {k: v.strategy() for k, v in self.maybe.items()}
        names = st.lists(st.sampled_from(list(maybe)), max_size=self.at_most, unique=True)

        @st.composite
        def build(draw: Any) -> dict[str, Any]:
            out = {k: draw(v) for k, v in fixed.items()}
            for name in draw(names):
                out[name] = draw(maybe[name])
            return out

        return build()

    def sample(self, rng: random.Random) -> dict[str, Any]:
        out = {k: v.sample(rng) for k, v in self.fixed.items()}
        names = [k for k in self.maybe if rng.random() < self.p]
        if len(names) > self.at_most:
            names = rng.sample(names, self.at_most)
        for name in names:
            out[name] = self.maybe[name].sample(rng)
        return out


class ListOf(Pattern):
    """A list of *low* to *high* items."""

    def __init__(self, item: Any, low: int, high: int) -> None:
        self.item, self.low, self.high = pattern(item), low, high

    def _make(self) -> st.SearchStrategy[Any]:
        return st.lists(self.item.strategy(), min_size=self.low, max_size=self.high)

    def sample(self, rng: random.Random) -> list[Any]:
        return [self.item.sample(rng) for _ in range(rng.randint(self.low, self.high))]


class Concat(Pattern):
    """Several patterns of lists, one after the other, as one list."""

    def __init__(self, *parts: Pattern) -> None:
        self.parts = parts

    def _make(self) -> st.SearchStrategy[Any]:
        return st.tuples(*[p.strategy() for p in self.parts]).map(lambda lists: [x for part in lists for x in part])

    def sample(self, rng: random.Random) -> list[Any]:
        return [x for part in self.parts for x in part.sample(rng)]


def pattern(x: Any) -> Pattern:
    """*x* itself if it is a pattern, else the pattern of just that value."""
    return x if isinstance(x, Pattern) else Just(x)
