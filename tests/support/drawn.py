"""What a strategy can draw, asked without shrinking: quick, and the same each time."""

from __future__ import annotations

import random

from hypothesis import HealthCheck, Phase, find, settings

_RULES = settings(
    database=None,
    deadline=None,
    max_examples=20_000,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def reached(strategy, condition):
    """Something that is drawn and meets *condition*; fails if nothing is in 20,000 tries."""
    return find(strategy, condition, settings=_RULES, random=random.Random(0))


def simplest(strategy, condition=lambda _: True):
    """What a failing test would be shrunk to."""
    return find(
        strategy, condition, settings=settings(_RULES, phases=[Phase.generate, Phase.shrink]), random=random.Random(0)
    )
