"""The cache does what the model does, in every story."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from stories import Player, stories
from subjects import a_cache, a_model


@pytest.mark.parametrize("retries", [0, 1])
@settings(max_examples=120, deadline=None, database=None, derandomize=True)
@given(story=stories)
def test_the_cache_does_what_the_model_does(retries, story):
    """After each step: the same keys in the same order, the same states, as many observers, as many calls."""
    if retries:
        # who leaves a fetch that waits to be tried again ends it, which the model does not know
        story = [step for step in story if step[0] not in ("unobserve", "set_online")]
    with a_cache(retries=retries) as cache, a_model(retries=retries) as model:
        players = Player(cache), Player(model)
        for number, step in enumerate(story):
            for player in players:
                player.take(step)
            told = f"after step {number}, {step}"
            assert cache.keys() == model.keys(), told
            for key in model.keys():
                assert cache.view(key) == model.view(key), f"{told}, of {key}"
                assert cache.observers(key) == model.observers(key), told
            calls = [entry.key for entry in model.attempts]
            assert [key for key, _, _ in cache.asked] == calls, told
