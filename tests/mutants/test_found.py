"""The machine for query caches finds each planted bug, and none in the healthy cache. For figures: make mutants."""

from __future__ import annotations

import pytest
from hunting import EXAMPLES, STEPS, hunt
from machines import MACHINES, machine_for
from planted import MUTANTS


@pytest.mark.timeout(300)  # most of it goes into shrinking, on a machine that may be busy
@pytest.mark.parametrize("name", MUTANTS)
def test_a_planted_bug_is_found_and_shrunk(name):
    """Within 500 examples a promise of the cache is seen broken, and at most 8 steps are left of the way there."""
    went = hunt(machine_for(name), MUTANTS[name])
    assert went.is_found, f"{name} survives {EXAMPLES} examples: {went.report}"
    assert went.steps <= STEPS, f"{name} is found, but this is left of it:\n{went.report}"


@pytest.mark.timeout(300)
@pytest.mark.parametrize("machine", MACHINES)
def test_nothing_is_found_in_the_healthy_cache(machine):
    """What finds the planted bugs finds none where none is planted."""
    assert hunt(machine, None, examples=100).report == ""


def test_every_machine_has_a_bug_to_find():
    """None runs for nothing."""
    assert {machine_for(name) for name in MUTANTS} == set(MACHINES)
