"""What the generator refuses."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ...base.errors import QueryError


class GenerateError(QueryError, ValueError):
    """Nothing was written, for the reason that the message says."""


class ForeignFileError(GenerateError):
    """Files in the way would be lost.

    Attributes:
        paths: Those files.
    """

    def __init__(self, message: str, paths: Iterable[Path]) -> None:
        super().__init__(message)
        self.paths: tuple[Path, ...] = tuple(paths)
