"""What holds of a query client whatever happens, as checks for any test: ``check_invariants(client)``."""

from __future__ import annotations

from .checking import INVARIANTS, broken_invariants, check_invariants
from .table import BrokenInvariant, InvariantError
from .watch import CHANGES, InvariantWatch

__all__ = [
    "check_invariants",
    "broken_invariants",
    "InvariantWatch",
    "INVARIANTS",
    "CHANGES",
    "BrokenInvariant",
    "InvariantError",
]
