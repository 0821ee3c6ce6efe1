"""The files of a report: checked before the tests run, written after them."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from .page import page
from .records import RunRecord


def checked_path(text: str, directory: Path) -> Path:
    """A path that a report can be written to. Directories that are missing are made.

    Args:
        text: What was given on the command line.
        directory: Where relative paths begin.

    Raises:
        pytest.UsageError: It ends in neither ``.html`` nor ``.json``, or cannot be written.
    """
    path = directory / Path(text).expanduser()
    if path.suffix not in (".html", ".json"):
        raise pytest.UsageError(
            f"--mockapi-report={text}: the name says what to write, and this one ends in neither .html nor .json. "
            "Give the option twice for both: --mockapi-report=report.html --mockapi-report=report.json."
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        is_new = not path.exists()
        with path.open("ab"):
            pass
        if is_new:
            path.unlink()
    except OSError as error:
        raise pytest.UsageError(
            f"--mockapi-report={text}: {path} cannot be written ({error.strerror or error}). "
            "Give the path of a file in a directory where you may write."
        ) from None
    return path


def write(path: Path, run: RunRecord) -> None:
    """Write a report.

    Args:
        path: Where; its suffix says which kind.
        run: The run.

    Raises:
        OSError: It cannot be written.
    """
    path.write_bytes(msgspec.json.encode(run) + b"\n" if path.suffix == ".json" else page(run).encode())
