"""The order in which tasks run, as an input of a run."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


class Schedule:
    """Which of the tasks that can run goes next, each time that there is a choice.

    Args:
        seed: What the choices come from. 0 is asyncio's own order.
        choices: The first choices, instead: for each, how many of those that can run are let wait. After them, and
            where one is too large, asyncio's own order.

    Raises:
        ValueError: Both are given, or a choice is below 0.

    Attributes:
        made: The choices that were made in the last run, and of how many each was.
    """

    def __init__(self, seed: int = 0, *, choices: Sequence[int] = ()) -> None:
        if seed and choices:
            raise ValueError("a schedule has a seed or choices; got both. Give the one that is to be repeated.")
        if any(choice < 0 for choice in choices):
            raise ValueError(f"choices={list(choices)} has a number below 0; expected how many tasks to let wait.")
        self.seed = seed
        self.choices = tuple(choices)
        self.made: list[tuple[int, int]] = []
        self._random = random.Random(seed)

    def begin(self) -> None:
        """Begin a run: it is the same each time."""
        self.made = []
        self._random = random.Random(self.seed)

    def choose(self, count: int) -> int:
        """Which goes next.

        Args:
            count: How many can.
        """
        at = len(self.made)
        if self.choices:
            picked = self.choices[at] if at < len(self.choices) and self.choices[at] < count else 0
        else:
            picked = self._random.randrange(count) if self.seed else 0
        self.made.append((picked, count))
        return picked

    @property
    def replay(self) -> Schedule:
        """The choices of the last run as a schedule of their own, without those at its end that changed nothing."""
        picked = [one for one, _ in self.made]
        while picked and not picked[-1]:
            picked.pop()
        return Schedule(choices=picked)

    def __repr__(self) -> str:
        return f"Schedule(choices={list(self.choices)})" if self.choices else f"Schedule({self.seed})"


def schedules(*, max_choices: int = 0) -> SearchStrategy[Schedule]:
    """Schedules, for ``@given``. They shrink to asyncio's own order.

    Args:
        max_choices: Draw up to so many single choices; 0 draws a seed for each run, which searches as well, costs less,
            and shrinks less far.

    Raises:
        ValueError: It is below 0.
    """
    # here: a schedule by itself needs no Hypothesis
    from hypothesis import strategies as st

    if max_choices < 0:
        raise ValueError(f"max_choices={max_choices} is below 0; expected how many choices to draw, or 0 for a seed.")
    if not max_choices:
        return st.integers(0, 2**32 - 1).map(Schedule)
    return st.lists(st.integers(0, 3), max_size=max_choices).map(lambda choices: Schedule(choices=choices))
