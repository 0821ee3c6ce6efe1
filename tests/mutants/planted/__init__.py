"""Bugs of caches, each to be planted in the real one by ``MUTANTS[name].planted()``."""

from . import data, fetches, observers, times, writes
from .planting import MUTANTS, Mutant, NotPlantedError

__all__ = ["MUTANTS", "Mutant", "NotPlantedError", "data", "fetches", "observers", "times", "writes"]
