"""Searching for races: a program's own coroutines, run in other orders than the one in which they happen to run.

``explore`` runs a coroutine on a loop whose time is virtual and whose order of tasks is a ``Schedule``: the same
schedule gives the same run. ``schedules()`` draws them for Hypothesis, which then searches, and shrinks what it finds.
"""

from .errors import DeadlockError, LeftoverError, LivelockError
from .explore import explore
from .loop import DeterministicLoop
from .schedule import Schedule, schedules

__all__ = ["explore", "Schedule", "schedules", "DeterministicLoop", "DeadlockError", "LivelockError", "LeftoverError"]
