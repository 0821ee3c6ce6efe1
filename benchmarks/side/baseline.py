"""What exact figures were, so that a change of three percent is seen: by minor version of Python.

Instructions also depend on how an interpreter was compiled. So a baseline remembers which one it is of; instructions of
another one are shown and not judged.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).parent.parent / "baseline.json"
ALLOWED = 0.03
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"


class Baseline(NamedTuple):
    """Exact figures of one interpreter.

    Attributes:
        interpreter: Which, as it tells of itself.
        figures: What was counted, by row.
    """

    interpreter: str
    figures: dict[str, float]


class Change(NamedTuple):
    """A figure beside what it was.

    Attributes:
        row: Which.
        before: What it was; None if that is not known.
        now: What it is.
    """

    row: str
    before: float | None
    now: float

    @property
    def share(self) -> float:
        """By which part it grew; 0 if that is not known."""
        return 0.0 if not self.before else self.now / self.before - 1

    @property
    def verdict(self) -> str:
        """What is to be thought of it."""
        if self.before is None:
            return "new"
        return "WORSE" if self.share > ALLOWED else "better" if self.share < -ALLOWED else ""


def changes_of(before: Mapping[str, float], now: Mapping[str, float]) -> list[Change]:
    """All figures, each beside what it was.

    Args:
        before: What they were.
        now: What they are.
    """
    return [Change(row, before.get(row), figure) for row, figure in now.items()]


def read(path: Path = FILE, version: str = VERSION) -> Baseline | None:
    """The baseline of a version; None if there is none.

    Args:
        path: Where baselines are kept.
        version: Which, such as "3.12".
    """
    if not path.exists():
        return None
    kept = json.loads(path.read_text()).get(version)
    return None if kept is None else Baseline(kept["interpreter"], kept["figures"])


def write(
    figures: Mapping[str, float], path: Path = FILE, version: str = VERSION, interpreter: str = sys.version
) -> None:
    """Keep figures as the baseline of a version; those of other versions stay.

    Args:
        figures: What was counted.
        path: Where baselines are kept.
        version: Which, such as "3.12".
        interpreter: As it tells of itself.
    """
    kept = json.loads(path.read_text()) if path.exists() else {}
    kept[version] = {"interpreter": interpreter, "figures": {row: round(figure, 1) for row, figure in figures.items()}}
    path.write_text(json.dumps(dict(sorted(kept.items())), indent=1) + "\n")
