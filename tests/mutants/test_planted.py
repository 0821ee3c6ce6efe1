"""The planted bugs are bugs: the cache behaves otherwise with each, and as it did before once it is gone."""

from __future__ import annotations

import pytest
from demonstrations import DEMONSTRATIONS, World
from planted import MUTANTS, Mutant, NotPlantedError

from mockapi.exploring import explore


def play(program):
    """What a program comes to."""

    async def scenario():
        return await program(World())

    return explore(scenario, leftovers=True)


def test_every_planted_bug_has_a_demonstration():
    """None is a change without a difference."""
    assert set(DEMONSTRATIONS) == set(MUTANTS)


@pytest.mark.parametrize("name", MUTANTS)
def test_a_planted_bug_changes_what_a_program_comes_to(name):
    """A small program comes to what is right, with the bug to what is wrong, and without it to what is right again."""
    shown = DEMONSTRATIONS[name]
    assert play(shown.program) == shown.right
    with MUTANTS[name].planted():
        assert play(shown.program) == shown.wrong
    assert play(shown.program) == shown.right


@pytest.mark.parametrize("name", MUTANTS)
def test_a_planted_bug_says_what_it_stands_for(name):
    """The story has a line of what breaks and a paragraph of where one meets it."""
    what, where = MUTANTS[name].story.split("\n\n")
    assert what.endswith(".") or ":" in what
    assert where


def test_a_bug_that_the_source_has_outgrown_is_not_planted():
    """A change that would change nothing is refused, and says where."""
    one = next(iter(MUTANTS.values()))
    outgrown = Mutant("outgrown", one.story, one.function, "what was never there", "")
    with (
        pytest.raises(NotPlantedError, match="outgrown: .* contain this once, and does so 0 times"),
        outgrown.planted(),
    ):
        pass
